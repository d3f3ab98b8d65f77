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
  meanings: {
    unknown: "Nobody has looked yet whether there is an internet.",
    online: "The internet can be reached.",
    captive: "This network wants you to sign in before it lets you out.",
    offline: "There is no network.",
  },
  since: (distance) => `Found ${distance}.`,
  by: "By",
  openPortal: "Open sign-in page",
};
