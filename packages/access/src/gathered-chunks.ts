/** Pieces after which small ones are joined: an ordinary body has fewer, and none of it is copied. */
const PIECES_BEFORE_JOINING = 64;
const SMALL_BYTES = 1_024;
const JOINED_BYTES = 16_384;

/**
 * Pieces of a body that wait to be read whole. A peer may send a body byte by byte, and what an object of the language
 * costs is a hundred times that: small pieces in numbers are copied into larger ones.
 */
export class GatheredChunks {
  #chunks: Uint8Array[] = [];
  /** The last of the chunks, where there is room in it. */
  #joined: Uint8Array | undefined;
  #joinedLength = 0;
  /** Bytes in all. */
  length = 0;

  /** Pieces as they are held. */
  get pieces(): number {
    return this.#chunks.length;
  }

  /** @param chunk belongs to the list from now on. */
  push(chunk: Uint8Array): void {
    this.length += chunk.length;
    if (chunk.length < SMALL_BYTES && this.#chunks.length >= PIECES_BEFORE_JOINING) {
      this.#join(chunk);
    } else {
      this.#finishJoined();
      this.#chunks.push(chunk);
    }
  }

  /** Hands all of them over. */
  take(): Uint8Array[] {
    this.#finishJoined();
    const chunks = this.#chunks;
    this.clear();
    return chunks;
  }

  clear(): void {
    this.#chunks = [];
    this.#joined = undefined;
    this.length = 0;
  }

  #join(chunk: Uint8Array): void {
    if (this.#joined !== undefined && this.#joinedLength + chunk.length > JOINED_BYTES) this.#finishJoined();
    if (this.#joined === undefined) {
      this.#joined = Buffer.allocUnsafeSlow(JOINED_BYTES);
      this.#joinedLength = 0;
      this.#chunks.push(this.#joined);
    }
    this.#joined.set(chunk, this.#joinedLength);
    this.#joinedLength += chunk.length;
  }

  #finishJoined(): void {
    if (this.#joined === undefined) return;
    this.#chunks[this.#chunks.length - 1] = this.#joined.subarray(0, this.#joinedLength);
    this.#joined = undefined;
  }
}
