import { Http2Connection, type Http2ConnectionEvents } from "./connection.ts";
import { Http2Fault } from "./fault.ts";
import type { FieldBlock } from "./field-blocks.ts";
import { DEFAULT_WINDOW, ErrorCode, LAST_STREAM, nameErrorCode, Setting } from "./frames.ts";
import { PREFACE } from "./preface.ts";
import { PeerSettings } from "./peer-settings.ts";
import {
  readRequestHead,
  type ReceivedRequest,
  type RequestHeadLimits,
  type RequestRefused,
} from "./received-request.ts";
import { Http2ServerStream, type Http2RequestEvents } from "./server-stream.ts";
import { serverWindows } from "./stream-windows.ts";

/** What is told of a server's connection. None of these may throw. */
export interface Http2ServerEvents extends Http2ConnectionEvents {
  /** A request has come; returns who is told of the rest. Without content where `stream.isEnded`. */
  onRequest(stream: Http2ServerStream, request: ReceivedRequest): Http2RequestEvents;
  /**
   * What came is not taken.
   *
   * @param stream where it may be answered, and then ends; `undefined` where it was reset.
   */
  onRefused(stream: Http2ServerStream | undefined, refusal: RequestRefused): void;
}

/** What a server takes. */
export interface Http2ServerOptions extends RequestHeadLimits {
  /** Requests that are under way at the same time; more are refused. */
  readonly concurrentStreams: number;
}

/**
 * What a reset costs a client, in frames: one that it makes for a request under way, and one that it has the server make by
 * a malformed request. CVE-2023-44487, CVE-2025-8671.
 */
const RESET_COST = 4;
/** Streams that were reset and of which the client may not know yet. */
const RESETS_REMEMBERED = 1_000;

/** The server's end of an HTTP/2 connection. */
export class Http2Server extends Http2Connection<Http2ServerStream> {
  readonly #events: Http2ServerEvents;
  readonly #options: Http2ServerOptions;
  /** Octets of the client's preface that have come. */
  #greeted = 0;
  #isAcknowledged = false;
  /** The highest number that was used, and the highest that was looked at. */
  #highest = 0;
  #last = 0;
  #opened = 0;
  #hasLeft = false;
  readonly #reset = new Set<number>();

  constructor(options: Http2ServerOptions, events: Http2ServerEvents) {
    const windows = serverWindows(options.concurrentStreams);
    const fieldsLimit = options.targetBytes + options.fieldsBytes + 32 * (options.fields + 5);
    super(events, new PeerSettings("client"), windows, fieldsLimit);
    this.#events = events;
    this.#options = options;
    this.writer.settings([
      [Setting.maxConcurrentStreams, options.concurrentStreams],
      [Setting.maxHeaderListSize, fieldsLimit],
      [Setting.enableConnectProtocol, 1],
    ]);
    if (windows.connection > DEFAULT_WINDOW) this.writer.windowUpdate(0, windows.connection - DEFAULT_WINDOW);
  }

  /** Whether the client has said that it knows the server's settings. RFC 9113 section 6.5.3. */
  get isAcknowledged(): boolean {
    return this.#isAcknowledged;
  }

  override receive(bytes: Uint8Array, now: number): void {
    if (this.#greeted === PREFACE.length) {
      super.receive(bytes, now);
      return;
    }
    if (this.isOver) return;
    const begin = this.#greeted;
    const end = Math.min(PREFACE.length, begin + bytes.length);
    for (; this.#greeted < end; this.#greeted += 1) {
      if (bytes[this.#greeted - begin] === PREFACE[this.#greeted]) continue;
      this.fail(new Http2Fault(ErrorCode.protocolError, "a preface that is none"));
      return;
    }
    if (end - begin < bytes.length) super.receive(bytes.subarray(end - begin), now);
  }

  /** Has the client open no more requests; those that it has sent by the time it knows are still taken. RFC 9113 section 6.8. */
  announceLeave(): void {
    if (this.isOver || this.#hasLeft) return;
    this.writer.goAway(LAST_STREAM, ErrorCode.noError);
    this.ping();
  }

  /** Takes no more requests: those that come are as if they had never been sent. */
  leave(code: number = ErrorCode.noError): void {
    if (this.isOver || this.#hasLeft) return;
    this.#hasLeft = true;
    this.writer.goAway(this.#last, code);
    this.tellOutput();
  }

  protected override get lastPeerStream(): number {
    return this.#last;
  }

  protected override isOpened(id: number): boolean {
    return id % 2 === 1 && id <= this.#highest;
  }

  protected override checkHeaders(id: number): void {
    if (id % 2 === 0) throw new Http2Fault(ErrorCode.protocolError, "a request on a stream that is not the client's");
    if (id <= this.#highest && !this.streams.has(id)) this.receiveClosed(id);
  }

  protected override receiveBlock(block: FieldBlock, stream: Http2ServerStream | undefined): void {
    stream?.receiveFields(block.fields, block.isOverLimit, block.isLast);
    if (block.stream <= this.#highest) return;
    this.#highest = block.stream;
    this.#opened += 1;
    if (this.#hasLeft) {
      this.guard.spend("frames for closed streams");
      return;
    }
    this.#last = block.stream;
    if (this.streams.size >= this.#options.concurrentStreams) {
      this.guard.spend("streams beyond the limit");
      this.#refuse(block, ErrorCode.refusedStream);
    } else {
      this.#receiveRequest(block);
    }
  }

  protected override receiveClosed(id: number): void {
    // Behind our leave nothing is looked at.
    if (id <= this.#last && !this.#reset.has(id)) {
      // RFC 9113 sections 5.1 and 5.1.1: a number that was never used before is no stream.
      const isKnown = 2 * this.#opened - 1 === this.#highest;
      const code = isKnown ? ErrorCode.streamClosed : ErrorCode.protocolError;
      throw new Http2Fault(code, "a part of a request on a closed stream");
    }
    this.guard.spend("frames for closed streams");
  }

  protected override receiveReset(stream: Http2ServerStream, code: number): void {
    this.guard.spend("reset", RESET_COST);
    stream.receiveReset(code, nameErrorCode(code));
  }

  protected override receiveGoAway(_last: number, code: number): void {
    this.#events.onGoAway(code);
  }

  protected override receiveSettingsAck(): void {
    this.#isAcknowledged = true;
  }

  protected override capacityChanged(): void {
    // The client opens streams, not we.
  }

  protected override resetSent(stream: Http2ServerStream): void {
    if (!stream.isEnded) this.#rememberReset(stream.id);
  }

  #receiveRequest(block: FieldBlock): void {
    const { stream: id, isLast } = block;
    const head: ReceivedRequest | RequestRefused = block.isOverLimit
      ? { type: "fields-too-large" }
      : readRequestHead(block.fields, this.#options);
    const problem = head.type === "malformed" ? head : findLengthProblem(head, isLast);
    if (problem !== undefined) {
      this.guard.spend("reset", RESET_COST);
      this.#refuse(block, ErrorCode.protocolError);
      this.#events.onRefused(undefined, problem);
      return;
    }
    const stream = new Http2ServerStream(id, this.port, {
      sendWindow: this.peer.initialWindowSize,
      isEnded: isLast,
      contentLength: head.type === "request" ? head.contentLength : undefined,
      onMalformed: (): void => {
        this.guard.spend("reset", RESET_COST);
      },
    });
    this.streams.set(id, stream);
    if (head.type === "request") stream.tell(this.#events.onRequest(stream, head));
    else this.#events.onRefused(stream, head);
  }

  #refuse(block: FieldBlock, code: number): void {
    this.writer.rstStream(block.stream, code);
    if (!block.isLast) this.#rememberReset(block.stream);
    this.tellOutput();
  }

  #rememberReset(id: number): void {
    this.#reset.add(id);
    if (this.#reset.size <= RESETS_REMEMBERED) return;
    for (const oldest of this.#reset) {
      this.#reset.delete(oldest);
      break;
    }
  }
}

/** A request without content has none by its length as well. RFC 9113 section 8.1.1. */
function findLengthProblem(
  head: ReceivedRequest | RequestRefused,
  isLast: boolean,
): Extract<RequestRefused, { readonly type: "malformed" }> | undefined {
  if (head.type !== "request" || !isLast || (head.contentLength ?? 0) === 0) return undefined;
  return { type: "malformed", detail: "content short of its length" };
}
