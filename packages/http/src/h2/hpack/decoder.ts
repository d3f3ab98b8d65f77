import { DynamicTable } from "./dynamic-table.ts";
import { decodeHuffman, textOf } from "./huffman.ts";
import { ENTRY_OVERHEAD, STATIC_TABLE, type TableEntry } from "./static-table.ts";

/** A block that breaks the rules of the compression: nothing that follows on its connection can be read. */
export class HpackError extends Error {
  override get name(): "HpackError" {
    return "HpackError";
  }
}

/** What a block held. */
export interface DecodedFields {
  /** Names and values in turn; their characters are octets. Only as many as the limit lets in. */
  readonly fields: string[];
  /** Whether there were more octets than the limit allows. The tables are right all the same. */
  readonly isOverLimit: boolean;
}

/** Numbers beyond are nothing that a limit of ours would let pass. */
const INTEGER_LIMIT = 2 ** 28;

/** Decodes the field blocks of one direction of a connection, in their order. RFC 7541. */
export class HpackDecoder {
  readonly #table: DynamicTable;
  /** What our SETTINGS allow. */
  readonly #tableLimit: number;
  #block: Uint8Array = new Uint8Array(0);
  #position = 0;

  constructor(tableLimit = 4096) {
    this.#tableLimit = tableLimit;
    this.#table = new DynamicTable(tableLimit);
  }

  /**
   * Decodes one whole block.
   *
   * @param limit octets of all names and values, and 32 for each field (RFC 9113 section 10.5.1).
   * @throws HpackError
   */
  decode(block: Uint8Array, limit: number): DecodedFields {
    this.#block = block;
    this.#position = 0;
    const fields: string[] = [];
    let size = 0;
    let isFirst = true;
    while (this.#position < block.length) {
      const octet = block[this.#position] ?? 0;
      if ((octet & 0xe0) === 0x20) {
        if (!isFirst) throw new HpackError("a table size within the fields");
        this.#resize(this.#integer(5));
        continue;
      }
      isFirst = false;
      const entry = this.#field(octet);
      size += entry.name.length + entry.value.length + ENTRY_OVERHEAD;
      if (size <= limit) fields.push(entry.name, entry.value);
    }
    return { fields, isOverLimit: size > limit };
  }

  #field(octet: number): TableEntry {
    if ((octet & 0x80) !== 0) return this.#entry(this.#integer(7));
    const isIndexed = (octet & 0x40) !== 0;
    const index = this.#integer(isIndexed ? 6 : 4);
    const name = index === 0 ? this.#string() : this.#entry(index).name;
    const entry = { name, value: this.#string() };
    if (isIndexed) this.#table.add(entry);
    return entry;
  }

  #entry(index: number): TableEntry {
    const entry = STATIC_TABLE[index - 1] ?? (index > 0 ? this.#table.at(index - 1 - STATIC_TABLE.length) : undefined);
    if (entry === undefined) throw new HpackError("an index that no table has");
    return entry;
  }

  #resize(size: number): void {
    if (size > this.#tableLimit) throw new HpackError("a table larger than allowed");
    this.#table.resize(size);
  }

  #string(): string {
    const isHuffman = ((this.#block[this.#position] ?? 0) & 0x80) !== 0;
    const length = this.#integer(7);
    const start = this.#position;
    const end = start + length;
    if (end > this.#block.length) throw new HpackError("a string that goes beyond its block");
    this.#position = end;
    if (!isHuffman) return textOf(this.#block, start, end);
    const text = decodeHuffman(this.#block, start, end);
    if (text === undefined) throw new HpackError("a string that is not Huffman code");
    return text;
  }

  /** RFC 7541 section 5.1. */
  #integer(prefixBits: number): number {
    const mask = (1 << prefixBits) - 1;
    let value = this.#octet() & mask;
    if (value < mask) return value;
    for (let weight = 1; ; weight *= 128) {
      const octet = this.#octet();
      value += (octet & 0x7f) * weight;
      if (value > INTEGER_LIMIT || weight > INTEGER_LIMIT) throw new HpackError("a number beyond every limit");
      if ((octet & 0x80) === 0) return value;
    }
  }

  #octet(): number {
    const octet = this.#block[this.#position];
    if (octet === undefined) throw new HpackError("a block that ends within a field");
    this.#position += 1;
    return octet;
  }
}
