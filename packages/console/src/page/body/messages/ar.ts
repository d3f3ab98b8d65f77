import type { BodyMessages } from "./messages.ts";

const number = new Intl.NumberFormat("ar");

/** What a body's view says, in Arabic. */
export const body: BodyMessages = {
  modes: { json: "⁦JSON⁩", text: "نص", image: "صورة", hex: "بايتات" },
  mode: "إظهار المتن بوصفه",
  loading: "جارٍ قراءة المتن…",
  empty: "المتن فارغ.",
  notKept: "المتن غير محفوظ",
  notKeptHint: "كان كبيرًا جدًا، أو أفسح المكان لما هو أحدث.",
  failed: "تعذرت قراءة المتن",
  save: "حفظ المتن",
  image: (type) => `الصورة التي جاءت متنًا، ⁦${type}⁩`,
  brokenImage: "لا يمكن عرض هذه الصورة؛ انظر إلى بايتاتها.",
  invalidJson: (reason) => `هذا ليس ⁦JSON⁩: ${reason}`,
  items: (count) => `العناصر: ${number.format(count)}`,
  members: (count) => `الأعضاء: ${number.format(count)}`,
  openAll: "فتح الكل",
  closeAll: "إغلاق الكل",
  moreLines: (left) => `إظهار أسطر أخرى (بقي ${left})`,
  moreCharacters: (left) => `${left} حرفًا آخر`,
  lines: (count) => `الأسطر: ${number.format(count)}`,
  encoding: (name) => `⁦${name.toUpperCase()}⁩`,
  bytes: "بايتات",
};
