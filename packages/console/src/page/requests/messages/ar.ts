import type { RequestsMessages } from "./messages.ts";

const number = new Intl.NumberFormat("ar");
const plural = new Intl.PluralRules("ar");

/** What the list of requests says, in Arabic. */
export const requests: RequestsMessages = {
  title: "الطلبات",
  nothingYet: "لا طلبات بعد",
  nothingYetHint: "أدخل عنوانًا في الأعلى أو استخدم البرنامج: كل طلب يرسله يُدرج هنا.",
  noMatch: "لا طلب مطابق",
  noMatchHint: "الطلبات المدرجة يخفيها المرشّح.",
  showAll: "إظهار الكل",
  search: "ترشيح",
  searchHint: "ترشيح: ⁦example.com -png⁩",
  state: "الحالة",
  states: { all: "كل الحالات", "under-way": "قيد التنفيذ", failed: "فشل", insecure: "غير آمن" },
  kind: "النوع",
  kinds: {
    all: "كل الأنواع",
    document: "مستندات",
    data: "بيانات",
    script: "نصوص برمجية وأنماط",
    image: "صور",
    other: "أخرى",
  },
  follow: "متابعة الأحدث",
  exportHar: "تصدير HAR",
  clear: "مسح",
  count: (shown, all) => (shown === all ? countRequests(all) : `${number.format(shown)} من ${countRequests(all)}`),
  columns: {
    status: "الحالة",
    method: "الطريقة",
    url: "العنوان",
    type: "النوع",
    size: "الحجم",
    time: "المدة",
    security: "الأمان",
  },
  underWay: "قيد التنفيذ",
  failed: "فشل",
  security: { verified: "موثّق", excepted: "استثناء", insecure: "غير آمن", none: "—" },
  fromCache: "ذاكرة مؤقتة",
  hops: (count) => {
    switch (plural.select(count)) {
      case "two":
        return "قفزتان";
      case "few":
        return `${number.format(count)} قفزات`;
      case "zero":
      case "one":
      case "many":
      case "other":
        return `${number.format(count)} قفزة`;
    }
  },
};

function countRequests(count: number): string {
  switch (plural.select(count)) {
    case "one":
      return "طلب واحد";
    case "two":
      return "طلبان";
    case "few":
      return `${number.format(count)} طلبات`;
    case "zero":
    case "many":
    case "other":
      return `${number.format(count)} طلب`;
  }
}
