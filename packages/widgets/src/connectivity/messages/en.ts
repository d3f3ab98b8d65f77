import type { ConnectivityMessages } from "./messages.ts";

/** What the state of the network says, in English. */
export const connectivity: ConnectivityMessages = {
  label: "Network state",
  states: {
    unknown: "Not known yet",
    online: "Online",
    captive: "Sign-in needed",
    offline: "Offline",
  },
};
