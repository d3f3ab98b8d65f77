const CR = 0x0d;
const LF = 0x0a;
const TAB = 0x09;
const SPACE = 0x20;
const SEMICOLON = 0x3b;
const DELETE = 0x7f;
/** Enough for every size below 2^53, with room for zeros before it. */
const DIGITS_LIMIT = 16;

/** How far a chunk's first line has come. */
export type ChunkLineResult = "need-data" | "done" | { readonly detail: string };

/**
 * Reads the line before a chunk's data. Extensions are passed over (RFC 9112 section 7.1.1); all those of one body count.
 *
 * @see RFC 9112 section 7.1
 */
export class ChunkSizeLine {
  readonly #extensionBytesLimit: number;
  #state: "digits" | "space" | "extension" | "line-feed" = "digits";
  #digits = 0;
  #extensionBytes = 0;

  /** The chunk's size, once its line is done. */
  size = 0;
  /** Bytes that the last call took. */
  taken = 0;

  constructor(extensionBytesLimit: number) {
    this.#extensionBytesLimit = extensionBytesLimit;
  }

  /** Reads the next line. */
  read(bytes: Uint8Array, from: number): ChunkLineResult {
    for (let at = from; at < bytes.length; at += 1) {
      const result = this.#step(bytes[at] ?? 0);
      if (result === "need-data") continue;
      this.taken = at + 1 - from;
      return result;
    }
    this.taken = bytes.length - from;
    return "need-data";
  }

  /** Makes ready for the line of the next chunk of the same body. */
  next(): void {
    this.#state = "digits";
    this.#digits = 0;
    this.size = 0;
  }

  /** Makes ready for another body. */
  reset(): void {
    this.next();
    this.#extensionBytes = 0;
  }

  #step(byte: number): ChunkLineResult {
    switch (this.#state) {
      case "digits": {
        const digit = hexadecimal(byte);
        if (digit !== -1) return this.#addDigit(digit);
        if (this.#digits === 0) return { detail: "a chunk size that is no hexadecimal number" };
        return this.#endSize(byte);
      }
      case "space":
        return this.#endSize(byte);
      case "extension":
        if (byte === CR) {
          this.#state = "line-feed";
          return "need-data";
        }
        return this.#passOver(byte);
      case "line-feed":
        return byte === LF ? "done" : { detail: "a carriage return without a line feed" };
    }
  }

  #addDigit(digit: number): ChunkLineResult {
    this.#digits += 1;
    this.size = this.size * 16 + digit;
    const isPossible = this.#digits <= DIGITS_LIMIT && this.size <= Number.MAX_SAFE_INTEGER;
    return isPossible ? "need-data" : { detail: "an impossible chunk size" };
  }

  /** Whitespace may stand before a semicolon, and nowhere else. */
  #endSize(byte: number): ChunkLineResult {
    if (byte === CR && this.#state === "digits") {
      this.#state = "line-feed";
      return "need-data";
    }
    if (byte === SEMICOLON) this.#state = "extension";
    else if (byte === SPACE || byte === TAB) this.#state = "space";
    else return { detail: "a chunk size that is no hexadecimal number" };
    return this.#passOver(byte);
  }

  #passOver(byte: number): ChunkLineResult {
    if (byte === LF) return { detail: "a line feed without a carriage return" };
    if ((byte < SPACE && byte !== TAB) || byte === DELETE) return { detail: "a control character" };
    this.#extensionBytes += 1;
    if (this.#extensionBytes <= this.#extensionBytesLimit) return "need-data";
    return { detail: `more than ${String(this.#extensionBytesLimit)} bytes of chunk extensions` };
  }
}

/** The value of a digit; -1 when it is none. */
function hexadecimal(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
