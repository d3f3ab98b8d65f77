/** Octets that small pieces are gathered in. */
const GATHERED_BYTES = 16_384;
/** What is no smaller has a buffer of its own. */
const LARGE_BYTES = 4_096;

/**
 * Octets that came and were not read yet. They are copied: what came with them in one buffer is somebody else's, and would be
 * kept for their sake. Small pieces are gathered, so that what a peer sends octet by octet takes no more room than octets.
 */
export class PieceQueue {
  readonly #full: Uint8Array[] = [];
  #open: Uint8Array = NOTHING;
  #used = 0;
  #length = 0;

  /** Octets in it. */
  get length(): number {
    return this.#length;
  }

  push(piece: Uint8Array): void {
    this.#length += piece.length;
    let rest = piece;
    if (this.#used > 0) {
      const part = rest.subarray(0, this.#open.length - this.#used);
      this.#open.set(part, this.#used);
      this.#used += part.length;
      rest = rest.subarray(part.length);
    }
    if (rest.length === 0) return;
    if (this.#used > 0) this.#full.push(this.#open.subarray(0, this.#used));
    const isLarge = rest.length >= LARGE_BYTES;
    this.#open = isLarge ? new Uint8Array(rest) : new Uint8Array(GATHERED_BYTES);
    if (!isLarge) this.#open.set(rest);
    this.#used = rest.length;
  }

  /** The first piece, which is the taker's own; `undefined` when there is none. */
  take(): Uint8Array | undefined {
    const full = this.#full.shift();
    if (full !== undefined) {
      this.#length -= full.length;
      return full;
    }
    if (this.#used === 0) return undefined;
    const piece = this.#open.subarray(0, this.#used);
    this.#open = NOTHING;
    this.#used = 0;
    this.#length = 0;
    return piece;
  }

  /** Drops all, and tells how much that was. */
  clear(): number {
    const dropped = this.#length;
    this.#full.length = 0;
    this.#open = NOTHING;
    this.#used = 0;
    this.#length = 0;
    return dropped;
  }
}

const NOTHING = new Uint8Array(0);
