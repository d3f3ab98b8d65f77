import { ProtocolError } from "@fairlead/core";
import { BodyReader } from "./body-reader.ts";
import { decodeLatin1, type Latin1Decoder } from "./latin1.ts";
import { type BlockResult, LineBlock } from "./line-block.ts";
import { readFlatFields, readRequestHead, type ReceivedRequestHead } from "./received-request-head.ts";
import { BODY_TOO_LARGE, fieldsTooLarge, malformed, TARGET_TOO_LONG, type RequestFault } from "./request-fault.ts";
import {
  CHUNK_EXTENSION_BYTES,
  DEFAULT_HTTP1_REQUEST_LIMITS,
  EMPTY_LINES,
  METHOD_BYTES,
  REQUEST_LINE_REST_BYTES,
  type Http1RequestLimits,
} from "./request-limits.ts";

/** What a parser is made with. */
export interface Http1RequestParserOptions {
  /** Of the connection. */
  readonly scheme: "http" | "https";
  /** Named in errors: who the client is. */
  readonly peer?: string | undefined;
  /** The fastest way of the platform to read ISO 8859-1: Node's `Buffer.prototype.latin1Slice`. */
  readonly latin1?: Latin1Decoder;
  readonly limits?: Partial<Http1RequestLimits>;
}

/** What has come of a request. */
export type Http1RequestEvent =
  | { readonly type: "need-data" }
  /** One without content ends here: nothing else is told of it. */
  | { readonly type: "head"; readonly head: ReceivedRequestHead }
  /** @param bytes a part of what was fed, not a copy, and never empty. */
  | { readonly type: "content"; readonly bytes: Uint8Array }
  | { readonly type: "end"; readonly trailers: readonly string[] }
  /** It breaks a rule or a limit, and nothing is read any more. */
  | { readonly type: "refused"; readonly status: RequestFault["status"]; readonly error: ProtocolError };

/**
 * Reads the requests of one connection: bytes in, events out, the same events whether it is fed whole or byte by byte, but
 * for how content is cut. It goes no further than one event, so that whoever feeds it decides when the next may come.
 *
 * @example
 * for (let event = parser.read(bytes, at); event.type !== "need-data"; event = parser.read(bytes, at)) {
 *   at += parser.taken;
 * }
 *
 * @see RFC 9112
 */
export class Http1RequestParser {
  readonly #scheme: "http" | "https";
  readonly #peer: string | undefined;
  readonly #latin1: Latin1Decoder;
  readonly #limits: Http1RequestLimits;
  readonly #head: LineBlock;
  #body: BodyReader | undefined;
  #bodyBytes = 0;
  #emptyLineBytes = 0;
  #state: "between" | "head" | "body" | "refused" = "between";
  #refusal: Http1RequestEvent = NEED_DATA;

  /** Bytes that the last call took. */
  taken = 0;

  constructor({ scheme, peer, latin1 = decodeLatin1, limits }: Http1RequestParserOptions) {
    this.#scheme = scheme;
    this.#peer = peer;
    this.#latin1 = latin1;
    this.#limits = { ...DEFAULT_HTTP1_REQUEST_LIMITS, ...limits };
    const { targetBytes, fieldsBytes } = this.#limits;
    const headBytes = METHOD_BYTES + targetBytes + REQUEST_LINE_REST_BYTES + fieldsBytes + 4;
    this.#head = new LineBlock("request", headBytes, latin1);
  }

  /** Whether nothing of a next request has come. */
  get isBetween(): boolean {
    return this.#state === "between";
  }

  /** Content that is still to come, as far as is known; `undefined` where it comes in chunks. */
  get remainingBytes(): number | undefined {
    if (this.#state !== "body" || this.#body === undefined) return 0;
    return this.#body.isChunked ? undefined : this.#body.remaining;
  }

  /** Reads bytes from `from` on, up to the next event; the end of content may be told without a byte. */
  read(bytes: Uint8Array, from = 0): Http1RequestEvent {
    let at = from;
    this.taken = 0;
    if (this.#state === "between") {
      at = this.#passEmptyLines(bytes, from);
      this.taken = at - from;
      if (at === bytes.length && this.isBetween) return NEED_DATA;
    }
    switch (this.#state) {
      case "between":
      case "head":
        return this.#readHead(bytes, at, from);
      case "body":
        return this.#readBody(bytes, at);
      case "refused":
        return this.#refusal;
    }
  }

  /** RFC 9112 section 2.2. */
  #passEmptyLines(bytes: Uint8Array, from: number): number {
    let at = from;
    for (; at < bytes.length; at += 1) {
      const isLineFeedDue = this.#emptyLineBytes % 2 === 1;
      if (bytes[at] !== (isLineFeedDue ? LF : CR)) {
        if (isLineFeedDue) this.#refuse(malformed("a carriage return without a line feed"));
        else if (bytes[at] === LF) this.#refuse(malformed("a line feed without a carriage return"));
        return at;
      }
      this.#emptyLineBytes += 1;
      if (this.#emptyLineBytes > 2 * EMPTY_LINES) this.#refuse(malformed("more than a few empty lines"));
    }
    return at;
  }

  #readHead(bytes: Uint8Array, at: number, from: number): Http1RequestEvent {
    this.#state = "head";
    const result = this.#head.read(bytes, at);
    if (result.type === "need-data") {
      this.taken = at - from + this.#head.taken;
      return NEED_DATA;
    }
    if (result.type !== "block") return this.#refuse(this.#blockFault(result));
    this.taken = at - from + this.#head.taken;
    const head = readRequestHead(result.text, result.length, this.#scheme, this.#limits);
    if ("code" in head) return this.#refuse(head);
    this.#emptyLineBytes = 0;
    if (head.framing === 0) {
      this.#state = "between";
    } else {
      this.#beginBody(head.framing);
    }
    return { type: "head", head };
  }

  #beginBody(framing: number | "chunked"): void {
    const limits = { trailerBytes: this.#limits.fieldsBytes + 2, chunkExtensionBytes: CHUNK_EXTENSION_BYTES };
    const body = (this.#body ??= new BodyReader(limits, this.#latin1));
    this.#bodyBytes = 0;
    this.#state = "body";
    if (framing === "chunked") body.beginChunked();
    else body.beginLength(framing);
  }

  #readBody(bytes: Uint8Array, at: number): Http1RequestEvent {
    const body = this.#body;
    if (body === undefined) return NEED_DATA;
    const step = body.read(bytes, at);
    this.taken = body.taken;
    switch (step) {
      case "need-data":
        return NEED_DATA;
      case "piece":
        this.#bodyBytes += body.piece.length;
        if (this.#bodyBytes > this.#limits.bodyBytes) return this.#refuse(BODY_TOO_LARGE);
        return { type: "content", bytes: body.piece };
      case "end":
        return this.#endBody(body);
      case "too-large":
        return this.#refuse(fieldsTooLarge("trailers"));
      default:
        return this.#refuse(malformed(step.detail));
    }
  }

  #endBody({ trailers }: BodyReader): Http1RequestEvent {
    this.#state = "between";
    if (trailers === undefined) return NO_TRAILERS_END;
    const fields = readFlatFields(trailers.text, 0, trailers.length);
    if (fields.length > 2 * this.#limits.fields) return this.#refuse(fieldsTooLarge("trailers"));
    return { type: "end", trailers: fields };
  }

  /** A line that is too long to be of a target and a method of theirs is the target's fault; everything else the fields'. */
  #blockFault(result: Exclude<BlockResult, { type: "need-data" | "block" }>): RequestFault {
    if (result.type === "invalid") return malformed(result.detail);
    const lineBytes = METHOD_BYTES + this.#limits.targetBytes + REQUEST_LINE_REST_BYTES;
    return this.#head.firstLineBytes > lineBytes ? TARGET_TOO_LONG : fieldsTooLarge();
  }

  #refuse({ status, code, detail }: RequestFault): Http1RequestEvent {
    this.#state = "refused";
    const error = new ProtocolError(code, { peer: this.#peer, operation: "serve", detail });
    this.#refusal = { type: "refused", status, error };
    return this.#refusal;
  }
}

const CR = 0x0d;
const LF = 0x0a;
const NEED_DATA: Http1RequestEvent = Object.freeze({ type: "need-data" });
const NO_TRAILERS_END: Http1RequestEvent = Object.freeze({ type: "end", trailers: Object.freeze([]) });
