import type { DownloadsMessages } from "./messages.ts";

/** What the view says, in English. */
export const downloads: DownloadsMessages = {
  title: "Downloads",
  url: "Address of the file",
  start: "Download",
  hint: "A download that is cut or paused keeps what has come, and goes on from there.",
};
