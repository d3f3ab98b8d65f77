import { ProtocolError, type ProtocolErrorCode } from "@fairlead/core";
import { CloseCode, mayBeSent } from "./close-codes.ts";
import { LONGEST_FRAME_HEAD } from "./frame-head.ts";
import { findFrameFault, type FrameContext, frameHeadLength, readPayloadLength } from "./frame-rules.ts";
import { GrowingOctets } from "./growing-octets.ts";
import { DEFAULT_WEBSOCKET_LIMITS, type WebSocketLimits } from "./limits.ts";
import { applyMask, copyMasked } from "./mask.ts";
import type { MessageSink } from "./message-sink.ts";
import { CONTROL_PAYLOAD_LIMIT, Opcode } from "./opcodes.ts";
import { PLAIN_PLATFORM, type WebSocketPlatform } from "./platform.ts";
import { Utf8Check } from "./utf8-check.ts";

/** What a reader is made with. */
export interface MessageReaderOptions {
  /** The reader's own side: its peer is the other one. */
  readonly role: "client" | "server";
  /** Whether compression was agreed. */
  readonly allowsCompression?: boolean;
  /** Named in errors: `host:port`. */
  readonly peer?: string | undefined;
  readonly limits?: Partial<WebSocketLimits> | undefined;
  readonly platform?: WebSocketPlatform;
}

/** What a compressor may add to a message that it cannot make smaller, generously. */
const DEFLATE_ALLOWANCE = 1_024;

/**
 * Reads what comes on a WebSocket behind its handshake: bytes in, messages out, the same whether it is fed whole or byte by
 * byte. What a rule forbids is refused, and what exceeds a limit is refused before it is kept.
 *
 * @example
 * socket.on("data", (bytes) => reader.read(bytes));
 *
 * @see RFC 6455 section 5
 */
export class MessageReader {
  readonly #sink: MessageSink;
  readonly #peer: string | undefined;
  readonly #limits: WebSocketLimits;
  readonly #platform: WebSocketPlatform;
  readonly #context: FrameContext;

  readonly #head = new Uint8Array(LONGEST_FRAME_HEAD);
  #headLength = 0;

  #opcode = 0;
  #isFinal = false;
  #frameLength = 0;
  /** Octets of the frame's payload that are still to come; -1 before its head. */
  #left = -1;
  /** The frame's own, where frames are masked. */
  readonly #key = new Uint8Array(4);
  #control: Uint8Array | undefined;

  /** Opcode of the message that has begun; 0 when none has. */
  #message = 0;
  #isCompressed = false;
  #fragments = 0;
  /** Octets of the message as announced so far. */
  #announced = 0;
  readonly #octets: GrowingOctets;
  readonly #utf8: Utf8Check;

  #isPaused = false;
  #isClosed = false;
  #failure: ProtocolError | undefined;

  constructor(sink: MessageSink, options: MessageReaderOptions) {
    const { role, allowsCompression = false, peer, limits, platform = PLAIN_PLATFORM } = options;
    this.#sink = sink;
    this.#peer = peer;
    this.#limits = { ...DEFAULT_WEBSOCKET_LIMITS, ...limits };
    this.#platform = platform;
    this.#context = { isServer: role === "server", allowsCompression };
    this.#octets = new GrowingOctets(platform);
    this.#utf8 = new Utf8Check(platform);
  }

  /** Whether the end of the stream would cut something: a frame or a message has begun and not ended. */
  get isAmid(): boolean {
    return this.#headLength > 0 || this.#left !== -1 || this.#message !== 0;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Tells nothing more until {@link resume}. */
  pause(): void {
    this.#isPaused = true;
  }

  /** What was not read is to be read now: call {@link read} with it. */
  resume(): void {
    this.#isPaused = false;
  }

  /**
   * Reads bytes from `from` on. What comes behind a Close is nobody's, and passed over.
   *
   * @returns how far it came: short of the length when it is paused.
   * @throws ProtocolError WEBSOCKET_FRAME_INVALID, WEBSOCKET_TEXT_INVALID or WEBSOCKET_MESSAGE_LIMIT with what is wrong; the
   * same for ever after.
   */
  read(bytes: Uint8Array, from = 0): number {
    if (this.#failure !== undefined) throw this.#failure;
    let at = from;
    while (!this.#isPaused && !this.#isClosed) {
      if (this.#left === -1) {
        at = this.#readHead(bytes, at);
        // Assigned in `#begin`, which the compiler does not see.
        if ((this.#left as number) === -1) return at;
      }
      if (at === bytes.length && this.#left > 0) return at;
      at = this.#opcode >= Opcode.close ? this.#readControl(bytes, at) : this.#readData(bytes, at);
    }
    return this.#isClosed ? bytes.length : at;
  }

  /** Reads a head, or a part of one, and returns how far it came. */
  #readHead(bytes: Uint8Array, from: number): number {
    const available = bytes.length - from;
    if (this.#headLength === 0 && available >= 2) {
      const length = frameHeadLength(bytes[from + 1] ?? 0);
      if (available >= length) {
        this.#begin(bytes, from, from + length);
        return from + length;
      }
    }
    for (let at = from; at < bytes.length; at += 1) {
      this.#head[this.#headLength] = bytes[at] ?? 0;
      this.#headLength += 1;
      if (this.#headLength >= 2 && this.#headLength === frameHeadLength(this.#head[1] ?? 0)) {
        const length = this.#headLength;
        this.#headLength = 0;
        this.#begin(this.#head, 0, length);
        return at + 1;
      }
    }
    return bytes.length;
  }

  #begin(head: Uint8Array, at: number, end: number): void {
    const first = head[at] ?? 0;
    const fault = findFrameFault(first, head[at + 1] ?? 0, this.#context, this.#message !== 0);
    if (fault !== undefined) throw this.#fail("WEBSOCKET_FRAME_INVALID", fault);
    const length = readPayloadLength(head, at);
    if (typeof length === "string") throw this.#fail("WEBSOCKET_FRAME_INVALID", length);
    this.#opcode = first & 0x0f;
    this.#isFinal = (first & 0x80) !== 0;
    if (this.#opcode < Opcode.close) this.#beginData(length, (first & 0x40) !== 0);
    if (this.#context.isServer) {
      for (let index = 0; index < 4; index += 1) this.#key[index] = head[end - 4 + index] ?? 0;
    }
    this.#frameLength = length;
    this.#left = length;
  }

  #beginData(length: number, isCompressed: boolean): void {
    if (this.#opcode !== Opcode.continuation) {
      this.#message = this.#opcode;
      this.#isCompressed = isCompressed;
      this.#fragments = 0;
      this.#announced = 0;
    }
    this.#fragments += 1;
    this.#announced += length;
    const { messageBytes, frameBytes, fragments } = this.#limits;
    const messageLimit = this.#isCompressed ? 2 * messageBytes + DEFLATE_ALLOWANCE : messageBytes;
    if (length > frameBytes) throw this.#exceed(`${String(frameBytes)} octets of a frame`);
    if (this.#announced > messageLimit) throw this.#exceed(`${String(messageBytes)} octets`);
    if (this.#fragments > fragments) throw this.#exceed(`${String(fragments)} fragments`);
  }

  #readData(bytes: Uint8Array, at: number): number {
    const count = Math.min(bytes.length - at, this.#left);
    const phase = this.#frameLength - this.#left;
    const isFrameEnd = count === this.#left;
    const isEnd = isFrameEnd && this.#isFinal;
    const isText = this.#message === Opcode.text;
    this.#left = isFrameEnd ? -1 : this.#left - count;
    if (isEnd) this.#message = 0;
    const end = at + count;
    if (this.#isCompressed) this.#sink.onDeflated(this.#unmask(bytes, at, end, phase), isText, isEnd);
    else if (isEnd && phase === 0 && this.#fragments === 1) this.#tellWhole(bytes, at, end, isText);
    else this.#gather(bytes, at, end, phase, isText, isEnd);
    return end;
  }

  /** Tells a message that came in one piece. */
  #tellWhole(bytes: Uint8Array, at: number, end: number, isText: boolean): void {
    if (!isText) this.#sink.onBinary(this.#unmask(bytes, at, end, 0));
    else if (this.#context.isServer) this.#tellText(this.#unmask(bytes, at, end, 0), 0, end - at);
    else this.#tellText(bytes, at, end);
  }

  #gather(bytes: Uint8Array, at: number, end: number, phase: number, isText: boolean, isEnd: boolean): void {
    const start = this.#octets.length;
    const octets = this.#octets.put(bytes, at, end, Math.max(this.#left, 0));
    const length = this.#octets.length;
    if (this.#context.isServer) applyMask(octets, start, length, this.#key, phase);
    if (isText && !this.#utf8.take(octets, start, length)) throw this.#failText();
    if (!isEnd) return;
    const message = this.#octets.take();
    if (!isText) this.#sink.onBinary(message);
    else if (this.#utf8.isWhole) this.#tellText(message, 0, length);
    else throw this.#failText();
  }

  #tellText(octets: Uint8Array, start: number, end: number): void {
    const text = this.#platform.decodeUtf8(octets, start, end);
    if (text === undefined) throw this.#failText();
    this.#sink.onText(text);
  }

  /** A part of what came, or, where it is masked, a copy that is not. */
  #unmask(bytes: Uint8Array, at: number, end: number, phase: number): Uint8Array {
    if (!this.#context.isServer) return bytes.subarray(at, end);
    const octets = this.#platform.allocate(end - at);
    if (phase === 0) {
      copyMasked(bytes, at, end, octets, this.#key);
    } else {
      octets.set(bytes.subarray(at, end));
      applyMask(octets, 0, octets.length, this.#key, phase);
    }
    return octets;
  }

  #readControl(bytes: Uint8Array, at: number): number {
    const control = (this.#control ??= new Uint8Array(CONTROL_PAYLOAD_LIMIT));
    const length = this.#frameLength;
    const have = length - this.#left;
    const count = Math.min(bytes.length - at, this.#left);
    for (let index = 0; index < count; index += 1) control[have + index] = bytes[at + index] ?? 0;
    this.#left -= count;
    if (this.#left > 0) return at + count;
    this.#left = -1;
    if (this.#context.isServer) applyMask(control, 0, length, this.#key, 0);
    const payload = control.subarray(0, length);
    if (this.#opcode === Opcode.ping) this.#sink.onPing(payload);
    else if (this.#opcode === Opcode.pong) this.#sink.onPong(payload);
    else this.#readClose(payload);
    return at + count;
  }

  /** RFC 6455 section 5.5.1. */
  #readClose(payload: Uint8Array): void {
    let code: number = CloseCode.none;
    let reason: string | undefined = "";
    if (payload.length === 1) throw this.#fail("WEBSOCKET_FRAME_INVALID", "a Close with half a code");
    if (payload.length > 1) {
      code = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
      if (!mayBeSent(code)) throw this.#fail("WEBSOCKET_FRAME_INVALID", `a Close with the code ${String(code)}`);
      reason = this.#platform.decodeUtf8(payload, 2, payload.length);
      if (reason === undefined) throw this.#fail("WEBSOCKET_TEXT_INVALID", "the reason of a Close");
    }
    this.#isClosed = true;
    this.#sink.onClose(code, reason);
  }

  #exceed(limit: string): ProtocolError {
    return this.#fail("WEBSOCKET_MESSAGE_LIMIT", `more than ${limit}`);
  }

  #failText(): ProtocolError {
    return this.#fail("WEBSOCKET_TEXT_INVALID", undefined);
  }

  #fail(code: ProtocolErrorCode, detail: string | undefined): ProtocolError {
    this.#failure = new ProtocolError(code, { peer: this.#peer, operation: "read", detail });
    return this.#failure;
  }
}
