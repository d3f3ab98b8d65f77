import { Http2Fault } from "./fault.ts";
import { findTrailerProblem, type FlatFields } from "./field-rules.ts";
import { FlowStream, type StreamPort } from "./flow-stream.ts";
import { ErrorCode } from "./frames.ts";

/** Why a request, or its answer, went no further. */
export type RequestFailure =
  /** The client gave it up; the code's name. */
  | { readonly type: "reset"; readonly code: string }
  /** What came is no request; it was reset for that. */
  | { readonly type: "malformed"; readonly detail: string };

/** What is told of one request. After `onFailed` nothing more is. None of these may throw. */
export interface Http2RequestEvents {
  /** A part of the content, which `read` has to be told of once it is not needed any more. */
  onData(data: Uint8Array): void;
  /** The request is whole. Not told of one that has no content. */
  onEnd(trailers: FlatFields): void;
  onFailed(failure: RequestFailure): void;
  /** More of the answer's content may be sent: only after `sendable` was 0 and `whenSendable` called. */
  onSendable(): void;
}

/** What a stream of a server is opened with. */
interface ServerStreamOptions {
  readonly sendWindow: number;
  readonly isEnded: boolean;
  readonly contentLength: number | undefined;
  readonly onMalformed: () => void;
}

/** One request and its answer, at the server. */
export class Http2ServerStream extends FlowStream {
  readonly #onMalformed: () => void;
  #events: Http2RequestEvents | undefined;
  #isEnded: boolean;
  #isTunnel = false;
  /** What is still to come by the Content-Length. */
  #expected: number | undefined;

  /** @internal */
  constructor(id: number, port: StreamPort, { sendWindow, isEnded, contentLength, onMalformed }: ServerStreamOptions) {
    super(id, port, sendWindow, false);
    this.#isEnded = isEnded;
    this.#expected = contentLength;
    this.#onMalformed = onMalformed;
  }

  /** Whether the request has come whole. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Names who is told; at once, before anything more is received. */
  tell(events: Http2RequestEvents): void {
    this.#events = events;
  }

  /**
   * Sends a head, of an interim response or the answer, with `:status` first.
   *
   * @param isLast whether the answer has no content; never for an interim one.
   */
  sendHead(fields: FlatFields, isLast: boolean): void {
    this.sendFields(fields, isLast);
  }

  /** Ends the answer with fields behind its content. */
  sendTrailers(fields: FlatFields): void {
    this.sendFields(fields, true);
  }

  /** From now on each side ends by itself: an extended CONNECT was granted. RFC 8441 section 4. */
  becomeTunnel(): void {
    this.#isTunnel = true;
  }

  /** @internal */
  override writable(): void {
    if (!this.isClosed) this.#events?.onSendable();
  }

  /** @internal */
  override receiveFields(fields: FlatFields, isOverLimit: boolean, isLast: boolean): void {
    this.#requireOpen();
    if (this.isClosed) return;
    const problem = isOverLimit
      ? "trailers that are too large"
      : this.#isTunnel
        ? "fields within a tunnel"
        : !isLast
          ? "fields within the content"
          : findTrailerProblem(fields);
    if (problem !== undefined) this.#malformed(problem);
    else this.#end(fields);
  }

  /** @internal */
  override receiveFrame(length: number): void {
    this.#requireOpen();
    super.receiveFrame(length);
  }

  /** @internal */
  override receiveData(data: Uint8Array): void {
    if (this.isClosed) return;
    if (this.#expected !== undefined) {
      this.#expected -= data.length;
      if (this.#expected < 0) {
        this.#malformed("content beyond its length");
        return;
      }
    }
    this.#events?.onData(data);
  }

  /** @internal */
  override receiveEnd(): void {
    if (!this.isClosed) this.#end([]);
  }

  /** @internal */
  override receiveReset(_code: number, codeName: string): void {
    this.#fail({ type: "reset", code: codeName });
  }

  protected override onSent(): void {
    if (this.#isEnded) {
      this.close();
    } else if (!this.#isTunnel) {
      // The answer is whole; what is left of the request is of no use. RFC 9113 section 8.1.
      this.reset(ErrorCode.noError);
    }
  }

  #end(trailers: FlatFields): void {
    if ((this.#expected ?? 0) > 0) {
      this.#malformed("content short of its length");
      return;
    }
    this.#isEnded = true;
    this.#events?.onEnd(trailers);
    if (this.isSent && !this.isClosed) this.close();
  }

  /** RFC 9113 section 5.1: of the connection, so that nobody can have the server reset stream by stream. */
  #requireOpen(): void {
    if (this.#isEnded) throw new Http2Fault(ErrorCode.streamClosed, "a part of a request behind its end");
  }

  #malformed(detail: string): void {
    this.#onMalformed();
    if (this.isClosed) return;
    this.port.sendReset(this, ErrorCode.protocolError);
    this.#fail({ type: "malformed", detail });
  }

  #fail(failure: RequestFailure): void {
    if (this.isClosed) return;
    this.close();
    this.#events?.onFailed(failure);
  }
}
