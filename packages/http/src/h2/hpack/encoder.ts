import type { Octets } from "../octets.ts";
import { DynamicTable } from "./dynamic-table.ts";
import { encodeHuffman, huffmanLength } from "./huffman.ts";
import { ENTRY_OVERHEAD, STATIC_TABLE } from "./static-table.ts";

/** Octets of the table that is kept at the most, whatever the peer allows. */
const TABLE_LIMIT = 4096;

/**
 * Fields whose values are secret: never in a table, where somebody who can have requests made on the same connection could
 * guess at them by the size of what is sent, and marked so that no intermediary puts them into one. RFC 7541 section 7.1.
 */
const SECRET: ReadonlySet<string> = new Set(["authorization", "cookie", "proxy-authorization"]);

/** Fields whose values seldom come twice: they would only push others out of the table. */
const PASSING: ReadonlySet<string> = new Set([
  ":path",
  "content-length",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "range",
]);

const STATIC_NAMES: ReadonlyMap<string, number> = new Map(
  STATIC_TABLE.map(({ name }, index) => [name, index + 1] as const).reverse(),
);
const STATIC_FIELDS: ReadonlyMap<string, ReadonlyMap<string, number>> = groupFields();

/** Encodes the field blocks of one direction of a connection, in their order. RFC 7541. */
export class HpackEncoder {
  /** Numbers of what the dynamic table holds, by name, then value. */
  readonly #known = new Map<string, Map<string, number>>();
  readonly #table: DynamicTable;
  /** What the peer is told before the next block. */
  #newSize: number | undefined;
  /** The smallest size since the last block, which has to be told as well. RFC 7541 section 4.2. */
  #smallest = TABLE_LIMIT;

  constructor() {
    this.#table = new DynamicTable(TABLE_LIMIT, ({ name, value }, number) => {
      const values = this.#known.get(name);
      if (values?.get(value) !== number) return;
      values.delete(value);
      if (values.size === 0) this.#known.delete(name);
    });
  }

  /** Follows the peer's SETTINGS_HEADER_TABLE_SIZE. */
  limitTable(size: number): void {
    const limited = Math.min(size, TABLE_LIMIT);
    if (limited === this.#table.maxSize && this.#newSize === undefined) return;
    this.#newSize = limited;
    this.#smallest = Math.min(this.#smallest, limited);
    this.#table.resize(limited);
  }

  /** Encodes one field; names are in lower case, and all characters octets. The first of a block tells of a new table size. */
  encode(name: string, value: string, into: Octets): void {
    if (this.#newSize !== undefined) this.#tellSize(this.#newSize, into);
    const indexed = STATIC_FIELDS.get(name)?.get(value) ?? this.#dynamicIndex(name, value);
    if (indexed !== undefined) {
      putInteger(into, 0x80, 7, indexed);
      return;
    }
    const known = STATIC_NAMES.get(name) ?? this.#anyIndex(name);
    const size = name.length + value.length + ENTRY_OVERHEAD;
    if (SECRET.has(name)) putInteger(into, 0x10, 4, known);
    else if (PASSING.has(name) || size > this.#table.maxSize / 2) putInteger(into, 0, 4, known);
    else {
      putInteger(into, 0x40, 6, known);
      this.#remember(name, value);
    }
    if (known === 0) putString(into, name);
    putString(into, value);
  }

  #tellSize(size: number, into: Octets): void {
    if (this.#smallest < size) putInteger(into, 0x20, 5, this.#smallest);
    putInteger(into, 0x20, 5, size);
    this.#newSize = undefined;
    this.#smallest = size;
  }

  #remember(name: string, value: string): void {
    const number = this.#table.add({ name, value });
    if (number === undefined) return;
    const values = this.#known.get(name);
    if (values === undefined) this.#known.set(name, new Map([[value, number]]));
    else values.set(value, number);
  }

  #dynamicIndex(name: string, value: string): number | undefined {
    const number = this.#known.get(name)?.get(value);
    return number === undefined ? undefined : this.#indexOf(number);
  }

  /** An index whose name is this one; 0 when no table has it. */
  #anyIndex(name: string): number {
    const first = this.#known.get(name)?.values().next();
    return first?.value === undefined ? 0 : this.#indexOf(first.value);
  }

  #indexOf(number: number): number {
    return STATIC_TABLE.length + 1 + this.#table.ageOf(number);
  }
}

function groupFields(): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const groups = new Map<string, Map<string, number>>();
  for (const [index, { name, value }] of STATIC_TABLE.entries()) {
    // An empty value stands for a name alone there; written as such, the field is the same.
    const group = groups.get(name) ?? new Map<string, number>();
    group.set(value, index + 1);
    groups.set(name, group);
  }
  return groups;
}

/** RFC 7541 section 5.1. */
function putInteger(into: Octets, pattern: number, prefixBits: number, value: number): void {
  const mask = (1 << prefixBits) - 1;
  if (value < mask) {
    into.putOctet(pattern | value);
    return;
  }
  into.putOctet(pattern | mask);
  let rest = value - mask;
  while (rest >= 128) {
    into.putOctet((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  into.putOctet(rest);
}

function putString(into: Octets, text: string): void {
  const coded = huffmanLength(text);
  if (coded < text.length) {
    putInteger(into, 0x80, 7, coded);
    encodeHuffman(text, into.reserve(coded), into.length);
    into.advance(coded);
    return;
  }
  putInteger(into, 0, 7, text.length);
  const bytes = into.reserve(text.length);
  const start = into.length;
  for (let index = 0; index < text.length; index += 1) bytes[start + index] = text.charCodeAt(index);
  into.advance(text.length);
}
