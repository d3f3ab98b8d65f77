import type { TransferMessages } from "./messages.ts";

/** What downloads and uploads say, in Arabic. */
export const transfer: TransferMessages = {
  label: "عمليات النقل",
};
