/**
 * What is noted of messages, the oldest first, in pages of bytes: as objects of their own they would keep the collector of
 * garbage as busy as all that is done about them.
 *
 * A page is kept for as long as one note in it is. A note is found by the place where it was put.
 */
export class MessageLog {
  readonly #pages: Page[] = [];
  /** The number of the first page; they are counted from 0 on, also those that are gone. */
  #firstNumber = 0;
  /** Where in the first page the oldest note is. */
  #oldestAt = 0;

  /** The place of the oldest note; `undefined` when there is none. */
  get oldest(): number | undefined {
    const [page] = this.#pages;
    if (page === undefined || this.#oldestAt === page.usedBytes) return undefined;
    return this.#firstNumber * placesOfPage + this.#oldestAt;
  }

  /**
   * Notes a message behind all others.
   *
   * @param reply is copied; of 65,507 bytes at most, as datagrams are
   * @returns its place
   */
  append(messageId: number, forgottenAt: number, reply: Uint8Array): number {
    const page = this.#pageFor(headBytes + reply.length);
    const at = page.usedBytes;
    page.view.setFloat64(at, forgottenAt);
    page.view.setUint16(at + 8, messageId);
    page.view.setUint16(at + 10, reply.length);
    page.bytes.set(reply, at + headBytes);
    page.usedBytes = at + headBytes + reply.length;
    return (this.#firstNumber + this.#pages.length - 1) * placesOfPage + at;
  }

  messageIdAt(place: number): number {
    return this.#pageOf(place).view.getUint16((place % placesOfPage) + 8);
  }

  forgottenAt(place: number): number {
    return this.#pageOf(place).view.getFloat64(place % placesOfPage);
  }

  replyLengthAt(place: number): number {
    return this.#pageOf(place).view.getUint16((place % placesOfPage) + 10);
  }

  /** The reply's bytes, which do not change any more. */
  replyAt(place: number): Uint8Array {
    const from = (place % placesOfPage) + headBytes;
    return this.#pageOf(place).bytes.subarray(from, from + this.replyLengthAt(place));
  }

  /** Takes the oldest note out, if there is one. */
  dropOldest(): void {
    const place = this.oldest;
    if (place === undefined) return;
    this.#oldestAt += headBytes + this.replyLengthAt(place);
    if (this.#oldestAt < this.#pageOf(place).usedBytes) return;
    this.#pages.shift();
    this.#firstNumber += 1;
    this.#oldestAt = 0;
  }

  clear(): void {
    this.#firstNumber += this.#pages.length;
    this.#pages.length = 0;
    this.#oldestAt = 0;
  }

  #pageOf(place: number): Page {
    const page = this.#pages[Math.floor(place / placesOfPage) - this.#firstNumber];
    if (page === undefined) throw new RangeError(`no note is at ${place} any more`);
    return page;
  }

  #pageFor(sizeBytes: number): Page {
    const last = this.#pages.at(-1);
    if (last !== undefined && last.usedBytes + sizeBytes <= last.bytes.length) return last;
    // Small at first: most peers say little.
    const pageBytes = Math.min(Math.max(2 * (last?.bytes.length ?? 0), smallestPageBytes), largestPageBytes);
    const bytes = new Uint8Array(Math.max(pageBytes, sizeBytes));
    const page: Page = { bytes, view: new DataView(bytes.buffer), usedBytes: 0 };
    this.#pages.push(page);
    return page;
  }
}

interface Page {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  usedBytes: number;
}

/** When it is forgotten, its message ID, and how long the reply is. */
const headBytes = 12;
const smallestPageBytes = 128;
const largestPageBytes = 4_096;
/** More than the bytes of the largest page. */
const placesOfPage = 65_536;
