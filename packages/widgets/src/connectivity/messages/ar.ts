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
};
