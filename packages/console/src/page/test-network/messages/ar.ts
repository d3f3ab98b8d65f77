import type { TestNetworkMessages } from "./messages.ts";

const count = (number: number): string => new Intl.NumberFormat("ar").format(number);

/** What the view says, in Arabic. */
export const testNetwork: TestNetworkMessages = {
  title: "شبكة الاختبار",
  starting: "تبدأ شبكة الاختبار…",
  failed: "تعذر بدؤها.",
  again: "إعادة المحاولة",
  search: "البحث في الخدمات",
  shown: (number) => `المتاح للتجربة: ${count(number)}`,
  nothingFound: "لا خدمة تطابق.",
  load: (name) => `تحميل ${name}`,
  noHttp: "ليس عبر شريط العنوان",
  faults: "الأعطال",
  faultsHint: "العطل المفعّل يصيب كل اتصالات خدمته، واتصالات البرامج الأخرى أيضًا.",
  order: "تفعيل عطل",
  type: "العطل",
  service: "الخدمة",
  allServices: "كل الخدمات",
  switchOn: "تفعيل",
  switchOff: (type) => `إيقاف ${type}`,
  off: "إيقاف",
  on: (number) => `المفعّل: ${count(number)}`,
  noFaults: "كل شيء على ما يرام: لا عطل مفعّل.",
  hits: (number) => `الاتصالات المصابة: ${count(number)}`,
};
