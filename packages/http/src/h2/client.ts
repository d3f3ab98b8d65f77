import { Http2Stream, type Http2StreamEvents } from "./client-stream.ts";
import { Http2Connection, type Http2ConnectionEvents } from "./connection.ts";
import { Http2Fault } from "./fault.ts";
import type { FieldBlock } from "./field-blocks.ts";
import type { FlatFields } from "./field-rules.ts";
import { DEFAULT_WINDOW, ErrorCode, LAST_STREAM, nameErrorCode, Setting } from "./frames.ts";
import { PeerSettings } from "./peer-settings.ts";
import { clientWindows, STREAMS_LIMIT } from "./stream-windows.ts";

/** What is told of a client's connection. None of these may throw. */
export interface Http2ClientEvents extends Http2ConnectionEvents {
  /** `capacity` may have grown. */
  onCapacity(): void;
}

/** Octets of a request's names and values, with 32 for each field, that a response may have. */
const FIELDS_LIMIT = 64 * 1024;

/** The client's end of an HTTP/2 connection. */
export class Http2Client extends Http2Connection<Http2Stream> {
  readonly #events: Http2ClientEvents;
  /** Streams are numbered by odd numbers, and never twice. */
  #nextStream = 1;
  #goneAway: number | undefined;

  constructor(events: Http2ClientEvents) {
    const windows = clientWindows();
    super(events, new PeerSettings("server"), windows, FIELDS_LIMIT);
    this.#events = events;
    this.writer.preface();
    this.writer.settings([
      [Setting.enablePush, 0],
      [Setting.initialWindowSize, windows.stream],
      [Setting.maxHeaderListSize, FIELDS_LIMIT],
    ]);
    this.writer.windowUpdate(0, windows.connection - DEFAULT_WINDOW);
  }

  /** Requests that may be opened now. */
  get capacity(): number {
    if (this.isOver || this.#goneAway !== undefined || this.#nextStream > LAST_STREAM) return 0;
    return Math.max(0, Math.min(STREAMS_LIMIT, this.peer.maxConcurrentStreams) - this.streams.size);
  }

  /** Whether the peer gives streams to other protocols. RFC 8441 section 3. */
  get allowsExtendedConnect(): boolean {
    return this.peer.enableConnectProtocol;
  }

  /** The error code that the peer took its leave with; `undefined` while it stays. */
  get goneAway(): number | undefined {
    return this.#goneAway;
  }

  /**
   * Opens a stream with a request's head; `capacity` must not be 0.
   *
   * @param fields pseudo-fields first; names in lower case, characters octets, nothing that the standard refuses.
   * @param request.isSent whether there is no body.
   * @param request.isTunnel whether it asks for a tunnel: past a head of status 200 to 299 each side ends by itself.
   */
  open(
    fields: FlatFields,
    request: { readonly isHead: boolean; readonly isSent: boolean; readonly isTunnel?: boolean },
    events: Http2StreamEvents,
  ): Http2Stream {
    const id = this.#nextStream;
    this.#nextStream += 2;
    const stream = new Http2Stream(id, this.port, events, { ...request, sendWindow: this.peer.initialWindowSize });
    this.streams.set(id, stream);
    this.sendFields(id, fields, request.isSent);
    return stream;
  }

  /** Takes leave: nothing more is opened, and nothing more is told once the streams are over. */
  goAway(): void {
    if (this.isOver) return;
    this.writer.goAway(0, ErrorCode.noError);
    this.tellOutput();
  }

  protected override get lastPeerStream(): number {
    return 0;
  }

  protected override isOpened(id: number): boolean {
    return id % 2 === 1 && id < this.#nextStream;
  }

  protected override checkHeaders(id: number): void {
    if (!this.isOpened(id)) throw new Http2Fault(ErrorCode.protocolError, "fields of a stream that is not open");
  }

  protected override receiveBlock(block: FieldBlock, stream: Http2Stream | undefined): void {
    if (stream === undefined) this.guard.spend("frames for closed streams");
    else this.guard.earn(4);
    stream?.receiveFields(block.fields, block.isOverLimit, block.isLast);
  }

  protected override receiveClosed(): void {
    this.guard.spend("frames for closed streams");
  }

  protected override receiveReset(stream: Http2Stream, code: number): void {
    stream.receiveReset(code, nameErrorCode(code));
  }

  protected override resetSent(): void {
    // What still comes for it is dropped.
  }

  protected override receiveGoAway(last: number, code: number): void {
    this.#goneAway = code;
    this.#events.onGoAway(code);
    for (const [id, open] of [...this.streams]) if (id > last) open.fail({ type: "unprocessed" });
  }

  protected override receiveSettingsAck(): void {
    // What they say does no harm before it is known.
  }

  protected override capacityChanged(): void {
    this.#events.onCapacity();
  }
}
