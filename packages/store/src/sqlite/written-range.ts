/** The sequence numbers, from first to last, that one transaction has given in a table: nobody else has one of them. */
export interface WrittenRange {
  readonly table: string;
  readonly first: number;
  readonly last: number;
}

/** How far a table has been read whose rows carry growing sequence numbers, apart from what we have written ourselves. */
export class ReadPosition {
  #read: number;
  /** Beyond what was read, in growing order. */
  readonly #own: Pick<WrittenRange, "first" | "last">[] = [];

  /** @param read the number up to which all has been read. */
  constructor(read: number) {
    this.#read = read;
  }

  /** Leaves out what we have written. Later calls have larger numbers. */
  skip(range: Pick<WrittenRange, "first" | "last">): void {
    this.#own.push(range);
  }

  /** The next stretch to read, where the table's numbers end at `end`: those above `after` and below `before`. */
  unread(end: number): { readonly after: number; readonly before: number } | undefined {
    for (let own = this.#own[0]; own !== undefined && own.first <= this.#read + 1; own = this.#own[0]) {
      this.#read = Math.max(this.#read, own.last);
      this.#own.shift();
    }
    return this.#read < end ? { after: this.#read, before: this.#own[0]?.first ?? end + 1 } : undefined;
  }

  /** Notes that all up to a number has been read. */
  readTo(sequence: number): void {
    this.#read = sequence;
  }

  /** Whether the table's numbers end before what was read: somebody has made it anew. */
  isBeyond(end: number): boolean {
    return this.#read > end;
  }
}
