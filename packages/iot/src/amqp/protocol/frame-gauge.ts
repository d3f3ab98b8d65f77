/**
 * Reads the sizes of the frames in a stream of AMQP 1.0, and tells when one is larger than is allowed: at its size, before
 * its bytes have come. Protocol headers, which stand between frames, are passed over.
 *
 * @see AMQP 1.0 part 2, sections 2.2 and 2.3.1
 */
export class FrameGauge {
  readonly #limitBytes: number;
  /** Of the frame or header that has begun; what is left of it. */
  #left = 0;
  /** Of its size: how many bytes have come, and what they say. */
  #sizeBytes = 0;
  #size = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Takes the next bytes; tells whether all is within bounds so far. */
  take(bytes: Uint8Array): boolean {
    let at = 0;
    while (at < bytes.length) {
      if (this.#left > 0) {
        const skipped = Math.min(this.#left, bytes.length - at);
        this.#left -= skipped;
        at += skipped;
        continue;
      }
      this.#size = this.#size * 256 + (bytes[at] ?? 0);
      this.#sizeBytes += 1;
      at += 1;
      if (this.#sizeBytes < 4) continue;
      const size = this.#size === protocolHeader ? 8 : this.#size;
      if (size > this.#limitBytes) return false;
      this.#left = Math.max(0, size - 4);
      this.#sizeBytes = 0;
      this.#size = 0;
    }
    return true;
  }
}

/** "AMQP", which a header begins with. */
const protocolHeader = 0x414d5150;
