import { ENTRY_OVERHEAD, type TableEntry } from "./static-table.ts";

/** The latest fields of one direction, the newest first; older ones make room. RFC 7541 section 2.3.2. */
export class DynamicTable {
  /** Older first; those before `#first` are gone. */
  #entries: TableEntry[] = [];
  #first = 0;
  #evicted = 0;
  #size = 0;
  #maxSize: number;
  readonly #onEvict: ((entry: TableEntry, number: number) => void) | undefined;

  /** @param onEvict called for each entry that goes, with the number that `add` gave it. */
  constructor(maxSize: number, onEvict?: (entry: TableEntry, number: number) => void) {
    this.#maxSize = maxSize;
    this.#onEvict = onEvict;
  }

  /** Entries that it holds. */
  get length(): number {
    return this.#entries.length - this.#first;
  }

  /** Octets, with what each entry counts for. RFC 7541 section 4.1. */
  get size(): number {
    return this.#size;
  }

  get maxSize(): number {
    return this.#maxSize;
  }

  /** The entry that was added so many entries ago, 0 being the newest; `undefined` beyond the oldest. */
  at(age: number): TableEntry | undefined {
    return age < this.length ? this.#entries[this.#entries.length - 1 - age] : undefined;
  }

  /** How many entries ago the entry of this number was added. */
  ageOf(number: number): number {
    return this.#evicted + this.length - 1 - number;
  }

  /** Adds an entry, unless it is larger than the whole table: that only empties it. Tells its number. */
  add(entry: TableEntry): number | undefined {
    const size = entry.name.length + entry.value.length + ENTRY_OVERHEAD;
    this.#evictTo(this.#maxSize - size);
    if (size > this.#maxSize) return undefined;
    this.#entries.push(entry);
    this.#size += size;
    return this.#evicted + this.length - 1;
  }

  resize(maxSize: number): void {
    this.#maxSize = maxSize;
    this.#evictTo(maxSize);
  }

  #evictTo(size: number): void {
    while (this.#size > size && this.length > 0) {
      const oldest = this.#entries[this.#first];
      if (oldest === undefined) return;
      this.#size -= oldest.name.length + oldest.value.length + ENTRY_OVERHEAD;
      this.#onEvict?.(oldest, this.#evicted);
      this.#first += 1;
      this.#evicted += 1;
    }
    // What is gone stays in the list until it is half of it.
    if (this.#first > 64 && this.#first * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
  }
}
