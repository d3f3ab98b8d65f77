import { shownText } from "../../text/shown-text.ts";

const HEAD = 48;
const TAIL = 31;

/** A name of a file, made fit to be shown: a long one is cut in its middle, so that what kind of file it is stays. */
export function shownFileName(name: string): string {
  const characters = Array.from(name.slice(0, 4_096));
  if (characters.length <= HEAD + TAIL + 1) return shownText(name);
  const end = Array.from(name.slice(-2 * TAIL)).slice(-TAIL);
  return `${shownText(characters.slice(0, HEAD).join(""))}…${shownText(end.join(""))}`;
}
