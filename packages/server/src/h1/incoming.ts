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
/** Requests of one connection that are read in a row before others have their turn. */
const TURN_REQUESTS = 100;

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
  /** Read since it was last exhausted, or had others go first. */
  #requests = 0;
  #hasOthersGoFirst = false;
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
    if (this.#isReading || this.#hasOthersGoFirst) return;
    this.#isReading = true;
    const isExhausted = this.#read();
    this.#isReading = false;
    if (this.#isPaused && this.#moreBytes + this.#bytes.length - this.#at < HELD_BYTES) {
      this.#isPaused = false;
      this.#stream.resume();
    }
    if (!isExhausted) return;
    this.#requests = 0;
    this.#events.onExhausted();
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
      if (this.#requests === TURN_REQUESTS) {
        this.#haveOthersGoFirst();
        return false;
      }
      const event = this.#parser.read(this.#bytes, this.#at);
      this.#at += this.#parser.taken;
      if (event.type !== "need-data") {
        if (event.type === "head") this.#requests += 1;
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

  /** Who sends many requests at once waits for the other connections, not they for all of its requests. */
  #haveOthersGoFirst(): void {
    this.#hasOthersGoFirst = true;
    setImmediate(() => {
      this.#hasOthersGoFirst = false;
      this.#requests = 0;
      this.readOn();
    });
  }
}

const NOTHING = new Uint8Array();
