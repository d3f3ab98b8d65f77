import { displayUrl, isolatedUrlText } from "@fairlead/widgets/url";

const LONGEST = 80;

/** A URL within a sentence, as plain text, by the rules of the address bar: isolated, so that no direction leaks out. */
export function shortUrl(url: string): string {
  const display = displayUrl(url);
  const text = display.type === "text" ? display.text : display.parts.map((part) => part.text).join("");
  return isolatedUrlText(text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
}
