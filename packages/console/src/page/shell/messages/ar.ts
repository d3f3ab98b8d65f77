import type { ShellMessages } from "./messages.ts";

/** What stands around all views, in Arabic. */
export const shell: ShellMessages = {
  navigation: "طرق العرض",
  underWay: (count) => `${count} قيد التنفيذ`,
  connecting: "جارٍ الاتصال بوحدة التحكم…",
  lost: "انقطع الاتصال بالبرنامج. تُعاد المحاولة؛ وما يظهر هو آخر ما عُرف.",
  attached: (program) => `متصل بالبرنامج ${program}: تُجاب أسئلته هناك.`,
  faultsOn: (count) => `الأعطال المفعّلة في شبكة الاختبار: ${new Intl.NumberFormat("ar").format(count)}`,
  showFaults: "عرض الأعطال",
  process: (id) => `العملية ${id}`,
  notices: "تنبيهات",
  dismiss: "إخفاء",
  skip: "انتقل إلى المحتوى",
  incomplete: "عُرض هذا العنوان بلا أسراره، وليس لأي طلب في القائمة. أدخِله كاملًا.",
};
