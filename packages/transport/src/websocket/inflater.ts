import { ProtocolError } from "@fairlead/core";
import { Utf8Check } from "@fairlead/http/websocket";
import { constants, createInflateRaw, type InflateRaw } from "node:zlib";
import type { Compression } from "./compression.ts";
import { NODE_PLATFORM } from "./node-platform.ts";

/** What the sender of a message left out. RFC 7692 section 7.2.2. */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/** How a peer compresses, and how much it may send. */
export interface InflaterOptions extends Compression {
  /** Octets of a message; decompressing stops there. */
  readonly messageBytes: number;
  readonly peer: string | undefined;
}

/** A whole message; or `undefined` where more of it has to come. */
export type Inflated = Buffer | undefined;

/** Decompresses the messages of one peer, one piece at a time. */
export class Inflater {
  readonly #options: InflaterOptions;
  readonly #utf8 = new Utf8Check(NODE_PLATFORM);
  #engine: InflateRaw | undefined;
  #isText = false;
  #chunks: Buffer[] = [];
  #length = 0;
  /** Whether a final block came: nothing but padding may follow it. RFC 7692 section 7.2.3.4. */
  #isFinished = false;
  #done: ((failure: ProtocolError | undefined, message: Inflated) => void) | undefined;

  constructor(options: InflaterOptions) {
    this.#options = options;
  }

  /**
   * Takes a piece of a message.
   *
   * @param done is called later, once, with what is wrong (WEBSOCKET_DEFLATE_INVALID, WEBSOCKET_TEXT_INVALID,
   * WEBSOCKET_MESSAGE_LIMIT), or the message if this was its end; not called after {@link close}.
   */
  take(
    piece: Uint8Array,
    isText: boolean,
    isEnd: boolean,
    done: (failure: ProtocolError | undefined, message: Inflated) => void,
  ): void {
    this.#isText = isText;
    this.#done = done;
    const input = isEnd ? Buffer.concat([piece, TAIL]) : piece;
    if (this.#isFinished) {
      process.nextTick(() => {
        this.#finishPiece(input, 0, isEnd);
      });
      return;
    }
    const engine = (this.#engine ??= this.#open());
    const before = engine.bytesWritten;
    engine.write(input, (error) => {
      if (error === null || error === undefined) this.#finishPiece(input, engine.bytesWritten - before, isEnd);
    });
  }

  /** Gives its memory back; nothing is told any more. */
  close(): void {
    this.#done = undefined;
    this.#chunks = [];
    this.#engine?.close();
    this.#engine = undefined;
  }

  #open(): InflateRaw {
    const engine = createInflateRaw({ windowBits: this.#options.windowBits, flush: constants.Z_SYNC_FLUSH });
    engine.on("data", (chunk: Buffer) => {
      this.#gather(chunk);
    });
    engine.on("error", (cause) => {
      this.#fail("WEBSOCKET_DEFLATE_INVALID", undefined, cause);
    });
    return engine;
  }

  #gather(chunk: Buffer): void {
    if (this.#done === undefined) return;
    this.#length += chunk.length;
    if (this.#length > this.#options.messageBytes) {
      this.#fail("WEBSOCKET_MESSAGE_LIMIT", `more than ${String(this.#options.messageBytes)} octets, decompressed`);
    } else if (this.#isText && !this.#utf8.take(chunk, 0, chunk.length)) {
      this.#fail("WEBSOCKET_TEXT_INVALID");
    } else {
      this.#chunks.push(chunk);
    }
  }

  /** @param consumed how much of the input the engine wanted; less than all behind a final block. */
  #finishPiece(input: Uint8Array, consumed: number, isEnd: boolean): void {
    if (this.#done === undefined) return;
    if (consumed < input.length) {
      this.#isFinished = true;
      const padding = input.subarray(consumed, isEnd ? Math.max(consumed, input.length - TAIL.length) : undefined);
      if (padding.some((octet) => octet !== 0)) {
        this.#fail("WEBSOCKET_DEFLATE_INVALID", "data behind the final block");
        return;
      }
    }
    const done = this.#done;
    if (!isEnd) {
      this.#done = undefined;
      done(undefined, undefined);
      return;
    }
    if (this.#isText && !this.#utf8.isWhole) {
      this.#fail("WEBSOCKET_TEXT_INVALID");
      return;
    }
    const [first = Buffer.alloc(0), ...others] = this.#chunks;
    const message = others.length === 0 ? first : Buffer.concat(this.#chunks, this.#length);
    this.#renew();
    this.#done = undefined;
    done(undefined, message);
  }

  #renew(): void {
    this.#chunks = [];
    this.#length = 0;
    if (this.#isFinished) {
      this.#engine?.close();
      this.#engine = undefined;
      this.#isFinished = false;
    } else if (this.#options.noContextTakeover) {
      this.#engine?.reset();
    }
  }

  #fail(
    code: "WEBSOCKET_DEFLATE_INVALID" | "WEBSOCKET_TEXT_INVALID" | "WEBSOCKET_MESSAGE_LIMIT",
    detail?: string,
    cause?: unknown,
  ): void {
    const done = this.#done;
    this.close();
    done?.(new ProtocolError(code, { peer: this.#options.peer, operation: "read", detail, cause }), undefined);
  }
}
