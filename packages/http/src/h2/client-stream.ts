import { findTrailerProblem, type FlatFields } from "./field-rules.ts";
import { FlowStream, type StreamPort } from "./flow-stream.ts";
import { ErrorCode } from "./frames.ts";
import { readResponseHead } from "./response-head.ts";

/** Why a request got no response, or not the whole of one. */
export type StreamFailure =
  /** The peer has certainly not acted on it: REFUSED_STREAM, or beyond the last that GOAWAY names. */
  | { readonly type: "unprocessed" }
  /** The peer wants it over HTTP/1.1. RFC 9113 section 7. */
  | { readonly type: "http11-required" }
  /** The peer gave it up; the code's name. */
  | { readonly type: "reset"; readonly code: string }
  /** What came is no response. */
  | { readonly type: "malformed"; readonly detail: string }
  | { readonly type: "fields-too-large" }
  /** The body ended before its Content-Length. */
  | { readonly type: "truncated" }
  /** The body went beyond its Content-Length. */
  | { readonly type: "too-long" };

/**
 * What is told of one request. After `onEnd` or `onFailed` nothing more is, unless it is a tunnel: after the end of what
 * comes through that, more can be sent, and fail. None of these may throw.
 */
export interface Http2StreamEvents {
  /** The head of a response, an interim one (status 100 to 199) or the final one. */
  onHead(status: number, fields: FlatFields): void;
  /** A part of the body, which `read` has to be told of once it is not needed any more. */
  onData(data: Uint8Array): void;
  onEnd(trailers: FlatFields): void;
  onFailed(failure: StreamFailure): void;
  /** More of the request's body may be sent: only after `sendable` was 0 and `whenSendable` called. */
  onSendable(): void;
}

/** What a stream is opened with. */
interface StreamOptions {
  readonly isHead: boolean;
  readonly isSent: boolean;
  readonly isTunnel?: boolean;
  readonly sendWindow: number;
}

/** One request and its response. */
export class Http2Stream extends FlowStream {
  readonly #events: Http2StreamEvents;
  readonly #isHead: boolean;
  readonly #isTunnel: boolean;
  /** `tunnel` once the peer has opened one, `ended` when it has said all and we have not. */
  #phase: "head" | "body" | "tunnel" | "ended" = "head";
  /** What is still to come by the Content-Length. */
  #expected: number | undefined;

  /** Use `Http2Client.open`. @internal */
  constructor(
    id: number,
    port: StreamPort,
    events: Http2StreamEvents,
    { isHead, isSent, isTunnel = false, sendWindow }: StreamOptions,
  ) {
    super(id, port, sendWindow, isSent);
    this.#events = events;
    this.#isHead = isHead;
    this.#isTunnel = isTunnel;
  }

  /** Ends it without a word to the peer. @internal */
  fail(failure: StreamFailure): void {
    if (this.isClosed) return;
    this.close();
    this.#events.onFailed(failure);
  }

  /** @internal */
  override writable(): void {
    if (!this.isClosed) this.#events.onSendable();
  }

  /** @internal */
  override receiveFields(fields: FlatFields, isOverLimit: boolean, isLast: boolean): void {
    if (this.isClosed) return;
    if (isOverLimit) this.#refuse({ type: "fields-too-large" }, ErrorCode.cancel);
    else if (this.#phase === "head") this.#receiveHead(fields, isLast);
    // RFC 9113 section 8.5.
    else if (this.#phase !== "body") this.#malformed("fields within a tunnel");
    else if (!isLast) this.#malformed("fields within the body");
    else this.#end(fields);
  }

  /** @internal */
  override receiveData(data: Uint8Array): void {
    if (this.isClosed) return;
    if (this.#phase === "head") {
      this.#malformed("data before its head");
      return;
    }
    if (this.#phase === "ended") {
      this.#malformed("data behind its end");
      return;
    }
    if (this.#expected !== undefined) {
      this.#expected -= data.length;
      if (this.#expected < 0) {
        this.#refuse({ type: "too-long" }, ErrorCode.protocolError);
        return;
      }
    }
    this.#events.onData(data);
  }

  /** @internal */
  override receiveEnd(): void {
    if (this.isClosed) return;
    if (this.#phase === "head") this.#malformed("an end before its head");
    else if (this.#phase === "body") this.#end([]);
    else if (this.#phase === "tunnel") this.#endTunnel();
  }

  /** @internal */
  override receiveReset(code: number, codeName: string): void {
    if (code === ErrorCode.refusedStream && this.#phase === "head") this.fail({ type: "unprocessed" });
    else if (code === ErrorCode.http11Required && this.#phase === "head") this.fail({ type: "http11-required" });
    else this.fail({ type: "reset", code: codeName });
  }

  protected override onSent(): void {
    if (this.#phase === "ended") this.close();
  }

  #receiveHead(fields: FlatFields, isLast: boolean): void {
    const head = readResponseHead(fields);
    if ("malformed" in head) {
      this.#malformed(head.malformed);
      return;
    }
    const { status, contentLength } = head;
    if (status < 200) {
      if (isLast) this.#malformed("an interim response that ends it");
      // RFC 9113 section 8.6.
      else if (status === 101) this.#malformed("a change of protocols");
      else this.#events.onHead(status, head.fields);
      return;
    }
    if (this.#isTunnel && status < 300) {
      // A Content-Length says nothing here. RFC 9110 section 9.3.6.
      this.#phase = "tunnel";
    } else {
      this.#phase = "body";
      // RFC 9110 section 6.4.1.
      this.#expected = this.#isHead || status === 204 || status === 304 ? 0 : contentLength;
    }
    this.#events.onHead(status, head.fields);
    if (isLast) this.receiveEnd();
  }

  #end(trailers: FlatFields): void {
    const problem = findTrailerProblem(trailers);
    if (problem !== undefined) {
      this.#malformed(problem);
      return;
    }
    if ((this.#expected ?? 0) > 0) {
      this.#refuse({ type: "truncated" }, ErrorCode.protocolError);
      return;
    }
    // The response is whole; what is left of the request is of no use. RFC 9113 section 8.1.
    if (!this.isSent) this.port.sendReset(this, ErrorCode.cancel);
    this.close();
    this.#events.onEnd(trailers);
  }

  #endTunnel(): void {
    if (this.isSent) this.close();
    else this.#phase = "ended";
    this.#events.onEnd([]);
  }

  #malformed(detail: string): void {
    this.#refuse({ type: "malformed", detail }, ErrorCode.protocolError);
  }

  #refuse(failure: StreamFailure, code: number): void {
    this.port.sendReset(this, code);
    this.fail(failure);
  }
}
