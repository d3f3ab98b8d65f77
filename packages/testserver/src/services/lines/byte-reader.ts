import type { Duplex } from "node:stream";

/** The client has gone, or sent more than it may: there is nobody to talk to any longer. */
export class ConversationOver extends Error {}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Reads lines and counted bytes of a stream, and no more than it was asked for and what one read brings along. */
export class ByteReader {
  readonly #below: Duplex;
  #held: Buffer = Buffer.alloc(0);

  /** `held` comes before what the stream brings. */
  constructor(below: Duplex, held: Buffer = Buffer.alloc(0)) {
    this.#below = below;
    this.#held = held;
  }

  /**
   * One line without its end, which is CR LF; LF alone will do unless `strict`.
   *
   * @throws ConversationOver when the stream ends before, or the line is longer than the limit.
   */
  async line(limitBytes: number, strict = false): Promise<Buffer> {
    for (let searched = 0; ; ) {
      const end = this.#held.indexOf(strict ? "\r\n" : "\n", searched);
      if (end > limitBytes || (end === -1 && this.#held.length > limitBytes)) {
        throw new ConversationOver(`a line is longer than ${limitBytes} bytes`);
      }
      if (end !== -1) {
        const stop = !strict && end > 0 && this.#held[end - 1] === carriageReturn ? end - 1 : end;
        const line = this.#held.subarray(0, stop);
        this.#held = this.#held.subarray(this.#held.indexOf(lineFeed, end) + 1);
        return line;
      }
      searched = Math.max(0, this.#held.length - 1);
      await this.#readMore();
    }
  }

  /**
   * The first byte of what comes next, which stays there.
   *
   * @throws ConversationOver when the stream ends before.
   */
  async peek(): Promise<number | undefined> {
    if (this.#held.length === 0) await this.#readMore();
    return this.#held[0];
  }

  /**
   * So many bytes. Who asks has seen to it that they are not too many.
   *
   * @throws ConversationOver when the stream ends before.
   */
  async bytes(count: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let missing = count; missing > 0; ) {
      if (this.#held.length === 0) await this.#readMore();
      const piece = this.#held.subarray(0, missing);
      this.#held = this.#held.subarray(piece.length);
      pieces.push(piece);
      missing -= piece.length;
    }
    return Buffer.concat(pieces, count);
  }

  /** Takes what was read already; the stream is whoever's from now on. */
  release(): Buffer {
    const held = this.#held;
    this.#held = Buffer.alloc(0);
    // What the stream has buffered came in the same way.
    const buffered = this.#below.read() as Buffer | null;
    return buffered === null ? held : Buffer.concat([held, buffered]);
  }

  async #readMore(): Promise<void> {
    const below = this.#below;
    for (;;) {
      // A stream of bytes gives nothing else.
      const piece = below.read() as Buffer | null;
      if (piece !== null) {
        this.#held = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
        return;
      }
      if (below.readableEnded || below.destroyed) throw new ConversationOver("the client has gone");
      await somethingAt(below, "readable");
    }
  }
}

/** Waits until a stream has the event, or has come to its end in whatever way. */
export function somethingAt(stream: Duplex, event: "readable" | "drain"): Promise<void> {
  return new Promise((resolve) => {
    const events = [event, "end", "error", "close"];
    const stop = (): void => {
      for (const each of events) stream.off(each, stop);
      resolve();
    };
    for (const each of events) stream.on(each, stop);
  });
}
