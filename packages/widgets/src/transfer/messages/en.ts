import type { TransferMessages } from "./messages.ts";

/** What downloads and uploads say, in English. */
export const transfer: TransferMessages = {
  label: "Transfers",
};
