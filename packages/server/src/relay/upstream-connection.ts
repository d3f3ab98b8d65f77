import { ProtocolError, TimeoutError, TransportError } from "@fairlead/core";
import {
  Http1ResponseParser,
  keepAliveMilliseconds,
  listFields,
  type Http1ResponseSink,
  type ResponseFields,
  type ResponseHead,
} from "@fairlead/http/h1";
import { transportErrorFrom } from "@fairlead/transport";
import type { Duplex } from "node:stream";
import { sendContent } from "./send-content.ts";
import { UpstreamContent } from "./upstream-content.ts";
import type { UpstreamAnswer, UpstreamRequest } from "./upstream-request.ts";

/** How long a connection is kept whose server does not say how long it keeps it. */
const KEEP_MILLISECONDS = 10_000;
/** How much earlier than its server an unused connection is closed: a request might be on its way by then. */
const KEEP_MARGIN_MILLISECONDS = 1_000;
/** Interim responses to one request. */
const INTERIM_LIMIT = 32;

/** What a connection tells its pool. */
export interface UpstreamConnectionEvents {
  /** It may serve another request. */
  onFree(connection: UpstreamConnection): void;
  /** It serves nothing more: it is gone, or belongs to another protocol. */
  onGone(connection: UpstreamConnection): void;
}

/** A request under way. */
interface Exchange {
  readonly request: UpstreamRequest;
  readonly answer: PromiseWithResolvers<UpstreamAnswer>;
  /** Whether content that waits for a 100 is to be sent after all. */
  readonly continues: PromiseWithResolvers<boolean> | undefined;
  content: UpstreamContent | undefined;
  head: ResponseHead | undefined;
  isSent: boolean;
  /** Whether the server takes no more of the content for now. */
  isHeldBack: boolean;
}

/**
 * Speaks HTTP/1.1 on a stream to a server, one request at a time. What the server says is read by the parser that every
 * client of Fairlead reads by, so that what it passes on has one meaning.
 *
 * @see RFC 9112
 */
export class UpstreamConnection implements Http1ResponseSink {
  readonly #stream: Duplex;
  readonly #peer: string;
  readonly #events: UpstreamConnectionEvents;
  readonly #parser: Http1ResponseParser;
  readonly #onAbort = (): void => {
    this.destroy(this.#exchange?.request.signal.reason);
  };
  #exchange: Exchange | undefined;
  #upgrade: ResponseHead | undefined;
  #timer: NodeJS.Timeout | undefined;
  #keepMilliseconds = KEEP_MILLISECONDS;
  #served = 0;
  #isGone = false;
  /** Whether anything of the last request was written. */
  #isWritten = false;
  #interims = 0;

  constructor(stream: Duplex, peer: string, events: UpstreamConnectionEvents) {
    this.#stream = stream;
    this.#peer = peer;
    this.#events = events;
    this.#parser = new Http1ResponseParser(this, { peer, latin1: readLatin1 });
    stream.on("data", this.#onData).on("end", this.#onStreamEnd).on("error", this.#onError).on("close", this.#onClose);
  }

  /** Whether it has served a request before, and so may have been closed by its server meanwhile. */
  get isReused(): boolean {
    return this.#served > 1;
  }

  /** How far the last request came: not to the stream, not to an octet of its response, or to that. */
  get progress(): "unsent" | "unheard" | "heard" {
    return !this.#isWritten ? "unsent" : this.#parser.hasBegun ? "heard" : "unheard";
  }

  /**
   * Sends a request; the content of its answer has to be read to the end, or cancelled.
   *
   * @throws ProtocolError RESPONSE_MISSING, RESPONSE_MALFORMED, RESPONSE_HEADERS_TOO_LARGE; TransportError; TimeoutError
   * with phase `request` or `response`; what reading the request's content throws; the signal's reason.
   */
  send(request: UpstreamRequest): Promise<UpstreamAnswer> {
    const answer = Promise.withResolvers<UpstreamAnswer>();
    const continues = request.waitsForContinue ? Promise.withResolvers<boolean>() : undefined;
    const exchange: Exchange = {
      request,
      answer,
      continues,
      content: undefined,
      head: undefined,
      isSent: false,
      isHeldBack: false,
    };
    this.#exchange = exchange;
    this.#isWritten = false;
    this.#interims = 0;
    this.#served += 1;
    this.#setTimer(request.timeouts.responseMilliseconds);
    request.signal.addEventListener("abort", this.#onAbort);
    if (request.signal.aborted) this.#onAbort();
    // What had come meanwhile, or the end of the stream, is found first: it must not be taken for the response.
    else if (this.isReused) setImmediate(() => this.#write(exchange));
    else this.#write(exchange);
    return answer.promise;
  }

  /** Ends it at once. */
  destroy(reason: unknown): void {
    if (this.#isGone) return;
    this.#fail(reason);
  }

  /** Closes it, when nothing is under way. */
  end(): void {
    if (this.#isGone) return;
    this.#leave();
    this.#stream.end(() => this.#stream.destroy());
  }

  onInterim(head: ResponseHead): void {
    const exchange = this.#exchange;
    if (exchange === undefined) return;
    this.#timer?.refresh();
    this.#interims += 1;
    if (this.#interims > INTERIM_LIMIT) {
      this.#fail(this.#malformed("interim responses without end"));
      return;
    }
    if (head.status === 100) exchange.continues?.resolve(true);
    else exchange.request.onInterim(head.status, lowerCaseFields(head));
  }

  onHead(head: ResponseHead): void {
    const exchange = this.#exchange;
    if (exchange === undefined) return;
    // RFC 9110 section 10.1.1: content that waited is not sent behind the answer.
    exchange.continues?.resolve(false);
    exchange.head = head;
    const keep = keepAliveMilliseconds(head.fields);
    if (keep !== undefined) this.#keepMilliseconds = Math.min(keep - KEEP_MARGIN_MILLISECONDS, 10 * KEEP_MILLISECONDS);
    const declared = head.fields["content-length"];
    exchange.content = new UpstreamContent(declared === undefined ? undefined : Number.parseInt(String(declared), 10), {
      onWanted: () => this.#resume(exchange),
      onCancelled: (reason) => {
        if (this.#exchange === exchange) this.destroy(reason);
      },
    });
    this.#setTimer(exchange.request.timeouts.idleMilliseconds);
  }

  onBody(piece: Uint8Array): void {
    this.#exchange?.content?.push(piece);
  }

  onEnd(trailers: ResponseFields, reusable: boolean): void {
    const exchange = this.#exchange;
    if (exchange === undefined) return;
    exchange.content?.end(flatten(trailers));
    this.#release(exchange);
    if (!exchange.isSent || !reusable || exchange.request.head.closes || this.#keepMilliseconds <= 0) {
      this.#leave();
      this.#stream.destroy();
      return;
    }
    this.#setTimer(this.#keepMilliseconds);
    this.#events.onFree(this);
  }

  onUpgrade(head: ResponseHead): void {
    this.#upgrade = head;
  }

  #write(exchange: Exchange): void {
    if (this.#exchange !== exchange || this.#isGone) return;
    const { request } = exchange;
    if (!this.#stream.writable || this.#stream.readableLength > 0) {
      this.#fail(new TransportError("STREAM_CLOSED", { peer: this.#peer, operation: "request" }));
      return;
    }
    this.#isWritten = true;
    this.#parser.begin({ method: request.method, upgrade: request.upgrade !== undefined });
    this.#stream.write(request.head.text, "latin1");
    if (request.body === undefined) exchange.isSent = true;
    else void this.#sendContent(exchange);
  }

  async #sendContent(exchange: Exchange): Promise<void> {
    const { body, head } = exchange.request;
    if (body === undefined) return;
    try {
      if (!(await this.#mayContinue(exchange)) || this.#exchange !== exchange) return;
      await sendContent(body, head.framing === "none" ? 0 : head.framing, this.#stream, {
        isOver: () => this.#exchange !== exchange,
        onHeldBack: (isHeldBack) => {
          exchange.isHeldBack = isHeldBack;
          this.#timer?.refresh();
        },
      });
      if (this.#exchange !== exchange) return;
      exchange.isSent = true;
      this.#timer?.refresh();
    } catch (error) {
      if (this.#exchange === exchange) this.#fail(error);
    }
  }

  /** Waits for 100 (Continue), and not for long: there are servers that never say it. RFC 9110 section 10.1.1. */
  async #mayContinue({ continues, request }: Exchange): Promise<boolean> {
    if (continues === undefined) return true;
    const timer = setTimeout(() => {
      continues.resolve(true);
    }, request.timeouts.continueMilliseconds);
    const mayContinue = await continues.promise;
    clearTimeout(timer);
    return mayContinue;
  }

  readonly #onData = (bytes: Buffer): void => {
    const exchange = this.#exchange;
    if (exchange === undefined || this.#isGone) {
      // Whose response would it be?
      this.#fail(this.#malformed("bytes that nobody asked for"));
      return;
    }
    this.#timer?.refresh();
    let taken: number;
    try {
      taken = this.#parser.read(bytes);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (this.#upgrade !== undefined) this.#handOver(exchange, this.#upgrade, bytes.subarray(taken));
    else this.#tell(exchange);
  };

  /** All that came at once is known: a short answer is whole. */
  #tell({ answer, head, content }: Exchange): void {
    if (head === undefined || content === undefined) return;
    answer.resolve({ type: "response", status: head.status, fields: lowerCaseFields(head), content });
    content.settle();
    if (this.#exchange?.content === content && content.isFull) this.#stream.pause();
  }

  #resume(exchange: Exchange): void {
    if (this.#exchange !== exchange) return;
    this.#timer?.refresh();
    if (this.#stream.isPaused()) this.#stream.resume();
  }

  readonly #onStreamEnd = (): void => {
    const exchange = this.#exchange;
    if (exchange === undefined || this.#isGone) {
      this.#fail(undefined);
      return;
    }
    try {
      this.#parser.end();
      this.#tell(exchange);
    } catch (error) {
      this.#fail(error);
    }
  };

  readonly #onError = (cause: unknown): void => {
    this.#fail(transportErrorFrom(cause, { peer: this.#peer, operation: "request" }));
  };

  readonly #onClose = (): void => {
    this.#fail(new TransportError("CONNECTION_RESET", { peer: this.#peer, operation: "request" }));
  };

  #setTimer(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onDue, milliseconds).unref();
  }

  readonly #onDue = (): void => {
    const exchange = this.#exchange;
    if (exchange === undefined) {
      this.end();
      return;
    }
    const isAnswered = exchange.content !== undefined;
    // It is the client who takes its time.
    const isPatient = isAnswered ? exchange.content?.isWanted === false : !exchange.isSent && !exchange.isHeldBack;
    if (isPatient) {
      this.#timer?.refresh();
      return;
    }
    const phase = isAnswered ? "body" : exchange.isSent ? "response" : "request";
    this.#fail(new TimeoutError(phase, { peer: this.#peer, operation: "request" }));
  };

  #fail(reason: unknown): void {
    const exchange = this.#exchange;
    if (exchange !== undefined) {
      this.#release(exchange);
      exchange.answer.reject(reason);
      exchange.content?.fail(reason);
      exchange.continues?.resolve(false);
    }
    this.#leave();
    this.#stream.destroy();
  }

  #handOver(exchange: Exchange, head: ResponseHead, first: Buffer): void {
    const stream = this.#stream;
    this.#release(exchange);
    this.#leave();
    stream
      .off("data", this.#onData)
      .off("end", this.#onStreamEnd)
      .off("error", this.#onError)
      .off("close", this.#onClose);
    // What it fails with shows when it closes.
    stream.on("error", () => undefined);
    // It is nobody's for now: neither flowing nor paused, as if it had never been read.
    Reflect.set(stream, "readableFlowing", null);
    if (first.length > 0) stream.unshift(first);
    exchange.answer.resolve({ type: "upgrade", status: head.status, fields: lowerCaseFields(head), stream });
  }

  #malformed(detail: string): ProtocolError {
    return new ProtocolError("RESPONSE_MALFORMED", { peer: this.#peer, operation: "request", detail });
  }

  #release(exchange: Exchange): void {
    exchange.request.signal.removeEventListener("abort", this.#onAbort);
    this.#exchange = undefined;
    exchange.request.onOver();
  }

  #leave(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    clearTimeout(this.#timer);
    this.#events.onGone(this);
  }
}

function lowerCaseFields({ fieldLines }: ResponseHead): string[] {
  const fields = listFields(fieldLines);
  for (let index = 0; index < fields.length; index += 2) fields[index] = fields[index]?.toLowerCase() ?? "";
  return fields;
}

function flatten(fields: ResponseFields): string[] {
  return Object.entries(fields).flatMap(([name, values]) => [values].flat().flatMap((value) => [name, value]));
}

function readLatin1(bytes: Uint8Array, start: number, end: number): string {
  // A stream of Node gives no other bytes.
  return (bytes as Buffer).toString("latin1", start, end);
}
