import type { ConnectivityMessages } from "./messages.ts";

/** What the state of the network says, in English. */
export const connectivity: ConnectivityMessages = {
  label: "Network state",
  states: {
    unknown: "Not known yet",
    online: "Online",
    local: "On a network",
    captive: "Sign-in needed",
    offline: "Offline",
  },
  meanings: {
    unknown: "Nobody has looked yet whether there is an internet.",
    online: "The internet can be reached.",
    local: "There is a network. Nothing has said yet whether it leads to the internet.",
    captive: "This network wants you to sign in before it lets you out.",
    offline: "There is no network.",
  },
  since: (distance) => `Found ${distance}.`,
  limited: "Online, limited",
  onlineAgain: "Online again",
  ends: (distance) => `Your time on this network ends ${distance}.`,
  bytesRemaining: (amount) => `${amount} of data are left to you on it.`,
  by: "By",
  openPortal: "Open sign-in page",
};
