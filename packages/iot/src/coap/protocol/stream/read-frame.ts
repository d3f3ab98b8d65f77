import { formatCoapCode } from "../code.ts";
import { type CoapContentFlaw, readContent } from "../read-content.ts";
import { type FrameHead, type FrameHeadFlaw, maxHeadBytes, readFrameHead } from "./frame-head.ts";
import type { CoapStreamLimits, CoapStreamMessage } from "./stream-message.ts";

/** Why what came is no message. */
export type CoapFrameFlaw =
  | FrameHeadFlaw
  | CoapContentFlaw
  /** A WebSocket's message that ends within head or token. */
  | "message-truncated"
  /** A WebSocket's message that is a text. */
  | "text-message";

/** What came, one of them at a time. */
export type CoapFrameReading =
  | { readonly type: "message"; readonly message: CoapStreamMessage }
  /** Nothing can be read behind it. RFC 8323 section 5.6. */
  | { readonly type: "malformed"; readonly flaw: CoapFrameFlaw };

/**
 * Divides a stream of bytes into messages. It keeps no more than one message that is within its limits, and makes room for
 * it only as its bytes come.
 *
 * @see RFC 8323 section 3.2
 */
export class CoapFrameReader {
  readonly #limits: CoapStreamLimits;
  /** The message that is not there yet: `#used` bytes of it. */
  #partial: Uint8Array = none;
  #used = 0;
  /** Its bytes in all, once its head is there. */
  #head: FrameHead | undefined;
  #isBroken = false;

  constructor(limits: CoapStreamLimits) {
    this.#limits = limits;
  }

  /** Whether the stream may not end here. */
  get isAmidMessage(): boolean {
    return this.#used > 0;
  }

  /**
   * Reads what came. Messages have their bytes for themselves; `chunk` may be used again.
   *
   * @returns in the order of the stream; nothing any more behind one that is malformed.
   */
  read(chunk: Uint8Array): CoapFrameReading[] {
    const readings: CoapFrameReading[] = [];
    let rest = chunk;
    while (rest.length > 0 && !this.#isBroken) {
      if (this.#used > 0) {
        rest = this.#fill(rest, readings);
        continue;
      }
      const head = readFrameHead(rest, "stream", this.#limits);
      if (head === "incomplete") {
        rest = this.#keep(rest, undefined);
      } else if (typeof head === "string") {
        this.#break(head, readings);
      } else if (rest.length < sizeOf(head)) {
        rest = this.#keep(rest, head);
      } else {
        const size = sizeOf(head);
        // A copy, which `slice` of a Buffer is not: small messages should not keep all that came with them in memory.
        this.#tell(new Uint8Array(rest.subarray(0, size)), head, readings);
        rest = rest.subarray(size);
      }
    }
    return readings;
  }

  #keep(rest: Uint8Array, head: FrameHead | undefined): Uint8Array {
    this.#head = head;
    this.#used = rest.length;
    this.#partial = new Uint8Array(this.#capacity(rest.length));
    this.#partial.set(rest);
    return none;
  }

  /** Adds to the message that is not there yet, and gives back what lies behind it. */
  #fill(rest: Uint8Array, readings: CoapFrameReading[]): Uint8Array {
    const wanted = this.#head === undefined ? this.#used + 1 : sizeOf(this.#head);
    const taken = Math.min(rest.length, wanted - this.#used);
    if (this.#used + taken > this.#partial.length) {
      const larger = new Uint8Array(this.#capacity(this.#used + taken));
      larger.set(this.#partial.subarray(0, this.#used));
      this.#partial = larger;
    }
    this.#partial.set(rest.subarray(0, taken), this.#used);
    this.#used += taken;
    if (this.#head === undefined) {
      const head = readFrameHead(this.#partial.subarray(0, this.#used), "stream", this.#limits);
      if (head !== "incomplete") {
        if (typeof head === "string") this.#break(head, readings);
        else this.#head = head;
      }
    }
    if (this.#head !== undefined && this.#used === sizeOf(this.#head)) {
      const message = this.#partial.subarray(0, this.#used);
      const head = this.#head;
      this.#forget();
      this.#tell(message, head, readings);
    }
    return rest.subarray(taken);
  }

  /** Doubled each time, so that what comes byte by byte is not copied as often; never more than the message needs. */
  #capacity(needed: number): number {
    if (this.#head === undefined) return Math.max(needed, maxHeadBytes);
    return Math.min(Math.max(needed * 2, firstBytes), sizeOf(this.#head));
  }

  #tell(bytes: Uint8Array, head: FrameHead, readings: CoapFrameReading[]): void {
    const message = readMessage(bytes, head);
    if (typeof message === "string") this.#break(message, readings);
    else readings.push({ type: "message", message });
  }

  #break(flaw: CoapFrameFlaw, readings: CoapFrameReading[]): void {
    this.#isBroken = true;
    this.#forget();
    readings.push({ type: "malformed", flaw });
  }

  #forget(): void {
    this.#partial = none;
    this.#used = 0;
    this.#head = undefined;
  }
}

/**
 * Reads one message of a WebSocket. Token, options and payload are views of it.
 *
 * @see RFC 8323 section 4.2
 */
export function readWebSocketFrame(bytes: Uint8Array, limits: CoapStreamLimits): CoapFrameReading {
  if (bytes.length > limits.maxMessageBytes) return { type: "malformed", flaw: "message-too-large" };
  const head = readFrameHead(bytes, "websocket", limits);
  if (head === "incomplete") return { type: "malformed", flaw: "message-truncated" };
  if (typeof head === "string") return { type: "malformed", flaw: head };
  if (bytes.length < sizeOf(head)) return { type: "malformed", flaw: "message-truncated" };
  const message = readMessage(bytes, head);
  return typeof message === "string" ? { type: "malformed", flaw: message } : { type: "message", message };
}

function readMessage(
  bytes: Uint8Array,
  { codeByte, headBytes, tokenBytes }: FrameHead,
): CoapStreamMessage | CoapFrameFlaw {
  const contentAt = headBytes + tokenBytes;
  const content = readContent(bytes, contentAt);
  if (typeof content === "string") return content;
  const token = bytes.subarray(headBytes, contentAt);
  return { code: formatCoapCode(codeByte), token, options: content.options, payload: content.payload };
}

function sizeOf({ headBytes, tokenBytes, contentBytes }: FrameHead): number {
  return headBytes + tokenBytes + contentBytes;
}

const none = new Uint8Array(0);
const firstBytes = 64;
