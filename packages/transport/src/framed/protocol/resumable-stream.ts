import {
  dataHeadBytes,
  type LinkFrame,
  type LinkResetReason,
  readLinkFrame,
  type Standing,
  writeLinkFrame,
} from "./link-frames.ts";

/** What a message of the other end means for whoever drives the stream. */
export type LinkEvent =
  | { readonly type: "opened" }
  /** Bytes for the reader, who tells by `consumed` when they are read. */
  | { readonly type: "data"; readonly bytes: Uint8Array }
  | { readonly type: "end" }
  | { readonly type: "reset"; readonly reason: LinkResetReason }
  /** Everything of both directions has arrived. */
  | { readonly type: "over" };

/** How a stream begins. */
export interface ResumableStreamOptions {
  /** Who says hello first, on every link. */
  readonly role: "connector" | "acceptor";
  /** Tells the stream from others; nobody may guess it. */
  readonly session: bigint;
  /** Bytes that are taken before they are read. Of what was sent, as much is kept, or 1 MiB if the other end takes more. */
  readonly windowBytes: number;
}

/**
 * One end of a byte stream over messages, which outlives the link that carries them: what was not received is kept, and
 * sent again on the next link. Pure: messages in, events out; messages to send are asked for.
 *
 * Nothing is lost or doubled as long as each message that arrives is whole and in order: one that is missing shows by a gap
 * in the count, and by the silence of a peer that was asked.
 */
export class ResumableStream {
  readonly session: bigint;
  readonly #role: "connector" | "acceptor";
  readonly #windowBytes: number;

  /** The position of the first of `#kept`: everything before was received. */
  #acknowledged = 0;
  /** What was written and is not yet known to be received. */
  readonly #kept: Uint8Array[] = [];
  #writtenTo = 0;
  #sentTo = 0;
  #limit = 0;
  #isEnding = false;

  #received = 0;
  #consumed = 0;
  #offered = 0;
  #hasEnded = false;

  #counterOut = 0;
  #counterIn = 0;
  #isGreeted = false;
  #wasOpened = false;
  #greeting: "hello" | "welcome" | undefined;
  #awaitsWelcome = false;
  #owesCredit = false;
  #reset: LinkResetReason | undefined;
  #isOver = false;

  constructor({ role, session, windowBytes }: ResumableStreamOptions) {
    this.#role = role;
    this.session = session;
    this.#windowBytes = windowBytes;
  }

  /** Bytes written and not yet sent for the first time. */
  get unsentBytes(): number {
    return this.#writtenTo - this.#sentTo;
  }

  /** Whether it cannot go on, or does not know what arrived, before the other end says something. */
  get awaitsWord(): boolean {
    return this.#awaitsWelcome || this.#writtenTo > this.#acknowledged;
  }

  /** Whether it was reset, and that was said. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether both ends have everything, and have said so. */
  get isSettled(): boolean {
    return this.isDelivered && this.#hasEnded && !this.#owesCredit;
  }

  /** Whether the other end has everything, and knows that it was all. */
  get isDelivered(): boolean {
    return this.#isEnding && this.#acknowledged === this.#writtenTo;
  }

  /** A link is there, and nothing was sent on it. */
  linkUp(): void {
    this.#isGreeted = false;
    this.#awaitsWelcome = false;
    this.#greeting = this.#role === "connector" ? "hello" : undefined;
  }

  /** Asks the other end where it stands, and has what it lacks sent again: for when it has been silent for long. */
  ask(): void {
    this.#greeting = "hello";
  }

  write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#kept.push(bytes);
    this.#writtenTo += bytes.length;
  }

  /** What was never sent is not to be sent any more, unless its end was written behind it. */
  dropUnsent(): void {
    if (this.#isEnding) return;
    let excess = this.unsentBytes;
    this.#writtenTo -= excess;
    for (let last = this.#kept.at(-1); last !== undefined && excess > 0; last = this.#kept.at(-1)) {
      this.#kept.pop();
      if (last.length > excess) this.#kept.push(last.subarray(0, last.length - excess));
      excess -= Math.min(last.length, excess);
    }
  }

  /** Nothing more is written. */
  end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#writtenTo += 1;
  }

  /** The stream is over at once; the other end is told if it can be. */
  destroy(reason: LinkResetReason): void {
    this.#reset = reason;
  }

  /** So many bytes were read. */
  consumed(bytes: number): void {
    this.#consumed += bytes;
    if (this.#consumed + this.#windowBytes - this.#offered >= this.#windowBytes / 2) this.#owesCredit = true;
  }

  /** The next message to send, of at most `maxBytes`; `undefined` when there is none for now. */
  nextMessage(maxBytes: number): Uint8Array | undefined {
    const frame = this.#nextFrame(maxBytes);
    return frame && writeLinkFrame(frame);
  }

  #nextFrame(maxBytes: number): LinkFrame | undefined {
    if (this.#reset !== undefined) {
      const reason = this.#reset;
      if (this.#isOver) return undefined;
      this.#isOver = true;
      return { type: "reset", reason };
    }
    if (this.#greeting !== undefined) {
      const type = this.#greeting;
      this.#greeting = undefined;
      this.#counterIn = 0;
      const standing = this.#standing();
      if (type === "welcome") return { type, session: this.session, ...standing };
      this.#awaitsWelcome = true;
      return { type, resumes: this.#wasOpened, session: this.session, ...standing };
    }
    if (!this.#isGreeted) return undefined;
    if (this.#owesCredit) return { type: "credit", ...this.#standing() };
    if (this.#awaitsWelcome) return undefined;
    return this.#nextContent(maxBytes);
  }

  #nextContent(maxBytes: number): LinkFrame | undefined {
    const end = this.#isEnding ? this.#writtenTo - 1 : this.#writtenTo;
    if (this.#sentTo < end) {
      // What is sent counts as written: whoever takes everything and acknowledges nothing may not fill this end's memory.
      const limit = Math.min(this.#limit, this.#acknowledged + Math.max(this.#windowBytes, mostKeptBytes));
      const bytes = this.#keptAt(this.#sentTo, Math.min(maxBytes - dataHeadBytes, limit - this.#sentTo));
      if (bytes.length === 0) return undefined;
      this.#sentTo += bytes.length;
      return { type: "data", counter: this.#count(), bytes };
    }
    if (!this.#isEnding || this.#sentTo > end) return undefined;
    this.#sentTo += 1;
    return { type: "end", counter: this.#count() };
  }

  /** Takes a message of the other end; what is none of the protocol's resets the stream. */
  receive(message: Uint8Array): readonly LinkEvent[] {
    const frame = readLinkFrame(message);
    if (this.#isOver) return [];
    switch (frame?.type) {
      case undefined:
        return this.#refuse("protocol");
      case "reset":
        this.#isOver = true;
        // Who has everything, and has had everything, may have forgotten the stream before its last word arrived.
        if (frame.reason === "session-unknown" && this.#hasEnded && this.#isEnding) {
          this.#acknowledged = this.#writtenTo;
          return [{ type: "over" }];
        }
        return [{ type: "reset", reason: frame.reason }];
      case "hello":
      case "welcome":
        return this.#greeted(frame);
      case "credit":
        return this.#isGreeted ? this.#acknowledge(frame) : [];
      case "data":
      case "end":
        return this.#isGreeted && !this.#awaitsWelcome ? this.#take(frame) : [];
    }
  }

  #greeted(frame: LinkFrame & { readonly type: "hello" | "welcome" }): readonly LinkEvent[] {
    if (frame.session !== this.session) return this.#refuse("session-unknown");
    if (frame.type === "hello") {
      this.#greeting = "welcome";
    } else if (!this.#awaitsWelcome) {
      return [];
    } else {
      this.#awaitsWelcome = false;
    }
    const events = this.#acknowledge(frame);
    if (this.#reset !== undefined) return events;
    // What is behind what the other end has, goes out once more.
    this.#sentTo = this.#acknowledged;
    this.#counterOut = 0;
    this.#counterIn = 0;
    this.#isGreeted = true;
    if (this.#wasOpened) return events;
    this.#wasOpened = true;
    return [{ type: "opened" }, ...events];
  }

  #acknowledge({ received, limit }: Standing): readonly LinkEvent[] {
    const receivedTo = near(received, this.#acknowledged);
    // A credit may be older than what a hello told meanwhile.
    if (receivedTo > this.#writtenTo || near(limit, receivedTo) < receivedTo) return this.#refuse("protocol");
    this.#limit = Math.max(this.#limit, near(limit, receivedTo));
    if (receivedTo > this.#acknowledged) this.#drop(receivedTo - this.#acknowledged);
    this.#sentTo = Math.max(this.#sentTo, this.#acknowledged);
    return this.#overIfSo();
  }

  #take(frame: LinkFrame & { readonly type: "data" | "end" }): readonly LinkEvent[] {
    if (frame.counter !== this.#counterIn) {
      this.ask();
      return [];
    }
    this.#counterIn = (this.#counterIn + 1) % counters;
    if (this.#hasEnded) return this.#refuse("protocol");
    if (frame.type === "end") {
      this.#received += 1;
      this.#consumed += 1;
      this.#hasEnded = true;
      this.#owesCredit = true;
      return [{ type: "end" }, ...this.#overIfSo()];
    }
    if (frame.bytes.length === 0 || this.#received + frame.bytes.length > this.#offered)
      return this.#refuse("protocol");
    this.#received += frame.bytes.length;
    return [{ type: "data", bytes: frame.bytes }];
  }

  #overIfSo(): readonly LinkEvent[] {
    return this.#hasEnded && this.isDelivered ? [{ type: "over" }] : [];
  }

  #refuse(reason: LinkResetReason): readonly LinkEvent[] {
    this.#reset = reason;
    return [{ type: "reset", reason }];
  }

  #standing(): Standing {
    this.#owesCredit = false;
    this.#offered = Math.max(this.#offered, this.#consumed + this.#windowBytes);
    return { received: this.#received % modulus, limit: this.#offered % modulus };
  }

  #count(): number {
    const counter = this.#counterOut;
    this.#counterOut = (counter + 1) % counters;
    return counter;
  }

  /** Bytes from a position on, out of one of the kept pieces. */
  #keptAt(position: number, most: number): Uint8Array {
    let start = this.#acknowledged;
    for (const piece of this.#kept) {
      const from = position - start;
      if (from < piece.length) return piece.subarray(from, Math.min(piece.length, from + Math.max(most, 0)));
      start += piece.length;
    }
    return nothing;
  }

  #drop(count: number): void {
    this.#acknowledged += count;
    let left = count;
    for (let piece = this.#kept[0]; piece !== undefined && left > 0; piece = this.#kept[0]) {
      if (left < piece.length) {
        this.#kept[0] = piece.subarray(left);
        return;
      }
      left -= piece.length;
      this.#kept.shift();
    }
  }
}

/** The position that has this remainder, nearest to one that is known. */
function near(remainder: number, known: number): number {
  const distance = (remainder - (known % modulus)) | 0;
  return known + distance;
}

/** More than what any sensible window leaves unacknowledged, so that a wider window than this end's is of use. */
const mostKeptBytes = 1_048_576;
const modulus = 2 ** 32;
const counters = 64;
const nothing = new Uint8Array(0);
