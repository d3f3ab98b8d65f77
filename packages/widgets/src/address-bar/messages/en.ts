import type { AddressBarMessages } from "./messages.ts";

/** What the address bar says, in English. */
export const addressBar: AddressBarMessages = {
  label: "Address bar",
};
