import { ProtocolError, type ProtocolErrorCode } from "@fairlead/core";
import { BodyReader, type BodyStep } from "./body-reader.ts";
import { decideResponseFraming, type ResponseContext } from "./body-framing.ts";
import { decodeLatin1, type Latin1Decoder } from "./latin1.ts";
import { DEFAULT_HTTP1_LIMITS, type Http1Limits } from "./limits.ts";
import { type BlockResult, LineBlock } from "./line-block.ts";
import { keepsConnection } from "./persistence.ts";
import { readFields, readResponseHead, type ResponseFields } from "./response-head.ts";
import type { Http1ResponseSink } from "./response-sink.ts";

/** What a parser is made with. */
export interface Http1ParserOptions {
  /** Named in errors: `host:port`. */
  readonly peer?: string;
  /** The fastest way of the platform to read ISO 8859-1: Node's `Buffer.prototype.latin1Slice`. */
  readonly latin1?: Latin1Decoder;
  readonly limits?: Partial<Http1Limits>;
}

type State =
  /** No request is under way. */
  "idle" | "head" | "body" | "upgraded" | "failed";

/**
 * Reads the responses of one connection, one request at a time: bytes in, events out, the same events whether it is fed
 * whole or byte by byte. What could be understood in two ways is refused.
 *
 * @example
 * parser.begin({ method: "GET", upgrade: false });
 * socket.on("data", (bytes) => parser.read(bytes));
 * socket.on("end", () => parser.end());
 *
 * @see RFC 9112
 */
export class Http1ResponseParser {
  readonly #sink: Http1ResponseSink;
  readonly #peer: string | undefined;
  readonly #limits: Http1Limits;
  readonly #head: LineBlock;
  readonly #body: BodyReader;
  #state: State = "idle";
  #context: ResponseContext = { method: "GET", upgrade: false };
  /** Whether the body ends with the connection. */
  #endsWithConnection = false;
  #reusable = true;
  #hasBegun = false;
  #isPaused = false;
  #failure: ProtocolError | undefined;

  constructor(sink: Http1ResponseSink, { peer, latin1 = decodeLatin1, limits }: Http1ParserOptions = {}) {
    this.#sink = sink;
    this.#peer = peer;
    this.#limits = { ...DEFAULT_HTTP1_LIMITS, ...limits };
    this.#body = new BodyReader(this.#limits, latin1);
    this.#head = new LineBlock("response", this.#limits.headBytes, latin1);
  }

  /** Whether a byte of a response, of an interim one too, has come since {@link begin}. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Whether no request is under way: whatever comes now is nobody's. */
  get isIdle(): boolean {
    return this.#state === "idle";
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** A request is sent: what comes next is its response. */
  begin(context: ResponseContext): void {
    this.#context = context;
    this.#state = "head";
    this.#hasBegun = false;
    this.#isPaused = false;
    this.#reusable = true;
  }

  /** Tells nothing more until {@link resume}. */
  pause(): void {
    this.#isPaused = true;
  }

  /** What was not read is to be read now: call {@link read} with it, even if it is empty. */
  resume(): void {
    this.#isPaused = false;
  }

  /**
   * Reads bytes from `from` on.
   *
   * @returns how far it came: short of the length when it is paused, when the connection belongs to another protocol from
   * there, or when more came than the response has; then the connection serves nobody any more.
   * @throws ProtocolError RESPONSE_MALFORMED with what is wrong, RESPONSE_HEADERS_TOO_LARGE; the same for ever after.
   */
  read(bytes: Uint8Array, from = 0): number {
    if (this.#state === "idle" && from < bytes.length) throw this.#fail("bytes that nobody asked for");
    if (from < bytes.length) this.#hasBegun = true;
    let at = from;
    while (!this.#isPaused) {
      switch (this.#state) {
        case "idle":
        case "upgraded":
          return at;
        case "failed":
          throw this.#failure ?? this.#fail("it failed before");
        case "head":
          if (at === bytes.length) return at;
          at = this.#readHead(bytes, at);
          break;
        case "body": {
          const step = this.#body.read(bytes, at);
          at += this.#body.taken;
          if (step === "need-data") return at;
          this.#tell(step, at < bytes.length);
          break;
        }
      }
    }
    return at;
  }

  /**
   * The stream has ended, all of it was read, and so a body ends that ends with it. Over TLS only a stream whose end was announced
   * (close_notify) has: otherwise anyone could shorten the body. RFC 9112 section 9.8.
   *
   * @throws ProtocolError RESPONSE_MISSING, RESPONSE_TRUNCATED; RESPONSE_MALFORMED when what had come was wrong.
   */
  end(): void {
    switch (this.#state) {
      case "idle":
      case "upgraded":
        return;
      case "failed":
        throw this.#failure ?? this.#fail("it failed before");
      case "head": {
        const fault = this.#head.findFault();
        if (fault !== undefined) throw this.#fail(fault);
        throw this.#fail(this.#hasBegun ? "it broke off within the head" : undefined, "RESPONSE_MISSING");
      }
      case "body":
        if (!this.#endsWithConnection && !this.#body.isAtEnd) throw this.#fail(undefined, "RESPONSE_TRUNCATED");
        this.#isPaused = false;
        this.#end(NO_TRAILERS, true);
    }
  }

  #readHead(bytes: Uint8Array, at: number): number {
    const result = this.#head.read(bytes, at);
    const taken = this.#head.taken;
    if (result.type === "need-data") return at + taken;
    const { text, length } = this.#requireBlock(result);
    const head = readResponseHead(text, length, this.#limits.fields);
    if (head === undefined) throw this.#tooManyFields();
    const framing = decideResponseFraming(head, this.#context);
    this.#reusable &&= keepsConnection(head.minorVersion, head.fields["connection"]);
    if (framing.type === "none" && framing.isDoubtful) this.#reusable = false;
    if (framing.type === "none" && head.status < 200) {
      this.#sink.onInterim(head);
      return at + taken;
    }
    switch (framing.type) {
      case "invalid":
        throw this.#fail(framing.detail);
      case "upgrade":
        this.#state = "upgraded";
        this.#sink.onUpgrade(head);
        return at + taken;
      case "none":
        this.#body.beginLength(0);
        break;
      case "length":
        this.#body.beginLength(framing.bytes);
        break;
      case "close":
        this.#reusable = false;
        this.#body.beginLength(Number.POSITIVE_INFINITY);
        break;
      case "chunked":
        this.#body.beginChunked();
        break;
    }
    this.#endsWithConnection = framing.type === "close";
    this.#state = "body";
    this.#sink.onHead(head);
    return at + taken;
  }

  #tell(step: Exclude<BodyStep, "need-data">, hasMore: boolean): void {
    switch (step) {
      case "piece":
        this.#sink.onBody(this.#body.piece);
        break;
      case "end": {
        const { trailers } = this.#body;
        const fields = trailers && readFields(trailers.text, 0, trailers.length, this.#limits.fields);
        if (trailers !== undefined && fields === undefined) throw this.#tooManyFields();
        this.#end(fields ?? NO_TRAILERS, hasMore);
        break;
      }
      case "too-large":
        throw this.#fail(undefined, "RESPONSE_HEADERS_TOO_LARGE");
      default:
        throw this.#fail(step.detail);
    }
  }

  /** @param hasMore whether more came than the response has: what that means to the next request must not be guessed. */
  #end(trailers: ResponseFields, hasMore: boolean): void {
    this.#state = "idle";
    this.#sink.onEnd(trailers, this.#reusable && !hasMore);
  }

  #requireBlock(result: Exclude<BlockResult, { type: "need-data" }>): { text: string; length: number } {
    switch (result.type) {
      case "block":
        return result;
      case "too-large":
        throw this.#fail(undefined, "RESPONSE_HEADERS_TOO_LARGE");
      case "invalid":
        throw this.#fail(result.detail);
    }
  }

  #tooManyFields(): ProtocolError {
    return this.#fail(`more than ${String(this.#limits.fields)} fields`, "RESPONSE_HEADERS_TOO_LARGE");
  }

  #fail(detail: string | undefined, code: ProtocolErrorCode = "RESPONSE_MALFORMED"): ProtocolError {
    this.#state = "failed";
    this.#failure = new ProtocolError(code, { peer: this.#peer, operation: "request", detail });
    return this.#failure;
  }
}

const NO_TRAILERS: ResponseFields = Object.freeze({});
