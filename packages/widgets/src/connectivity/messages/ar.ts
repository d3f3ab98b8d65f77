import type { ConnectivityMessages } from "./messages.ts";

/** What the state of the network says, in Arabic. */
export const connectivity: ConnectivityMessages = {
  label: "حالة الشبكة",
  states: {
    unknown: "غير معروف بعد",
    online: "متصل",
    captive: "يلزم تسجيل الدخول",
    offline: "غير متصل",
  },
  meanings: {
    unknown: "لم يُنظر بعد هل توجد إنترنت.",
    online: "يمكن الوصول إلى الإنترنت.",
    captive: "تريد هذه الشبكة أن تسجل الدخول قبل أن تسمح لك بالخروج.",
    offline: "لا توجد شبكة.",
  },
  since: (distance) => `منذ: ${distance}.`,
  by: "عبر",
  openPortal: "فتح صفحة تسجيل الدخول",
};
