/**
 * Reads the lengths of the packets in a stream of MQTT, and tells when one is longer than is allowed: at its header, before
 * its bytes have come. Five bytes of length, which no packet has, are too long as well.
 *
 * @see MQTT 5.0 section 2.1.4
 */
export class PacketGauge {
  readonly #limitBytes: number;
  /** Of the packet that has begun; what is left of its body. */
  #left = 0;
  /** In its fixed header: how many bytes of it have come. */
  #headerBytes = 0;
  #length = 0;

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
      if (!this.#takeHeader(bytes[at] ?? 0)) return false;
      at += 1;
    }
    return true;
  }

  #takeHeader(byte: number): boolean {
    this.#headerBytes += 1;
    if (this.#headerBytes === 1) return true;
    const place = this.#headerBytes - 2;
    if (place > 3) return false;
    this.#length += (byte & 0x7f) * 2 ** (7 * place);
    if (this.#length > this.#limitBytes) return false;
    if ((byte & 0x80) === 0) {
      this.#left = this.#length;
      this.#length = 0;
      this.#headerBytes = 0;
    }
    return true;
  }
}
