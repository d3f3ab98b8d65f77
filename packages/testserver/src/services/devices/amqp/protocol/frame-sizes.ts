/** What is taken of a connection. */
export interface AmqpLimits {
  /** Bytes of the largest frame. */
  readonly frameBytes: number;
  /** Bytes of all frames of a connection together. */
  readonly connectionBytes: number;
}

/** Why a stream is no AMQP, or none that is taken. */
export type AmqpFlaw = "frame-too-small" | "frame-too-large" | "connection-too-long";

/**
 * Follows a stream from frame to frame and keeps nothing of it: says when a frame is announced that would have to be
 * kept and is too large. AMQP 1.0 sections 2.2 and 2.3.1.
 */
export class AmqpFrameSizes {
  readonly #limits: AmqpLimits;
  /** Of a header or a size: four bytes at most. */
  #head: number[] = [];
  #left = 0;
  #total = 0;

  constructor(limits: AmqpLimits) {
    this.#limits = limits;
  }

  /** Takes the next bytes; `undefined` while all is well. */
  follow(bytes: Uint8Array): AmqpFlaw | undefined {
    this.#total += bytes.length;
    if (this.#total > this.#limits.connectionBytes) return "connection-too-long";
    for (let at = 0; at < bytes.length; ) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, bytes.length - at);
        this.#left -= step;
        at += step;
        continue;
      }
      this.#head.push(bytes[at] ?? 0);
      at += 1;
      if (this.#head.length < 4) continue;
      const [first = 0, second = 0, third = 0, fourth = 0] = this.#head;
      this.#head = [];
      const size = first * 2 ** 24 + second * 2 ** 16 + third * 2 ** 8 + fourth;
      if (size === protocolName) {
        this.#left = headerBytes - 4;
        continue;
      }
      if (size < smallestFrame) return "frame-too-small";
      if (size > this.#limits.frameBytes) return "frame-too-large";
      this.#left = size - 4;
    }
    return undefined;
  }
}

/** `AMQP` as a number: a protocol header, of which a connection has one or two. */
const protocolName = 0x414d5150;
const headerBytes = 8;
const smallestFrame = 8;
