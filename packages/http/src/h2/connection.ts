import { Http2Fault } from "./fault.ts";
import { FieldBlocks, type FieldBlock } from "./field-blocks.ts";
import type { FlatFields } from "./field-rules.ts";
import { FloodGuard } from "./flood-guard.ts";
import type { FlowStream, StreamPort } from "./flow-stream.ts";
import { FrameReader, type FrameSink } from "./frame-reader.ts";
import { FrameWriter } from "./frame-writer.ts";
import { DEFAULT_FRAME_SIZE, DEFAULT_WINDOW, ErrorCode, Flag, FrameType, LAST_STREAM, WINDOW_LIMIT } from "./frames.ts";
import { HpackError } from "./hpack/decoder.ts";
import { HpackEncoder } from "./hpack/encoder.ts";
import type { PeerSettings } from "./peer-settings.ts";
import type { WindowPlan } from "./stream-windows.ts";

/** What is told of a connection. None of these may throw. */
export interface Http2ConnectionEvents {
  /** There is something to write: `takeOutput`. Told once until it is taken. */
  onOutput(): void;
  /** The peer takes its leave: it opens, or takes, no more requests; those under way go on. */
  onGoAway(code: number): void;
  /** The answer to `ping`. */
  onPong(): void;
  /** The peer broke a rule: once `takeOutput` is written the connection has to be closed. Its streams are told nothing more. */
  onFault(fault: Http2Fault): void;
}

/** Answers to SETTINGS and PING that wait to be written; a peer that does not read them sends no more. */
const ANSWERS_LIMIT = 4_000;
const PING = Uint8Array.of(0x66, 0x61, 0x69, 0x72, 0x6c, 0x65, 0x61, 0x64);
/** Data of this size that came is worth a frame of each kind. */
const RECEIVED_WORTH_BYTES = 1_024;
/** Data of this size that was sent is worth what it takes to make room for it. */
const SENT_WORTH_BYTES = 128;

/**
 * What both ends of an HTTP/2 connection have in common: frames, field blocks, flow control, settings, floods. Octets go in,
 * what happens is told to the events, and octets to write come out. It opens nothing, waits for nothing and knows the time
 * only from what it is told.
 *
 * @see RFC 9113
 */
export abstract class Http2Connection<Stream extends FlowStream> {
  protected readonly writer = new FrameWriter();
  protected readonly guard = new FloodGuard();
  protected readonly peer: PeerSettings;
  protected readonly streams = new Map<number, Stream>();
  protected readonly port: StreamPort;
  readonly #events: Http2ConnectionEvents;
  readonly #reader: FrameReader;
  readonly #encoder = new HpackEncoder();
  readonly #blocks: FieldBlocks;
  /** Those that wait until they may send, in turn. */
  readonly #waiting = new Set<FlowStream>();
  #sendWindow = DEFAULT_WINDOW;
  #receiveWindow: number;
  #hasSettings = false;
  #isOver = false;
  #answers = 0;
  #isOutputTold = false;

  /** @param fieldsLimit octets of the names and values of a message's fields, with 32 for each. */
  protected constructor(events: Http2ConnectionEvents, peer: PeerSettings, windows: WindowPlan, fieldsLimit: number) {
    this.#events = events;
    this.peer = peer;
    this.#blocks = new FieldBlocks(fieldsLimit);
    this.#reader = new FrameReader(this.#sink());
    this.port = this.#streamPort(windows);
    this.#receiveWindow = windows.connection;
  }

  /** Whether the peer's settings have come. */
  get isSettled(): boolean {
    return this.#hasSettings;
  }

  /** Whether a field block has come in part. */
  get isReadingHead(): boolean {
    return this.#blocks.isOpen || this.#reader.isGathering;
  }

  /** Requests that are under way. */
  get openStreams(): number {
    return this.streams.size;
  }

  /** Octets that wait for `takeOutput`. */
  get outputLength(): number {
    return this.writer.length;
  }

  /** What has to be written, in order. */
  takeOutput(): readonly Uint8Array[] {
    this.#isOutputTold = false;
    this.#answers = 0;
    return this.writer.take();
  }

  /** Asks for a sign of life. */
  ping(): void {
    this.writer.ping(PING, false);
    this.tellOutput();
  }

  /** Nothing more is told. */
  end(): void {
    this.#isOver = true;
    this.streams.clear();
    this.#waiting.clear();
  }

  /**
   * Takes in what came.
   *
   * @param now milliseconds that only ever grow; what they count from does not matter.
   */
  receive(bytes: Uint8Array, now: number): void {
    if (this.#isOver) return;
    this.guard.tick(now);
    try {
      this.#reader.read(bytes);
    } catch (error) {
      const fault = error instanceof HpackError ? new Http2Fault(ErrorCode.compressionError, error.message) : error;
      if (!(fault instanceof Http2Fault)) throw error;
      this.fail(fault);
    }
  }

  protected get isOver(): boolean {
    return this.#isOver;
  }

  /** The number of the last stream of the peer that was looked at. */
  protected abstract get lastPeerStream(): number;
  /** Whether this is the number of a stream that was opened, and may be closed by now. */
  protected abstract isOpened(id: number): boolean;
  /** A field block begins. @throws Http2Fault where none may. */
  protected abstract checkHeaders(id: number): void;
  /** A field block is whole; `undefined` where its stream is not open. */
  protected abstract receiveBlock(block: FieldBlock, stream: Stream | undefined): void;
  /** A part of a message for a stream that is closed. @throws Http2Fault where that is more than bad timing. */
  protected abstract receiveClosed(id: number): void;
  /** A reset of a stream that is open. */
  protected abstract receiveReset(stream: Stream, code: number): void;
  /** A stream was given up by us. */
  protected abstract resetSent(stream: Stream): void;
  protected abstract receiveGoAway(last: number, code: number): void;
  /** The peer knows our settings. */
  protected abstract receiveSettingsAck(): void;
  /** The peer's settings may have changed, or a stream has closed. */
  protected abstract capacityChanged(): void;

  protected tellOutput(): void {
    if (this.#isOutputTold) return;
    this.#isOutputTold = true;
    this.#events.onOutput();
  }

  /** Ends the connection for what the peer did. */
  protected fail(fault: Http2Fault): void {
    this.end();
    this.writer.goAway(this.lastPeerStream, fault.code);
    this.tellOutput();
    this.#events.onFault(fault);
  }

  protected sendFields(id: number, fields: FlatFields, isLast: boolean): void {
    this.writer.headers(id, isLast, DEFAULT_FRAME_SIZE, (into) => {
      for (let index = 0; index < fields.length; index += 2) {
        this.#encoder.encode(fields[index] ?? "", fields[index + 1] ?? "", into);
      }
    });
    this.tellOutput();
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
        this.streams.get(id)?.receiveData(data);
      },
      onPadding: (id, length): void => {
        this.streams.get(id)?.read(length);
      },
      onDataEnd: (id): void => {
        this.streams.get(id)?.receiveEnd();
      },
    };
  }

  #streamPort(windows: WindowPlan): StreamPort {
    const connectionWindow = (): number => this.#sendWindow;
    return {
      windows,
      get connectionWindow() {
        return connectionWindow();
      },
      sendFields: (stream, fields, isLast): void => {
        if (isLast) this.guard.earn(4);
        this.sendFields(stream.id, fields, isLast);
      },
      sendData: (stream, data, isLast): void => {
        this.#sendData(stream, data, isLast);
      },
      sendReset: (stream, code): void => {
        this.writer.rstStream(stream.id, code);
        // The only streams that were given this port.
        this.resetSent(stream as Stream);
        this.tellOutput();
      },
      giveBack: (stream, increment): void => {
        this.writer.windowUpdate(stream.id, increment);
        this.tellOutput();
      },
      wait: (stream): void => {
        this.#waiting.add(stream);
      },
      closed: (stream): void => {
        this.#waiting.delete(stream);
        if (this.streams.delete(stream.id)) this.capacityChanged();
      },
    };
  }

  #sendData(stream: FlowStream, data: Uint8Array, isLast: boolean): void {
    this.#sendWindow -= data.length;
    const size = this.peer.maxFrameSize;
    // Who opens its window bit by bit pays for every bit itself.
    const isWorth = data.length >= SENT_WORTH_BYTES || stream.sendable > 0;
    let from = 0;
    do {
      const piece = data.subarray(from, from + size);
      from += piece.length;
      this.writer.data(stream.id, piece, isLast && from === data.length);
      if (isWorth) this.guard.earn(4);
    } while (from < data.length);
    this.tellOutput();
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
        this.checkHeaders(stream);
        this.#onBlock(this.#blocks.begin(flags, stream, payload));
        break;
      case FrameType.continuation:
        if (payload.length === 0) this.guard.spend("empty frames");
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
        this.#onPriority(stream, payload);
        break;
      default:
        // RFC 9113 section 5.5.
        this.guard.spend("frames of unknown types");
    }
  }

  #onBlock(block: FieldBlock | undefined): void {
    if (block !== undefined) this.receiveBlock(block, this.streams.get(block.stream));
  }

  #onDataFrame(id: number, length: number, isEmpty: boolean): void {
    if (!this.#hasSettings || this.#blocks.isOpen || !this.isOpened(id)) {
      throw new Http2Fault(ErrorCode.protocolError, "data where none may be");
    }
    if (isEmpty) this.guard.spend("empty frames");
    else if (length >= RECEIVED_WORTH_BYTES) this.guard.earn(1);
    this.#receiveWindow -= length;
    if (this.#receiveWindow < 0) throw new Http2Fault(ErrorCode.flowControlError, "more data than its window allows");
    const { connection } = this.port.windows;
    if (this.#receiveWindow < connection / 2) {
      this.writer.windowUpdate(0, connection - this.#receiveWindow);
      this.#receiveWindow = connection;
      this.tellOutput();
    }
    const stream = this.streams.get(id);
    if (stream === undefined) this.receiveClosed(id);
    else stream.receiveFrame(length);
  }

  #onPriority(id: number, payload: Uint8Array): void {
    // It says nothing any more. RFC 9113 section 5.3.2.
    if (id === 0) throw new Http2Fault(ErrorCode.protocolError, "PRIORITY of the connection");
    requireLength(payload, 5, "PRIORITY");
    this.guard.spend("priority");
  }

  #onRstStream(id: number, payload: Uint8Array): void {
    requireLength(payload, 4, "RST_STREAM");
    if (!this.isOpened(id)) throw new Http2Fault(ErrorCode.protocolError, "a reset of a stream that is not open");
    const stream = this.streams.get(id);
    const code = readUint32(payload, 0);
    if (stream === undefined) this.guard.spend("reset");
    else this.receiveReset(stream, code);
  }

  #onSettings(flags: number, stream: number, payload: Uint8Array): void {
    requireConnection(stream, "SETTINGS");
    if ((flags & Flag.ack) !== 0) {
      requireLength(payload, 0, "SETTINGS");
      this.guard.spend("settings");
      this.receiveSettingsAck();
      return;
    }
    if (this.#hasSettings) this.guard.spend("settings");
    this.#hasSettings = true;
    const before = this.peer.initialWindowSize;
    const entries = this.peer.learn(payload);
    for (let entry = 16; entry < entries; entry += 1) this.guard.spend("settings");
    this.#encoder.limitTable(this.peer.headerTableSize);
    const opened = this.peer.initialWindowSize - before;
    if (opened !== 0) for (const open of this.streams.values()) open.openSendWindow(opened);
    this.writer.settingsAck();
    this.#answer();
    if (opened > 0) this.#wake();
    this.capacityChanged();
  }

  #onPing(flags: number, stream: number, payload: Uint8Array): void {
    requireConnection(stream, "PING");
    requireLength(payload, 8, "PING");
    this.guard.spend("ping");
    if ((flags & Flag.ack) !== 0) {
      this.#events.onPong();
      return;
    }
    this.writer.ping(payload, true);
    this.#answer();
  }

  #onGoAway(stream: number, payload: Uint8Array): void {
    requireConnection(stream, "GOAWAY");
    if (payload.length < 8) throw new Http2Fault(ErrorCode.frameSizeError, "GOAWAY of a wrong length");
    this.guard.spend("goaway");
    this.receiveGoAway(readUint32(payload, 0) & LAST_STREAM, readUint32(payload, 4));
  }

  #onWindowUpdate(id: number, payload: Uint8Array): void {
    requireLength(payload, 4, "WINDOW_UPDATE");
    this.guard.spend("window updates");
    const increment = readUint32(payload, 0) & WINDOW_LIMIT;
    if (increment === 0) throw new Http2Fault(ErrorCode.protocolError, "a window that opens by nothing");
    if (id !== 0) {
      if (!this.isOpened(id)) throw new Http2Fault(ErrorCode.protocolError, "a window of a stream that is not open");
      this.streams.get(id)?.openSendWindow(increment);
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
    this.tellOutput();
  }
}

function requireConnection(stream: number, frame: string): void {
  if (stream !== 0) throw new Http2Fault(ErrorCode.protocolError, `${frame} on a stream`);
}

function requireLength(payload: Uint8Array, length: number, frame: string): void {
  if (payload.length !== length) throw new Http2Fault(ErrorCode.frameSizeError, `${frame} of a wrong length`);
}

function readUint32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  );
}
