import { WHOLE_TARGET, WHOLE_TOKEN } from "./grammar.ts";

/** What comes first in a block of lines. */
export type BlockKind = "response" | "request" | "trailers";

/**
 * Names the first rule that a block of lines breaks, as far as it has come; `undefined` when it breaks none. The same
 * prefix gives the same answer, whatever follows it.
 *
 * @see RFC 9112 sections 2.2, 4 and 5
 */
export function findBlockFault(text: string, kind: BlockKind): string | undefined {
  let isFirst = kind !== "trailers";
  let at = kind === "response" && text.startsWith("\r\n") ? 2 : 0;
  for (;;) {
    const end = text.indexOf("\r\n", at);
    const line = end === -1 ? text.slice(at) : text.slice(at, end);
    const isWhole = end !== -1;
    const fault = isFirst ? START_LINE_FAULT[kind](line, isWhole) : fieldLineFault(line, isWhole);
    if (fault !== undefined || !isWhole || (line === "" && !isFirst)) return fault;
    at = end + 2;
    isFirst = false;
  }
}

/**
 * Whether what has come can be told to be wrong before its line has ended: nobody waits for the rest of what is not HTTP.
 *
 * @param before the last character before these; empty at the start of the block.
 */
export function breaksEarly(text: string, before: string): boolean {
  return EARLY_FAULT.test(before + text) || (before === "" && text.startsWith("\n"));
}

/** Whether the text, as far as it goes, is how a head begins. */
export function beginsHead(text: string): boolean {
  const start = text.startsWith("\r\n") ? text.slice(2) : text;
  return start === "\r" || start.startsWith("HTTP/1.") || "HTTP/1.".startsWith(start);
}

/** Bytes after which {@link beginsHead} says nothing new. */
export const HEAD_START_BYTES = 9;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const EARLY_FAULT = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r[^\n]|[^\r]\n/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

function requestLineFault(line: string, isWhole: boolean): string | undefined {
  const fault = characterFault(line, isWhole);
  if (fault !== undefined || !isWhole) return fault;
  const [method = "", target = "", version = "", ...more] = line.split(" ");
  if (!WHOLE_TOKEN.test(method)) return "a method that is no token";
  if (target === "" || more.length > 0) return "a request line that is not of three words";
  if (!WHOLE_TARGET.test(target)) return "an invalid character in the request target";
  return /^HTTP\/\d\.\d$/.test(version) ? undefined : "an invalid HTTP version";
}

function statusLineFault(line: string, isWhole: boolean): string | undefined {
  if (isWhole ? !line.startsWith("HTTP/1.") : !beginsHead(line)) return "it does not begin with HTTP/1";
  const fault = characterFault(line, isWhole);
  if (fault !== undefined || !isWhole) return fault;
  if (!/^HTTP\/1\.\d(?: |$)/.test(line)) return "an invalid HTTP version";
  return /^.{9}[1-9]\d\d(?: |$)/s.test(line) ? undefined : "a status that is no number of three digits";
}

const START_LINE_FAULT = { request: requestLineFault, response: statusLineFault, trailers: fieldLineFault };

function fieldLineFault(line: string, isWhole: boolean): string | undefined {
  const fault = characterFault(line, isWhole);
  if (fault !== undefined || !isWhole || line === "") return fault;
  if (line.startsWith(" ") || line.startsWith("\t")) return "a folded field line";
  const colon = line.indexOf(":");
  if (colon === -1) return "a field line without a colon";
  if (colon === 0) return "a field without a name";
  const name = line.slice(0, colon);
  if (/[\t ]$/.test(name)) return "whitespace before a colon";
  return WHOLE_TOKEN.test(name) ? undefined : "an invalid character in a field name";
}

function characterFault(line: string, isWhole: boolean): string | undefined {
  const checked = !isWhole && line.endsWith("\r") ? line.slice(0, -1) : line;
  const lineFeed = checked.indexOf("\n");
  const carriageReturn = checked.indexOf("\r");
  const control = checked.search(CONTROL);
  const first = Math.min(...[lineFeed, carriageReturn, control].filter((index) => index !== -1));
  if (first === Number.POSITIVE_INFINITY) return undefined;
  if (first === lineFeed) return "a line feed without a carriage return";
  if (first === carriageReturn) return "a carriage return without a line feed";
  return checked[first] === "\0" ? "a NUL character" : "a control character";
}
