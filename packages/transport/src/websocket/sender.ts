import { applyMask, measureFrameHead, Opcode, writeFrameHead } from "@fairlead/http/websocket";
import type { Duplex } from "node:stream";
import type { Deflater } from "./deflater.ts";
import type { MaskKeys } from "./mask-keys.ts";

/** Up to this size a server's payload is copied behind its frame's head; a larger one goes out as it is. */
const COPY_LIMIT = 16_384;
/** Up to so many octets, what was framed in one turn becomes one write. */
const GATHER_LIMIT = 65_536;
/** More than this unsent, and of the pings that come only the last is answered. RFC 6455 section 5.5.3. */
const PONG_PATIENCE_BYTES = 65_536;

/** What a sender is made with. */
export interface SenderOptions {
  /** Where keys come from; `undefined` for a server, which does not mask. */
  readonly keys: MaskKeys | undefined;
  readonly deflater: Deflater | undefined;
  readonly deflateFromBytes: number;
  readonly highWaterBytes: number;
  /** There is room again. */
  readonly onRoom: () => void;
  /** The Close has been handed to the stream. */
  readonly onCloseSent: () => void;
  readonly onError: (error: unknown) => void;
}

/** What waits behind a message that is being compressed. */
interface Waiting {
  readonly opcode: number;
  readonly payload: string | Uint8Array;
  readonly sizeBytes: number;
  readonly isCompressed: boolean;
}

/** Frames messages and writes them: those of one turn together, and in the order in which they were given. */
export class Sender {
  readonly #stream: Duplex;
  readonly #options: SenderOptions;
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #isCompressing = false;
  /** Framed in this turn, and not written yet. */
  #framed: Uint8Array[] = [];
  #framedBytes = 0;
  #isScheduled = false;
  #isHeld = false;
  #isFull = false;
  #owedPong: Uint8Array | undefined;
  #isEnded = false;

  constructor(stream: Duplex, options: SenderOptions) {
    this.#stream = stream;
    this.#options = options;
  }

  /** Octets that were given and have not left to the system. */
  get bufferedBytes(): number {
    return this.#waitingBytes + this.#framedBytes + this.#stream.writableLength;
  }

  /** Sends a message; false when there is no more room. */
  message(data: string | Uint8Array): boolean {
    const isText = typeof data === "string";
    const sizeBytes = isText ? Buffer.byteLength(data) : data.length;
    const { deflater, deflateFromBytes } = this.#options;
    // Of nothing, nothing comes that could be told from what a compressor flushed before.
    const isCompressed = deflater !== undefined && sizeBytes > 0 && sizeBytes >= deflateFromBytes;
    this.#put(isText ? Opcode.text : Opcode.binary, data, sizeBytes, isCompressed);
    if (this.bufferedBytes < this.#options.highWaterBytes) return true;
    this.#isFull = true;
    return false;
  }

  /** Sends a Close behind all messages. Nothing is sent after it. */
  close(payload: Uint8Array): void {
    this.#put(Opcode.close, payload, payload.length, false);
  }

  /** Sends a Close before whatever waits, which is dropped. */
  closeNow(payload: Uint8Array): void {
    if (this.#isEnded) return;
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
    this.#frame(Opcode.close, payload, payload.length, false);
  }

  /** Sends a ping at once: control frames go between messages. */
  ping(payload: Uint8Array): void {
    this.#frame(Opcode.ping, payload, payload.length, false);
  }

  /** Answers a ping, or, while the peer does not read, remembers to answer the last. */
  pong(payload: Uint8Array): void {
    if (this.bufferedBytes <= PONG_PATIENCE_BYTES) this.#frame(Opcode.pong, payload, payload.length, false);
    else this.#owedPong = payload.slice();
  }

  /** What is framed from now on is written by {@link release}. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    if (this.#framedBytes > 0) this.flush();
  }

  /** Writes what is framed. */
  flush(): void {
    const framed = this.#framed;
    if (framed.length === 0) return;
    const length = this.#framedBytes;
    this.#framed = [];
    this.#framedBytes = 0;
    // Whoever ended it meanwhile, or why it failed, it says itself.
    if (!this.#stream.writable) return;
    const [first] = framed;
    const done = this.#isFull || this.#owedPong !== undefined ? this.#onWritten : undefined;
    if (framed.length === 1) {
      this.#stream.write(first, done);
    } else if (length <= GATHER_LIMIT) {
      this.#stream.write(Buffer.concat(framed, length), done);
    } else {
      this.#stream.cork();
      for (const [index, each] of framed.entries())
        this.#stream.write(each, index === framed.length - 1 ? done : undefined);
      this.#stream.uncork();
    }
  }

  /** Sends nothing any more. */
  end(): void {
    this.#isEnded = true;
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
    this.#owedPong = undefined;
    this.#options.deflater?.close();
  }

  #put(opcode: number, payload: string | Uint8Array, sizeBytes: number, isCompressed: boolean): void {
    if (!isCompressed && !this.#isCompressing) {
      this.#frame(opcode, payload, sizeBytes, false);
      return;
    }
    this.#waiting.push({ opcode, payload, sizeBytes, isCompressed });
    this.#waitingBytes += sizeBytes;
    if (!this.#isCompressing) this.#next();
  }

  /** Goes on with what waits, up to a message that has to be compressed. */
  #next(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const { opcode, payload, sizeBytes, isCompressed } = next;
      if (isCompressed) {
        this.#isCompressing = true;
        const message = typeof payload === "string" ? Buffer.from(payload) : payload;
        this.#options.deflater?.take(message, this.#onCompressed);
        return;
      }
      this.#waiting.shift();
      this.#waitingBytes -= sizeBytes;
      this.#frame(opcode, payload, sizeBytes, false);
    }
  }

  readonly #onCompressed = (error: Error | undefined, compressed: Buffer): void => {
    this.#isCompressing = false;
    const message = this.#waiting.shift();
    if (message === undefined) return;
    this.#waitingBytes -= message.sizeBytes;
    if (error === undefined) {
      this.#frame(message.opcode, compressed, compressed.length, true);
      this.#next();
    } else {
      this.#options.onError(error);
    }
  };

  #frame(opcode: number, payload: string | Uint8Array, sizeBytes: number, isCompressed: boolean): void {
    if (this.#isEnded) return;
    const key = this.#options.keys?.next();
    const headLength = measureFrameHead(sizeBytes, key !== undefined);
    const isCopied = typeof payload === "string" || key !== undefined || sizeBytes <= COPY_LIMIT;
    const frame = Buffer.allocUnsafe(isCopied ? headLength + sizeBytes : headLength);
    writeFrameHead(frame, { opcode, isFinal: true, isCompressed }, sizeBytes, key);
    this.#framed.push(frame);
    this.#framedBytes += headLength + sizeBytes;
    if (typeof payload === "string") frame.write(payload, headLength);
    else if (isCopied) frame.set(payload, headLength);
    else this.#framed.push(payload);
    if (key !== undefined) applyMask(frame, headLength, headLength + sizeBytes, key, 0);
    if (opcode === Opcode.close) this.#closeSent();
    else this.#schedule();
  }

  #closeSent(): void {
    this.end();
    this.flush();
    this.#options.onCloseSent();
  }

  #schedule(): void {
    if (this.#isHeld || this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(this.#onTick);
  }

  readonly #onTick = (): void => {
    this.#isScheduled = false;
    this.flush();
  };

  readonly #onWritten = (error?: Error | null): void => {
    // A stream that failed says so itself.
    if (error !== null && error !== undefined) return;
    const owed = this.#owedPong;
    if (owed !== undefined && this.bufferedBytes <= PONG_PATIENCE_BYTES) {
      this.#owedPong = undefined;
      this.pong(owed);
    }
    if (!this.#isFull || this.bufferedBytes >= this.#options.highWaterBytes) return;
    this.#isFull = false;
    this.#options.onRoom();
  };
}
