import { english, pageMessages } from "@fairlead/widgets";
import { arabic } from "@fairlead/widgets/messages/ar";

/** The languages that the page speaks. */
export const languages = ["en", "ar"] as const;

/** One of them. */
export type Language = (typeof languages)[number];

/** Has the page and its widgets speak the nearest that there is to this language: a BCP 47 tag. */
export function speakLanguage(tag: string): void {
  const messages = tag.toLowerCase().startsWith("ar") ? arabic : english;
  pageMessages.use(messages);
  document.documentElement.lang = messages.locale;
  document.documentElement.dir = messages.direction;
}
