import type { SettingsMessages } from "./messages.ts";

/** What the view says, in English. */
export const settings: SettingsMessages = {
  title: "Settings",
};
