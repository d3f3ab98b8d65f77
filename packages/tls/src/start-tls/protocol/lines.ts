import { type DialoguePart, InvalidAnswer } from "./dialogue.ts";

/** One line of a server, line end included; twice what RFC 5321 section 4.5.3.1.5 asks for and more. */
const maxLineBytes = 2_048;
/** Lines of one reply. */
const maxLines = 128;

/** Says a line. `text` is ASCII, and ours. */
export function* say(text: string): DialoguePart<void> {
  yield { type: "send", bytes: bytesOf(`${text}\r\n`) };
}

/** Reads a line, one character per byte, without its end. A bare line feed ends one as well, as servers have it. */
export function* readLine(): DialoguePart<string> {
  let line = "";
  for (;;) {
    const [byte = 0] = yield { type: "take", count: 1 };
    if (byte === lineFeed) return line.endsWith("\r") ? line.slice(0, -1) : line;
    line += String.fromCharCode(byte);
    if (line.length > maxLineBytes) throw new InvalidAnswer("a line is too long");
  }
}

/** A reply of a three-digit code: its lines without the code. */
export interface Reply {
  readonly code: string;
  readonly lines: readonly string[];
  /** For an error: what the server said last. */
  readonly answer: string;
}

/**
 * Reads a reply of one line or of several. Those between the first and the last repeat the code in SMTP; in FTP they are
 * free text.
 *
 * @see RFC 5321 section 4.2; RFC 959 section 4.2
 */
export function* readReply(form: "smtp" | "ftp"): DialoguePart<Reply> {
  const first = yield* readLine();
  const [, code, separator] = /^([1-5]\d\d)(?:([ -])|$)/.exec(first) ?? [];
  if (code === undefined) throw new InvalidAnswer("a line does not begin with a code");
  const lines = [first.slice(4)];
  let last = first;
  for (let ended = separator !== "-"; !ended; ) {
    last = yield* readLine();
    const repeats = last.startsWith(code);
    if (form === "smtp" && !repeats) throw new InvalidAnswer("the lines of a reply have different codes");
    ended = repeats && last[3] !== "-" && (last[3] === " " || last.length === 3);
    lines.push(repeats ? last.slice(4) : last);
    if (lines.length > maxLines) throw new InvalidAnswer("a reply has too many lines");
  }
  return { code, lines, answer: last };
}

/** Bytes of ASCII text. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const lineFeed = 10;
