import { consoleArabic } from "./ar.ts";
import { consoleEnglish } from "./en.ts";
import type { ConsoleMessages } from "./messages.ts";

/** The words of the console in the language of a catalogue of the widgets. */
export function consoleMessages(locale: string): ConsoleMessages {
  return locale === "ar" ? consoleArabic : consoleEnglish;
}
