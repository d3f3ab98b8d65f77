import type { Http1RequestEvent, Http1RequestParser } from "@fairlead/http/h1";
import type { Duplex } from "node:stream";

/** Who is told what comes. */
export interface IncomingEvents {
  /** Whether the next may be told now. */
  readonly mayRead: boolean;
  onEvent(event: Exclude<Http1RequestEvent, { type: "need-data" }>): void;
  /** All that has come was read. */
  onExhausted(): void;
}

/** Bytes of later requests, or of content that nobody reads yet, that are held before the connection is read no further. */
const HELD_BYTES = 65_536;

/** What comes by a connection: read as far as somebody wants it, and held beyond that. */
export class Incoming {
  readonly #stream: Duplex;
  readonly #parser: Http1RequestParser;
  readonly #events: IncomingEvents;
  /** What is being read, and how far it was. */
  #bytes: Uint8Array = NOTHING;
  #at = 0;
  /** What came behind it. */
  #more: Uint8Array[] = [];
  #moreBytes = 0;
  #isReading = false;
  #isPaused = false;

  constructor(stream: Duplex, parser: Http1RequestParser, events: IncomingEvents) {
    this.#stream = stream;
    this.#parser = parser;
    this.#events = events;
  }

  /** Whether nothing is held. */
  get isEmpty(): boolean {
    return this.#at === this.#bytes.length && this.#moreBytes === 0;
  }

  /** It has come. */
  take(bytes: Uint8Array): void {
    if (this.#isReading || !this.isEmpty) {
      this.#more.push(bytes);
      this.#moreBytes += bytes.length;
    } else {
      this.#bytes = bytes;
      this.#at = 0;
      this.readOn();
    }
    if (this.#moreBytes + this.#bytes.length - this.#at < HELD_BYTES || this.#isPaused) return;
    this.#isPaused = true;
    this.#stream.pause();
  }

  /** More may be wanted than before. */
  readOn(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    const isExhausted = this.#read();
    this.#isReading = false;
    if (this.#isPaused && this.#moreBytes + this.#bytes.length - this.#at < HELD_BYTES) {
      this.#isPaused = false;
      this.#stream.resume();
    }
    if (isExhausted) this.#events.onExhausted();
  }

  /** Gives what was not read back to the stream, which is somebody else's from here. */
  release(): void {
    this.#more.unshift(this.#bytes.subarray(this.#at));
    for (const bytes of this.#more.reverse()) if (bytes.length > 0) this.#stream.unshift(bytes);
    this.drop();
  }

  /** Nothing of it will be read. */
  drop(): void {
    this.#bytes = NOTHING;
    this.#at = 0;
    this.#more = [];
    this.#moreBytes = 0;
    this.#isPaused = false;
  }

  /** @returns whether it stopped for want of bytes. */
  #read(): boolean {
    while (this.#events.mayRead) {
      const event = this.#parser.read(this.#bytes, this.#at);
      this.#at += this.#parser.taken;
      if (event.type !== "need-data") {
        this.#events.onEvent(event);
        continue;
      }
      this.#bytes = this.#more.shift() ?? NOTHING;
      this.#at = 0;
      this.#moreBytes -= this.#bytes.length;
      if (this.#bytes.length === 0) return true;
    }
    return false;
  }
}

const NOTHING = new Uint8Array();
