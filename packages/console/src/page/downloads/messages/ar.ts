import type { DownloadsMessages } from "./messages.ts";

/** What the view says, in Arabic. */
export const downloads: DownloadsMessages = {
  title: "التنزيلات",
  url: "عنوان الملف",
  start: "تنزيل",
  hint: "التنزيل الذي ينقطع أو يوقف مؤقتًا يحتفظ بما وصل ويتابع من هناك.",
};
