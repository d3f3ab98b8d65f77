import type { AddressBarMessages } from "./messages.ts";

/** What the address bar says, in Arabic. */
export const addressBar: AddressBarMessages = {
  label: "شريط العنوان",
};
