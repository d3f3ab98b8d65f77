/**
 * Gives message IDs, none again within its lifetime: beginning anywhere, and then one after the other.
 *
 * What is kept is not when each was used, but when the last of 256 was, so that a path that says little takes little.
 *
 * @see RFC 7252 section 4.4
 */
export class MessageIds {
  readonly #lifetimeMilliseconds: number;
  /** When the last ID of each block was given. */
  readonly #usedAt = new Map<number, number>();
  #next: number;

  constructor(lifetimeMilliseconds: number, first: number) {
    this.#lifetimeMilliseconds = lifetimeMilliseconds;
    this.#next = first & 0xffff;
  }

  /** When `take` gives one; now or earlier if it does at once. */
  get freeAt(): number {
    if ((this.#next & blockMask) !== 0) return Number.NEGATIVE_INFINITY;
    const usedAt = this.#usedAt.get(this.#next >> blockBits);
    return usedAt === undefined ? Number.NEGATIVE_INFINITY : usedAt + this.#lifetimeMilliseconds;
  }

  /** The next one; `undefined` when the peer may still remember it from its last use. */
  take(now: number): number | undefined {
    if (this.freeAt > now) return undefined;
    const id = this.#next;
    this.#next = (id + 1) & 0xffff;
    if ((this.#next & blockMask) === 0) this.#usedAt.set(id >> blockBits, now);
    return id;
  }
}

const blockBits = 8;
const blockMask = 255;
