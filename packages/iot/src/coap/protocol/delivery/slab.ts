/**
 * Cuts the bytes of messages out of larger pieces: memory of its own costs the engine more than a message of this size.
 *
 * No byte is given twice, so that nothing of one message is seen in another. A piece is kept for as long as one message in
 * it is: what lives long and what does not are for slabs of their own, and so are messages of different peers.
 */
export class Slab {
  #piece = new Uint8Array(0);
  #usedBytes = 0;

  /** Gives so many bytes, all of them 0. */
  readonly take = (sizeBytes: number): Uint8Array => {
    if (sizeBytes > largestPieceBytes / 4) return new Uint8Array(sizeBytes);
    if (this.#usedBytes + sizeBytes > this.#piece.length) {
      // Small at first: most peers say little.
      const pieceBytes = Math.max(2 * this.#piece.length, smallestPieceBytes, sizeBytes);
      this.#piece = new Uint8Array(Math.min(pieceBytes, largestPieceBytes));
      this.#usedBytes = 0;
    }
    const bytes = new Uint8Array(this.#piece.buffer, this.#usedBytes, sizeBytes);
    this.#usedBytes += sizeBytes;
    return bytes;
  };
}

const smallestPieceBytes = 128;
const largestPieceBytes = 4_096;
