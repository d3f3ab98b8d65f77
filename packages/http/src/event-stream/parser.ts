import { ProtocolError } from "@fairlead/core";

/** One event of a stream. */
export interface StreamEvent {
  /** `message` where the stream says nothing else. */
  readonly type: string;
  readonly data: string;
  /** What the stream called this event, or the last one before it that it called anything. */
  readonly lastEventId: string;
}

/** What is told of a stream. */
export interface EventStreamSink {
  onEvent(event: StreamEvent): void;
  /** How long to wait before connecting again. */
  onRetry(milliseconds: number): void;
}

/** How a stream is read. */
export interface EventStreamOptions {
  /** What was the last event's before the connection was lost; empty by default. */
  readonly lastEventId?: string;
  /** Bytes of one event, and of one line, at the most; 8 MiB by default. */
  readonly eventLimitBytes?: number;
  /** Named in errors: `host:port`. */
  readonly peer?: string | undefined;
}

const EVENT_LIMIT_BYTES = 8 * 1024 * 1024;
/** Longer waits are no reconnection: a day. */
const RETRY_LIMIT_MILLISECONDS = 86_400_000;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const COLON = 0x3a;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;
const NOTHING = new Uint8Array(0);

/**
 * Reads an event stream: bytes go in as they come, whole or in any pieces, and what they say is told. An event that the end
 * of the stream cuts is none.
 *
 * @example
 * const parser = new EventStreamParser({ onEvent: ({ data }) => console.log(data), onRetry: () => undefined });
 * parser.read(new TextEncoder().encode("data: hello\n\n"));
 * @see WHATWG HTML sections 9.2.5 and 9.2.6
 */
export class EventStreamParser {
  readonly #sink: EventStreamSink;
  readonly #limit: number;
  readonly #peer: string | undefined;
  // A mark within the stream is a character as any other.
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** The beginning of a line whose end is still to come. */
  #begun = NOTHING;
  #begunLength = 0;
  /** Bytes of a byte order mark that have come, while nothing else has. */
  #marked: number | undefined = 0;
  /** The last line ended with a carriage return, of which a line feed is a part. */
  #mayFeed = false;
  #data: string[] = [];
  #dataLength = 0;
  #type = "";
  #id: string;
  #lastEventId: string;

  constructor(
    sink: EventStreamSink,
    { lastEventId = "", eventLimitBytes = EVENT_LIMIT_BYTES, peer }: EventStreamOptions = {},
  ) {
    this.#sink = sink;
    this.#limit = eventLimitBytes;
    this.#peer = peer;
    this.#id = lastEventId;
    this.#lastEventId = lastEventId;
  }

  /** What `Last-Event-ID` says when the stream is asked for again. */
  get lastEventId(): string {
    return this.#lastEventId;
  }

  /**
   * Takes in what came. The bytes are not kept.
   *
   * @throws ProtocolError EVENT_TOO_LARGE
   */
  read(bytes: Uint8Array): void {
    let from = this.#skipMark(bytes);
    let feed = bytes.indexOf(LINE_FEED, from);
    let carriage = bytes.indexOf(CARRIAGE_RETURN, from);
    while (from < bytes.length) {
      if (this.#mayFeed) {
        this.#mayFeed = false;
        if (bytes[from] === LINE_FEED) {
          from += 1;
          feed = bytes.indexOf(LINE_FEED, from);
          continue;
        }
      }
      const endsWithFeed = feed !== -1 && (carriage === -1 || feed < carriage);
      const end = endsWithFeed ? feed : carriage;
      if (end === -1) {
        this.#begin(bytes.subarray(from));
        return;
      }
      this.#mayFeed = !endsWithFeed;
      const rest = bytes.subarray(from, end);
      this.#line(this.#begunLength === 0 ? rest : this.#joined(rest));
      from = end + 1;
      if (endsWithFeed) feed = bytes.indexOf(LINE_FEED, from);
      else carriage = bytes.indexOf(CARRIAGE_RETURN, from);
    }
  }

  /** Tells where the text begins: behind a byte order mark, which may come in pieces. */
  #skipMark(bytes: Uint8Array): number {
    let index = 0;
    while (this.#marked !== undefined && index < bytes.length) {
      if (bytes[index] === BYTE_ORDER_MARK[this.#marked]) {
        this.#marked += 1;
        index += 1;
        if (this.#marked === BYTE_ORDER_MARK.length) this.#marked = undefined;
        continue;
      }
      // It was none: what looked like it is text.
      const seen = this.#marked;
      this.#marked = undefined;
      if (seen > 0) this.#begin(Uint8Array.from(BYTE_ORDER_MARK.slice(0, seen)));
    }
    return index;
  }

  #begin(part: Uint8Array): void {
    this.#requireRoom(part.length);
    const length = this.#begunLength + part.length;
    if (length > this.#begun.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#begun.length));
      larger.set(this.#begun.subarray(0, this.#begunLength));
      this.#begun = larger;
    }
    this.#begun.set(part, this.#begunLength);
    this.#begunLength = length;
  }

  #joined(rest: Uint8Array): Uint8Array {
    this.#begin(rest);
    const line = this.#begun.subarray(0, this.#begunLength);
    this.#begun = NOTHING;
    this.#begunLength = 0;
    return line;
  }

  #line(line: Uint8Array): void {
    if (line.length === 0) {
      this.#dispatch();
      return;
    }
    if (line[0] === COLON) return;
    this.#requireRoom(line.length);
    const colon = line.indexOf(COLON);
    const name = this.#decoder.decode(colon === -1 ? line : line.subarray(0, colon));
    const space = colon !== -1 && line[colon + 1] === 0x20 ? 1 : 0;
    const value = colon === -1 ? NOTHING : line.subarray(colon + 1 + space);
    switch (name) {
      case "data":
        this.#data.push(this.#decoder.decode(value));
        // Empty lines are lines: each takes a place in the list.
        this.#dataLength += value.length + 1;
        break;
      case "event":
        this.#type = this.#decoder.decode(value);
        break;
      case "id":
        if (!value.includes(0)) this.#id = this.#decoder.decode(value);
        break;
      case "retry":
        this.#retry(this.#decoder.decode(value));
        break;
      default:
      // Fields of other names say nothing.
    }
  }

  #retry(digits: string): void {
    if (/^\d+$/.test(digits)) this.#sink.onRetry(Math.min(Number(digits), RETRY_LIMIT_MILLISECONDS));
  }

  #dispatch(): void {
    const data = this.#data;
    const type = this.#type;
    this.#lastEventId = this.#id;
    this.#data = [];
    this.#dataLength = 0;
    this.#type = "";
    if (data.length === 0) return;
    this.#sink.onEvent({ type: type === "" ? "message" : type, data: data.join("\n"), lastEventId: this.#id });
  }

  #requireRoom(length: number): void {
    if (this.#begunLength + this.#dataLength + length <= this.#limit) return;
    const detail = `limit ${String(this.#limit)} bytes`;
    throw new ProtocolError("EVENT_TOO_LARGE", { peer: this.#peer, operation: "read", detail });
  }
}
