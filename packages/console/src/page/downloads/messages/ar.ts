import type { DownloadsMessages } from "./messages.ts";

/** What the view says, in Arabic. */
export const downloads: DownloadsMessages = {
  title: "التنزيلات",
};
