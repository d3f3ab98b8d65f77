/**
 * How many bytes follow the header that has come so far; `undefined` while it is not whole, and infinity for one that
 * cannot be.
 */
export type BytesBehind = (header: readonly number[]) => number | undefined;

/**
 * Measures what a stream is made of, frames or packets, and tells when one is larger than is allowed: at its header, before
 * its bytes have come.
 */
export class StreamGauge {
  readonly #bytesBehind: BytesBehind;
  readonly #limitBytes: number;
  /** Of what has begun; what is left behind its header. */
  #left = 0;
  /** What has come of a header. */
  #header: number[] = [];

  /** @param limitBytes how many may follow a header */
  constructor(bytesBehind: BytesBehind, limitBytes: number) {
    this.#bytesBehind = bytesBehind;
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
      this.#header.push(bytes[at] ?? 0);
      at += 1;
      const behind = this.#bytesBehind(this.#header);
      if (behind === undefined) continue;
      if (behind > this.#limitBytes) return false;
      this.#left = behind;
      this.#header = [];
    }
    return true;
  }
}
