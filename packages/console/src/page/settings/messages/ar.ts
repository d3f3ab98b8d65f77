import type { SettingsMessages } from "./messages.ts";

/** What the view says, in Arabic. */
export const settings: SettingsMessages = {
  title: "الإعدادات",
};
