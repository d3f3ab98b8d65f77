import {
  backwards,
  BLOCK_ENTRIES,
  HEADER_BYTES,
  INDEX_ENTRY_BYTES,
  MAGIC,
  NAME_LIMIT,
  SHARED_LIMIT,
  TOP_BIT,
  type PreloadEntry,
} from "./format.ts";

const WITH_SUBDOMAINS: PreloadEntry = { includeSubDomains: true };
const WITHOUT_SUBDOMAINS: PreloadEntry = { includeSubDomains: false };

/**
 * A list of names in its compact form, which is searched as it is. Names are compared in full: what is not listed is
 * never found.
 *
 * Whatever the bytes, each method ends and reads nothing beside them; but damage that only a digest shows can hide names.
 */
export class PreloadList {
  /** Number of names. */
  readonly size: number;
  /** Where each block begins, and where the last one ends. */
  readonly #index: Uint32Array;
  readonly #blocks: Uint8Array;
  /** The name that is searched for, backwards. */
  readonly #name = new Uint8Array(NAME_LIMIT);
  /** Characters of that name which the entry before shares. */
  #matched = 0;

  private constructor(size: number, index: Uint32Array, blocks: Uint8Array) {
    this.size = size;
    this.#index = index;
    this.#blocks = blocks;
  }

  /**
   * Reads what `encodePreloadList` made; `undefined` for what is no such list. The bytes are kept, and searched in place.
   */
  static parse(bytes: Uint8Array): PreloadList | undefined {
    if (bytes.length < HEADER_BYTES || MAGIC.some((byte, at) => bytes[at] !== byte)) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const size = view.getUint32(8);
    const blocksBytes = view.getUint32(12);
    const blocks = Math.ceil(size / BLOCK_ENTRIES);
    const blocksAt = HEADER_BYTES + blocks * INDEX_ENTRY_BYTES;
    if (bytes.length !== blocksAt + blocksBytes) return undefined;
    const index = new Uint32Array(blocks + 1);
    index[blocks] = blocksBytes;
    let end = 0;
    for (let block = 0; block < blocks; block++) {
      const start = view.getUint32(HEADER_BYTES + block * INDEX_ENTRY_BYTES);
      // The first begins where all begin, and each has at least one entry.
      if (block === 0 ? start !== 0 : start <= end) return undefined;
      index[block] = end = start;
    }
    if (blocks > 0 ? end >= blocksBytes : blocksBytes > 0) return undefined;
    return new PreloadList(size, index, bytes.subarray(blocksAt));
  }

  /**
   * Finds the entry of exactly this name: A-labels in lower case, without a trailing dot. Names below a listed one are
   * their caller's to look for (RFC 6797 section 8.2).
   */
  find(host: string): PreloadEntry | undefined {
    const { length } = host;
    if (length === 0 || length > NAME_LIMIT) return undefined;
    for (let at = 0; at < length; at++) {
      const code = host.charCodeAt(length - 1 - at);
      if (code >= TOP_BIT) return undefined;
      this.#name[at] = code;
    }
    return this.#findInBlock(this.#blockOf(length), length);
  }

  /** All names in the order of the file, in which nobody should look for a meaning. */
  *entries(): Generator<[host: string, entry: PreloadEntry]> {
    let before = "";
    for (let entry = 0, position = 0; entry < this.size; entry++) {
      const head = this.#blocks[position++];
      if (head === undefined) return;
      let name = before.slice(0, head & SHARED_LIMIT);
      for (let byte = 0; byte < TOP_BIT; name += String.fromCharCode(byte & ~TOP_BIT)) {
        byte = this.#blocks[position++] ?? TOP_BIT;
      }
      yield [backwards(name), head >= TOP_BIT ? WITH_SUBDOMAINS : WITHOUT_SUBDOMAINS];
      before = name;
    }
  }

  /** The last block whose first name is not behind the one that is searched for. */
  #blockOf(length: number): number {
    let low = 0;
    let high = this.#index.length - 2;
    // What both ends share with the name, all between them do.
    let lowMatched = 0;
    let highMatched = 0;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      this.#matched = Math.min(lowMatched, highMatched);
      if (this.#compare((this.#index[middle] ?? 0) + 1 + this.#matched, length) > 0) {
        high = middle - 1;
        highMatched = this.#matched;
      } else {
        low = middle;
        lowMatched = this.#matched;
      }
    }
    return low;
  }

  #findInBlock(block: number, length: number): PreloadEntry | undefined {
    const end = this.#index[block + 1] ?? 0;
    let position = this.#index[block] ?? 0;
    this.#matched = 0;
    while (position < end) {
      const head = this.#blocks[position++] ?? 0;
      const shared = head & SHARED_LIMIT;
      // One that shares more with its predecessor differs from the name where that did, and is before it, too.
      if (shared <= this.#matched) {
        this.#matched = shared;
        const order = this.#compare(position, length);
        if (order === 0) return head >= TOP_BIT ? WITH_SUBDOMAINS : WITHOUT_SUBDOMAINS;
        if (order > 0) return undefined;
      }
      while ((this.#blocks[position++] ?? TOP_BIT) < TOP_BIT);
    }
    return undefined;
  }

  /**
   * Compares an entry, which shares the matched characters and goes on at a position, with the name. Counts what matches.
   *
   * @returns below 0 when the entry comes before the name, above when behind, 0 when it is the name.
   */
  #compare(position: number, length: number): number {
    const blocks = this.#blocks;
    const name = this.#name;
    let matched = this.#matched;
    let order: number;
    for (;;) {
      const byte = blocks[position++] ?? TOP_BIT;
      order = matched === length ? 1 : (byte & ~TOP_BIT) - (name[matched] ?? 0);
      if (order !== 0) break;
      matched++;
      if (byte >= TOP_BIT) {
        order = matched - length;
        break;
      }
    }
    this.#matched = matched;
    return order;
  }
}
