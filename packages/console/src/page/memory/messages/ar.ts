import type { MemoryMessages } from "./messages.ts";

const count = (number: number): string => new Intl.NumberFormat("ar").format(number);

/** What the view says, in Arabic. */
export const memory: MemoryMessages = {
  title: "الذاكرة",
  kinds: {
    hsts: "HSTS",
    cookies: "ملفات الارتباط",
    tickets: "تذاكر TLS",
    intermediates: "الشهادات الوسيطة",
    redirects: "إعادات التوجيه",
    responses: "المخبأ",
    exceptions: "الاستثناءات",
  },
  purposes: {
    hsts: "مضيفون طلبوا الوصول إليهم عبر https وحده، فلا يستطيع أحد في الطريق إعادتهم إلى http الصريح.",
    cookies: "ما أعطته الخوادم ليُعاد إليها: جلسات وإعدادات.",
    tickets: "ما تركته الاتصالات ليُفتح الاتصال التالي بالخادم نفسه أسرع.",
    intermediates: "شهادات بين شهادة الخادم وجهتها المصدرة، تكمل السلاسل التي ترسلها الخوادم ناقصة.",
    redirects: "إعادات توجيه دائمة، كي لا يُسأل العنوان القديم من جديد.",
    responses: "أجوبة يمكن استعمالها ثانية بدل طلبها.",
    exceptions: "شهادات يرفضها التحقق وقرر أحدهم قبولها.",
  },
  losses: {
    hsts: "إلى أن يقولها المضيف من جديد، تخرج طلبات http مكشوفة ويستطيع من في الطريق قراءتها وتغييرها.",
    cookies: "لن تعرف خوادمها هذا العميل: تنتهي الجلسات وتضيع الإعدادات.",
    tickets: "يحتاج الاتصال التالي إلى جولة إضافية ولا يستطيع إرسال بيانات مبكرة.",
    intermediates: "الخادم الذي يرسل سلسلة ناقصة يُطلب باقيها من جديد أو يُرفض.",
    redirects: "يُسأل العنوان القديم من جديد.",
    responses: "يُجلب المحفوظ من جديد.",
    exceptions: "يُرفض الخادم من جديد إلى أن يقرر أحدهم.",
  },
  search: "بحث",
  matches: (number, search) =>
    search === "" ? `المحفوظ: ${count(number)}` : `المطابق لـ“${search}”: ${count(number)}`,
  nothingFound: "لا شيء يطابق.",
  empty: "لا شيء محفوظ.",
  facts: {
    subdomains: "يشمل النطاقات الفرعية",
    name: "الاسم",
    path: "المسار",
    flags: "السمات",
    partition: "لصالح",
    to: "يحيل إلى",
    status: "الحالة",
    certificate: "الشهادة",
    protocol: "البروتوكول",
  },
  subdomains: { yes: "نعم", no: "لا", "exempt from the preload list": "مستثنى من القائمة التي تأتي مع المتصفحات" },
  expires: (date) => `حتى ${date}`,
  more: "عرض المزيد",
  forget: "نسيان",
  forgetNamed: (subject) => `نسيان ${subject}`,
  forgetAll: (number) => `نسيان الكل، وعددها ${count(number)}`,
  forgetMatching: (number, search) => `نسيان كل ما يطابق “${search}”، وعددها ${count(number)}`,
  asked: (what) => `${what}؟`,
  confirm: "نسيان",
  keep: "إبقاء",
};
