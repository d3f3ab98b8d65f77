/** What was taken out of a text on its way into the address bar. */
export type Removed = "line-breaks" | "invisible" | "brackets" | "script" | "excess";

/** A text as the address bar takes it, and what it lost on the way. */
export interface CleanedAddress {
  readonly text: string;
  /** Each kind once, in the order of `Removed`; empty when the text is as it came, but for spaces around it. */
  readonly removed: readonly Removed[];
}

/** No address that the bar takes is longer, in UTF-16 units. */
export const ADDRESS_LIMIT = 32_768;

/**
 * Makes a text that was pasted, dropped or typed fit for the address bar: one line, nothing that is not seen, without the
 * brackets or quotation marks that stood around it, and without `javascript:` in front, which is how a person is talked
 * into running a script. Spaces of all kinds become plain ones, those around the text go.
 *
 * @see RFC 3986 appendix C, on addresses in angle brackets and broken into lines
 */
export function cleanAddress(text: string): CleanedAddress {
  const removed = new Set<Removed>();
  const note = (kind: Removed, before: string, after: string): string => {
    if (after !== before) removed.add(kind);
    return after;
  };

  let cleaned = note("excess", text, text.slice(0, ADDRESS_LIMIT));
  // Spaces at a line break belong to the break: an address in a letter goes on in the next line.
  cleaned = cleaned.trim().replaceAll("\t", " ");
  cleaned = note("line-breaks", cleaned, joinLines(cleaned));
  cleaned = note("invisible", cleaned, cleaned.replaceAll(LOST_JOINER, "").replaceAll(INVISIBLE, ""));
  cleaned = cleaned.replaceAll(SPACES, " ").trim();
  cleaned = note("brackets", cleaned, withoutBrackets(cleaned));
  cleaned = note("script", cleaned, withoutScripts(cleaned));
  return { text: cleaned, removed: ORDER.filter((kind) => removed.has(kind)) };
}

const ORDER: readonly Removed[] = ["line-breaks", "invisible", "brackets", "script", "excess"];

const LINE_BREAK = /[\n\v\f\r\u0085\u2028\u2029]/u;
const SPACES = /[\p{Zs}]+/gu;

/** Controls, formats (bidirectional marks, tags, soft hyphens), fillers and variation selectors; joiners apart. */
const INVISIBLE =
  /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5\u180b-\u180d\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;

/** A joiner that joins nothing: Persian, Indic scripts and emoji have a use for it, Latin, Greek and Cyrillic have none. */
const LOST_JOINER =
  /(?<![\p{M}\p{Extended_Pictographic}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}])[\u200c\u200d]+|[\u200c\u200d]+(?![\p{L}\p{M}\p{Extended_Pictographic}])/gu;

function joinLines(text: string): string {
  if (!LINE_BREAK.test(text)) return text;
  return text
    .split(LINE_BREAK)
    .map((line) => line.trim())
    .join("");
}

const BRACKETS: readonly (readonly [open: string, close: string])[] = [
  ["<URL:", ">"],
  ["<url:", ">"],
  ["<", ">"],
  ['"', '"'],
  ["'", "'"],
  ["`", "`"],
  ["(", ")"],
  ["“", "”"],
  ["„", "“"],
  ["‘", "’"],
  ["«", "»"],
  ["‹", "›"],
  ["「", "」"],
];

function withoutBrackets(text: string): string {
  let inner = text;
  // Each pass takes a pair away; three deep is more than anybody writes.
  for (let depth = 0; depth < 3; depth += 1) {
    const current = inner;
    const pair = BRACKETS.find(
      ([open, close]) =>
        current.length > open.length + close.length && current.startsWith(open) && current.endsWith(close),
    );
    if (pair === undefined) break;
    inner = current.slice(pair[0].length, -pair[1].length).trim();
  }
  return inner;
}

/** All in front, however many there are: `javascript:javascript:` is no way around it. */
const SCRIPT_SCHEMES = /^(?:\s*(?:javascript|vbscript)\s*:)+\s*/iu;

function withoutScripts(text: string): string {
  return text.replace(SCRIPT_SCHEMES, "");
}
