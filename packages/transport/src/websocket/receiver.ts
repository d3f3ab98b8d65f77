import { ProtocolError } from "@fairlead/core";
import {
  CloseCode,
  closeCodeFor,
  DEFAULT_WEBSOCKET_LIMITS,
  type DeflateParameters,
  MessageReader,
  type MessageSink,
} from "@fairlead/http/websocket";
import type { Duplex } from "node:stream";
import { compressionOf } from "./compression.ts";
import type { WebSocketConnectionOptions } from "./contract.ts";
import { Inflater } from "./inflater.ts";
import { NODE_PLATFORM } from "./node-platform.ts";

/** A peer that sends more than this once nothing is heard any more does not read either. */
const DISCARD_LIMIT = 1_048_576;

/** Who is told what a receiver hears. None of them throws. */
export interface ReceiverHearer {
  onMessage(data: string | Uint8Array): void;
  /** @param payload to be looked at during the call only. */
  onPing(payload: Uint8Array): void;
  /** @param payload to be looked at during the call only. */
  onPong(payload: Uint8Array): void;
  onClose(code: number, reason: string): void;
  /** A rule is broken, and nothing more is heard; the code is what the peer is to be told. */
  onFault(error: unknown, closeCode: number): void;
  /** Something is going to be heard: what is sent until {@link onHeard} may be written together. */
  onHearing(): void;
  onHeard(): void;
}

/** Hears what comes on a stream, decompressed and in order, as fast as its hearer wants it. */
export class Receiver {
  readonly #stream: Duplex;
  readonly #hearer: ReceiverHearer;
  readonly #options: WebSocketConnectionOptions;
  readonly #reader: MessageReader;
  #inflater: Inflater | undefined;
  #isPaused = false;
  #isInflating = false;
  #isDone = false;
  #discardedBytes = 0;
  /** What came and was not read. */
  #rest: Uint8Array | undefined;
  /** What waits until all that came was heard. */
  #afterwards: (() => void)[] = [];

  constructor(stream: Duplex, options: WebSocketConnectionOptions, hearer: ReceiverHearer) {
    const { role, deflate, peer, limits } = options;
    this.#stream = stream;
    this.#hearer = hearer;
    this.#options = options;
    const allowsCompression = deflate !== undefined;
    const platform = NODE_PLATFORM;
    this.#reader = new MessageReader(this.#sink(), { role, allowsCompression, peer, limits, platform });
  }

  /** Whether a frame or a message has begun and not ended. */
  get isAmid(): boolean {
    return this.#reader.isAmid;
  }

  /** Whether nothing is read just now. */
  get isHeld(): boolean {
    return this.#reader.isPaused;
  }

  /** Takes what came. */
  readonly take = (chunk: Uint8Array): void => {
    if (this.#isDone) {
      this.#discardedBytes += chunk.length;
      if (this.#discardedBytes > DISCARD_LIMIT) this.#stream.destroy();
      return;
    }
    this.#hearer.onHearing();
    try {
      const at = this.#reader.read(chunk);
      this.#rest = at < chunk.length ? chunk.subarray(at) : undefined;
    } catch (error) {
      this.#hearer.onFault(error, error instanceof ProtocolError ? closeCodeFor(error.code) : CloseCode.internalError);
    }
    this.#hearer.onHeard();
  };

  /**
   * Calls back once all that has come was heard, which is now where nothing waits: sockets tell of their end even while they
   * are paused.
   */
  whenHeard(then: () => void): void {
    if (this.#isDone || (this.#rest === undefined && !this.#isInflating)) then();
    else this.#afterwards.push(then);
  }

  pause(): void {
    this.#isPaused = true;
    this.#hold();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#goOn();
  }

  /**
   * Hears nothing more, and throws away what comes, up to a limit: a stream that is not read to its end would be reset, and
   * what was sent last be lost.
   */
  discard(): void {
    this.#isDone = true;
    this.#reader.pause();
    this.#rest = undefined;
    this.#inflater?.close();
    this.#stream.resume();
    if (this.#afterwards.length > 0) {
      process.nextTick(() => {
        this.#goThen();
      });
    }
  }

  #hold(): void {
    this.#reader.pause();
    this.#stream.pause();
  }

  #goOn(): void {
    if (this.#isPaused || this.#isInflating || this.#isDone) return;
    this.#reader.resume();
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest !== undefined) this.take(rest);
    // Whoever was told of something just now may have paused again.
    if (this.#reader.isPaused) return;
    this.#stream.resume();
    this.#goThen();
  }

  #goThen(): void {
    const afterwards = this.#afterwards;
    this.#afterwards = [];
    for (const then of afterwards) then();
  }

  #sink(): MessageSink {
    const hearer = this.#hearer;
    return {
      onText: (text) => {
        hearer.onMessage(text);
      },
      onBinary: (octets) => {
        hearer.onMessage(octets);
      },
      onDeflated: (piece, isText, isEnd) => {
        this.#inflate(piece, isText, isEnd);
      },
      onPing: (payload) => {
        hearer.onPing(payload);
      },
      onPong: (payload) => {
        hearer.onPong(payload);
      },
      onClose: (code, reason) => {
        hearer.onClose(code, reason);
      },
    };
  }

  /** Reads nothing more before the piece is decompressed: so much may wait, and the order stays. */
  #inflate(piece: Uint8Array, isText: boolean, isEnd: boolean): void {
    this.#isInflating = true;
    this.#hold();
    this.#inflater ??= this.#openInflater();
    this.#inflater.take(piece, isText, isEnd, (failure, message) => {
      this.#isInflating = false;
      if (failure !== undefined) {
        this.#hearer.onFault(failure, closeCodeFor(failure.code));
        return;
      }
      this.#hearer.onHearing();
      if (message !== undefined) this.#hearer.onMessage(isText ? message.toString() : message);
      this.#hearer.onHeard();
      this.#goOn();
    });
  }

  #openInflater(): Inflater {
    const { role, deflate, limits, peer } = this.#options;
    const messageBytes = limits?.messageBytes ?? DEFAULT_WEBSOCKET_LIMITS.messageBytes;
    const compression = compressionOf(role === "client" ? "server" : "client", deflate ?? NO_TERMS);
    return new Inflater({ ...compression, messageBytes, peer });
  }
}

/** Never asked: compressed frames are refused where nothing was agreed. */
const NO_TERMS: DeflateParameters = {
  serverNoContextTakeover: false,
  clientNoContextTakeover: false,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
};
