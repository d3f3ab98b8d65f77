import { Http2Stream, type Http2StreamEvents, type StreamPort } from "./client-stream.ts";
import { Http2Fault } from "./fault.ts";
import { FieldBlocks } from "./field-blocks.ts";
import { FloodGuard } from "./flood-guard.ts";
import { FrameReader, type FrameSink } from "./frame-reader.ts";
import { FrameWriter } from "./frame-writer.ts";
import {
  DEFAULT_FRAME_SIZE,
  DEFAULT_WINDOW,
  ErrorCode,
  Flag,
  FrameType,
  nameErrorCode,
  Setting,
  WINDOW_LIMIT,
} from "./frames.ts";
import { HpackError } from "./hpack/decoder.ts";
import { HpackEncoder } from "./hpack/encoder.ts";
import { PeerSettings } from "./peer-settings.ts";
import type { FlatFields } from "./response-head.ts";
import { CONNECTION_WINDOW, GrowthBudget, STREAM_WINDOW, STREAMS_LIMIT } from "./stream-windows.ts";

/** What is told of a connection. None of these may throw. */
export interface Http2ClientEvents {
  /** There is something to write: `takeOutput`. Told once until it is taken. */
  onOutput(): void;
  /** `capacity` may have grown. */
  onCapacity(): void;
  /** The peer takes no more requests; those under way go on. */
  onGoAway(code: number): void;
  /** The answer to `ping`. */
  onPong(): void;
  /** The peer broke a rule: once `takeOutput` is written the connection has to be closed. Its streams are told nothing more. */
  onFault(fault: Http2Fault): void;
}

/** Octets of a request's names and values, with 32 for each field, that a response may have. */
const FIELDS_LIMIT = 64 * 1024;
/** Answers to SETTINGS and PING that wait to be written; a peer that does not read them sends no more. */
const ANSWERS_LIMIT = 4_000;
/** Streams are numbered by odd numbers, and never twice. */
const LAST_STREAM = 2 ** 31 - 1;
const PING = Uint8Array.of(0x66, 0x61, 0x69, 0x72, 0x6c, 0x65, 0x61, 0x64);

/**
 * The client's end of an HTTP/2 connection: octets go in, what happens is told to the events, and octets to write come
 * out. It opens nothing, waits for nothing and knows the time only from what it is told.
 *
 * @see RFC 9113
 */
export class Http2Client {
  readonly #events: Http2ClientEvents;
  readonly #reader: FrameReader;
  readonly #writer = new FrameWriter();
  readonly #encoder = new HpackEncoder();
  readonly #blocks = new FieldBlocks(FIELDS_LIMIT);
  readonly #guard = new FloodGuard();
  readonly #peer = new PeerSettings();
  readonly #streams = new Map<number, Http2Stream>();
  /** Those that wait until they may send, in turn. */
  readonly #waiting = new Set<Http2Stream>();
  readonly #port: StreamPort;
  #nextStream = 1;
  #sendWindow = DEFAULT_WINDOW;
  #receiveWindow = CONNECTION_WINDOW;
  #hasSettings = false;
  #goneAway: number | undefined;
  #isOver = false;
  #answers = 0;
  #isOutputTold = false;

  constructor(events: Http2ClientEvents) {
    this.#events = events;
    this.#reader = new FrameReader(this.#sink());
    this.#port = this.#streamPort();
    this.#writer.preface();
    this.#writer.settings([
      [Setting.enablePush, 0],
      [Setting.initialWindowSize, STREAM_WINDOW],
      [Setting.maxHeaderListSize, FIELDS_LIMIT],
    ]);
    this.#writer.windowUpdate(0, CONNECTION_WINDOW - DEFAULT_WINDOW);
  }

  /** Requests that may be opened now. */
  get capacity(): number {
    if (this.#isOver || this.#goneAway !== undefined || this.#nextStream > LAST_STREAM) return 0;
    return Math.max(0, Math.min(STREAMS_LIMIT, this.#peer.maxConcurrentStreams) - this.#streams.size);
  }

  /** Whether the peer's settings have come. */
  get isSettled(): boolean {
    return this.#hasSettings;
  }

  /** Whether the peer gives streams to other protocols. RFC 8441 section 3. */
  get allowsExtendedConnect(): boolean {
    return this.#peer.enableConnectProtocol;
  }

  /** Requests that are under way. */
  get openStreams(): number {
    return this.#streams.size;
  }

  /** The error code that the peer took its leave with; `undefined` while it stays. */
  get goneAway(): number | undefined {
    return this.#goneAway;
  }

  /** What has to be written, in order. */
  takeOutput(): readonly Uint8Array[] {
    this.#isOutputTold = false;
    this.#answers = 0;
    return this.#writer.take();
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
    const stream = new Http2Stream(id, this.#port, events, {
      ...request,
      sendWindow: this.#peer.initialWindowSize,
    });
    this.#streams.set(id, stream);
    this.#writer.headers(id, request.isSent, DEFAULT_FRAME_SIZE, (into) => {
      for (let index = 0; index < fields.length; index += 2) {
        this.#encoder.encode(fields[index] ?? "", fields[index + 1] ?? "", into);
      }
    });
    this.#tellOutput();
    return stream;
  }

  /** Asks for a sign of life. */
  ping(): void {
    this.#writer.ping(PING, false);
    this.#tellOutput();
  }

  /** Takes leave: nothing more is opened, and nothing more is told once the streams are over. */
  goAway(): void {
    if (this.#isOver) return;
    this.#writer.goAway(0, ErrorCode.noError);
    this.#tellOutput();
  }

  /** Nothing more is told. */
  end(): void {
    this.#isOver = true;
    this.#streams.clear();
    this.#waiting.clear();
  }

  /**
   * Takes in what came.
   *
   * @param now milliseconds that only ever grow; what they count from does not matter.
   */
  receive(bytes: Uint8Array, now: number): void {
    if (this.#isOver) return;
    this.#guard.tick(now);
    try {
      this.#reader.read(bytes);
    } catch (error) {
      const fault = error instanceof HpackError ? new Http2Fault(ErrorCode.compressionError, error.message) : error;
      if (!(fault instanceof Http2Fault)) throw error;
      this.end();
      this.#writer.goAway(0, fault.code);
      this.#tellOutput();
      this.#events.onFault(fault);
    }
  }

  #sink(): FrameSink {
    return {
      onFrame: (type, flags, stream, payload): void => {
        if (!this.#isOver) this.#onFrame(type, flags, stream, payload);
      },
      onDataFrame: (id, length, isEmpty): void => {
        if (!this.#isOver) this.#onDataFrame(id, length, isEmpty);
      },
      onData: (id, data): void => {
        this.#streams.get(id)?.receiveData(data);
      },
      onPadding: (id, length): void => {
        this.#streams.get(id)?.read(length);
      },
      onDataEnd: (id): void => {
        this.#streams.get(id)?.receiveEnd();
      },
    };
  }

  #streamPort(): StreamPort {
    const connectionWindow = (): number => this.#sendWindow;
    return {
      budget: new GrowthBudget(),
      get connectionWindow() {
        return connectionWindow();
      },
      sendData: (stream, data, isLast): void => {
        this.#sendData(stream.id, data, isLast);
      },
      sendReset: (stream, code): void => {
        this.#writer.rstStream(stream.id, code);
        this.#tellOutput();
      },
      giveBack: (stream, increment): void => {
        this.#writer.windowUpdate(stream.id, increment);
        this.#tellOutput();
      },
      wait: (stream): void => {
        this.#waiting.add(stream);
      },
      closed: (stream): void => {
        this.#waiting.delete(stream);
        if (this.#streams.delete(stream.id)) this.#events.onCapacity();
      },
    };
  }

  #sendData(id: number, data: Uint8Array, isLast: boolean): void {
    this.#sendWindow -= data.length;
    const size = this.#peer.maxFrameSize;
    let from = 0;
    do {
      const piece = data.subarray(from, from + size);
      from += piece.length;
      this.#writer.data(id, piece, isLast && from === data.length);
      this.#guard.earn(4);
    } while (from < data.length);
    this.#tellOutput();
  }

  #onFrame(type: number, flags: number, stream: number, payload: Uint8Array): void {
    if (!this.#hasSettings && (type !== FrameType.settings || (flags & Flag.ack) !== 0)) {
      throw new Http2Fault(ErrorCode.protocolError, "something before its SETTINGS");
    }
    if (this.#blocks.isOpen && type !== FrameType.continuation) {
      throw new Http2Fault(ErrorCode.protocolError, "a frame within a field block");
    }
    switch (type) {
      case FrameType.headers:
        this.#onHeaders(flags, stream, payload);
        break;
      case FrameType.continuation:
        if (payload.length === 0) this.#guard.spend("empty frames");
        this.#onBlock(this.#blocks.proceed(flags, stream, payload));
        break;
      case FrameType.rstStream:
        this.#onRstStream(stream, payload);
        break;
      case FrameType.settings:
        this.#onSettings(flags, stream, payload);
        break;
      case FrameType.ping:
        this.#onPing(flags, stream, payload);
        break;
      case FrameType.goAway:
        this.#onGoAway(stream, payload);
        break;
      case FrameType.windowUpdate:
        this.#onWindowUpdate(stream, payload);
        break;
      case FrameType.pushPromise:
        throw new Http2Fault(ErrorCode.protocolError, "a push, which was turned off");
      case FrameType.priority:
        this.#guard.spend("priority");
        break;
      default:
        // RFC 9113 section 5.5.
        this.#guard.spend("frames of unknown types");
    }
  }

  #onHeaders(flags: number, stream: number, payload: Uint8Array): void {
    if (!this.#isOpened(stream)) throw new Http2Fault(ErrorCode.protocolError, "fields of a stream that is not open");
    this.#onBlock(this.#blocks.begin(flags, stream, payload));
  }

  #onBlock(block: ReturnType<FieldBlocks["begin"]>): void {
    if (block === undefined) return;
    const stream = this.#streams.get(block.stream);
    if (stream === undefined) this.#guard.spend("frames for closed streams");
    else this.#guard.earn(4);
    stream?.receiveFields(block.fields, block.isOverLimit, block.isLast);
  }

  #onDataFrame(id: number, length: number, isEmpty: boolean): void {
    if (!this.#hasSettings || this.#blocks.isOpen || !this.#isOpened(id)) {
      throw new Http2Fault(ErrorCode.protocolError, "data where none may be");
    }
    if (isEmpty) this.#guard.spend("empty frames");
    else if (length >= 1024) this.#guard.earn(1);
    this.#receiveWindow -= length;
    if (this.#receiveWindow < 0) throw new Http2Fault(ErrorCode.flowControlError, "more data than its window allows");
    if (this.#receiveWindow < CONNECTION_WINDOW / 2) {
      this.#writer.windowUpdate(0, CONNECTION_WINDOW - this.#receiveWindow);
      this.#receiveWindow = CONNECTION_WINDOW;
      this.#tellOutput();
    }
    const stream = this.#streams.get(id);
    if (stream === undefined) this.#guard.spend("frames for closed streams");
    else stream.receiveFrame(length);
  }

  #onRstStream(id: number, payload: Uint8Array): void {
    requireLength(payload, 4, "RST_STREAM");
    if (!this.#isOpened(id)) throw new Http2Fault(ErrorCode.protocolError, "a reset of a stream that is not open");
    const stream = this.#streams.get(id);
    const code = readUint32(payload, 0);
    if (stream === undefined) this.#guard.spend("reset");
    else stream.receiveReset(code, nameErrorCode(code));
  }

  #onSettings(flags: number, stream: number, payload: Uint8Array): void {
    this.#requireConnection(stream, "SETTINGS");
    if ((flags & Flag.ack) !== 0) {
      requireLength(payload, 0, "SETTINGS");
      this.#guard.spend("settings");
      return;
    }
    if (this.#hasSettings) this.#guard.spend("settings");
    this.#hasSettings = true;
    const before = this.#peer.initialWindowSize;
    const entries = this.#peer.learn(payload);
    for (let entry = 16; entry < entries; entry += 1) this.#guard.spend("settings");
    this.#encoder.limitTable(this.#peer.headerTableSize);
    const opened = this.#peer.initialWindowSize - before;
    if (opened !== 0) for (const open of this.#streams.values()) open.openSendWindow(opened);
    this.#writer.settingsAck();
    this.#answer();
    if (opened > 0) this.#wake();
    this.#events.onCapacity();
  }

  #onPing(flags: number, stream: number, payload: Uint8Array): void {
    this.#requireConnection(stream, "PING");
    requireLength(payload, 8, "PING");
    this.#guard.spend("ping");
    if ((flags & Flag.ack) !== 0) {
      this.#events.onPong();
      return;
    }
    this.#writer.ping(payload, true);
    this.#answer();
  }

  #onGoAway(stream: number, payload: Uint8Array): void {
    this.#requireConnection(stream, "GOAWAY");
    if (payload.length < 8) throw new Http2Fault(ErrorCode.frameSizeError, "GOAWAY of a wrong length");
    this.#guard.spend("goaway");
    const last = readUint32(payload, 0) & LAST_STREAM;
    const code = readUint32(payload, 4);
    this.#goneAway = code;
    this.#events.onGoAway(code);
    for (const [id, open] of [...this.#streams]) if (id > last) open.fail({ type: "unprocessed" });
  }

  #onWindowUpdate(id: number, payload: Uint8Array): void {
    requireLength(payload, 4, "WINDOW_UPDATE");
    this.#guard.spend("window updates");
    const increment = readUint32(payload, 0) & WINDOW_LIMIT;
    if (increment === 0) throw new Http2Fault(ErrorCode.protocolError, "a window that opens by nothing");
    if (id !== 0) {
      if (!this.#isOpened(id)) throw new Http2Fault(ErrorCode.protocolError, "a window of a stream that is not open");
      this.#streams.get(id)?.openSendWindow(increment);
    } else {
      this.#sendWindow += increment;
      if (this.#sendWindow > WINDOW_LIMIT) throw new Http2Fault(ErrorCode.flowControlError, "a window beyond 2^31-1");
    }
    this.#wake();
  }

  /** Has those that wait send what they may, in turn: whoever has to wait again waits behind the others. */
  #wake(): void {
    for (const stream of [...this.#waiting]) {
      if (this.#sendWindow <= 0) return;
      if (stream.sendable === 0) continue;
      this.#waiting.delete(stream);
      stream.writable();
    }
  }

  #answer(): void {
    this.#answers += 1;
    if (this.#answers > ANSWERS_LIMIT) {
      throw new Http2Fault(ErrorCode.enhanceYourCalm, "it reads no answers", "answers that it does not read");
    }
    this.#tellOutput();
  }

  /** Whether this is the number of a stream that was opened, and may be closed by now. */
  #isOpened(id: number): boolean {
    return id % 2 === 1 && id < this.#nextStream;
  }

  #requireConnection(stream: number, frame: string): void {
    if (stream !== 0) throw new Http2Fault(ErrorCode.protocolError, `${frame} on a stream`);
  }

  #tellOutput(): void {
    if (this.#isOutputTold) return;
    this.#isOutputTold = true;
    this.#events.onOutput();
  }
}

function requireLength(payload: Uint8Array, length: number, frame: string): void {
  if (payload.length !== length) throw new Http2Fault(ErrorCode.frameSizeError, `${frame} of a wrong length`);
}

function readUint32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  );
}
