import type { DownloadsMessages } from "./messages.ts";

/** What the view says, in English. */
export const downloads: DownloadsMessages = {
  title: "Downloads",
};
