/** One element of DER, read whole. */
export interface DerNode {
  /** The identifier octet: class, constructed bit and number. */
  readonly tag: number;
  /** Header and contents, as they were sent. */
  readonly raw: Uint8Array;
  readonly content: Uint8Array;
  /** Of a constructed element; empty for a primitive one. */
  readonly children: readonly DerNode[];
  /** An object identifier in dots, or the characters of a string type; `undefined` for everything else. */
  readonly text: string | undefined;
}

/**
 * Reads exactly one element of DER.
 *
 * @throws MalformedDer for anything else.
 */
export type ReadDer = (bytes: Uint8Array) => DerNode;

/** Bytes that are no DER, or not the structure that they should be. Does not leave this folder's callers. */
export class MalformedDer extends Error {
  override readonly name = "MalformedDer";
}

/** Identifier octets that certificates use. */
export const derTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  enumerated: 0x0a,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The identifier octet of `[number]`, primitive or constructed. */
export function contextTag(number: number, form: "primitive" | "constructed"): number {
  return (form === "primitive" ? 0x80 : 0xa0) | number;
}

/** The fields of a SEQUENCE, taken in order. */
export class DerFields {
  readonly #nodes: readonly DerNode[];
  #next = 0;

  constructor(node: DerNode, tag: number = derTag.sequence) {
    this.#nodes = expectTag(node, tag).children;
  }

  /** Whatever comes next. */
  any(): DerNode {
    const node = this.#nodes[this.#next++];
    if (node === undefined) throw new MalformedDer("a field is missing");
    return node;
  }

  take(tag: number): DerNode {
    return expectTag(this.any(), tag);
  }

  /** The next field if it has this tag; it is left where it is otherwise. */
  optional(tag: number): DerNode | undefined {
    return this.#nodes[this.#next]?.tag === tag ? this.any() : undefined;
  }

  /** @throws MalformedDer when there is more. */
  end(): void {
    if (this.#next < this.#nodes.length) throw new MalformedDer("there is a field too many");
  }
}

/** Returns the node. @throws MalformedDer unless it has this tag. */
export function expectTag(node: DerNode, tag: number): DerNode {
  if (node.tag !== tag) throw new MalformedDer(`tag ${String(node.tag)} stands where ${String(tag)} belongs`);
  return node;
}

/** Elements of a SEQUENCE OF or SET OF that must not be empty (RFC 5280: `SIZE (1..MAX)`). */
export function nonEmpty(node: DerNode, tag: number = derTag.sequence): readonly DerNode[] {
  const { children } = expectTag(node, tag);
  if (children.length === 0) throw new MalformedDer("a list is empty");
  return children;
}

/** Reads an OBJECT IDENTIFIER as numbers and dots. */
export function readOid(node: DerNode): string {
  const { text } = expectTag(node, derTag.oid);
  if (text === undefined) throw new MalformedDer("an object identifier is malformed");
  return text;
}

/** Reads a BOOLEAN: DER knows two values. X.690 section 11.1. */
export function readBoolean(node: DerNode): boolean {
  const { content } = expectTag(node, derTag.boolean);
  if (content.length !== 1 || (content[0] !== 0xff && content[0] !== 0))
    throw new MalformedDer("a boolean is malformed");
  return content[0] === 0xff;
}

/** The contents of an INTEGER, in as few octets as can be. X.690 section 8.3.2. */
export function readInteger(node: DerNode, tag: number = derTag.integer): Uint8Array {
  const { content } = expectTag(node, tag);
  const [first, second] = content;
  if (first === undefined) throw new MalformedDer("an integer is empty");
  const padded = second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
  if (padded) throw new MalformedDer("an integer has padding");
  return content;
}

/** Reads a small INTEGER that is not negative. */
export function readUnsigned(node: DerNode, tag: number = derTag.integer): number {
  const content = readInteger(node, tag);
  if (content.length > 6 || (content[0] ?? 0) >= 0x80) throw new MalformedDer("a number is negative or too large");
  return content.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Reads a BIT STRING of whole octets. */
export function readBytesOfBits(node: DerNode): Uint8Array {
  const { content } = expectTag(node, derTag.bitString);
  if (content[0] !== 0) throw new MalformedDer("a bit string does not end with an octet");
  return content.subarray(1);
}

/** Reads a BIT STRING of named bits, without the zeros at its end. X.690 section 11.2.2. */
export function readNamedBits(node: DerNode, tag: number = derTag.bitString): ReadonlySet<number> {
  const { content } = expectTag(node, tag);
  const unused = content[0];
  const last = content.at(-1);
  if (unused === undefined || last === undefined || unused > 7) throw new MalformedDer("a bit string is malformed");
  if (content.length === 1 ? unused !== 0 : (last & ((2 << unused) - 1)) !== 1 << unused) {
    throw new MalformedDer("a list of bits has padding");
  }
  const bits = new Set<number>();
  for (const [index, byte] of content.subarray(1).entries()) {
    for (let bit = 0; bit < 8; bit++) if ((byte & (0x80 >> bit)) !== 0) bits.add(index * 8 + bit);
  }
  return bits;
}

/** Reads a time in seconds since 1970, in the forms that certificates may use. RFC 5280 section 4.1.2.5. */
export function readTime(node: DerNode): number {
  const text = ascii(node.content);
  const match =
    node.tag === derTag.utcTime
      ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text)
      : node.tag === derTag.generalizedTime
        ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text)
        : null;
  if (match === null) throw new MalformedDer("a time is malformed");
  const [written = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const year = node.tag === derTag.generalizedTime ? written : written < 50 ? 2000 + written : 1900 + written;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  // The 31st of June rolls over; a date that exists does not.
  const exists =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!exists) throw new MalformedDer("a time does not exist");
  return date.getTime() / 1000;
}

/** Each octet as one character; what is not ASCII stays recognisable as such. */
export function ascii(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** Bytes in hexadecimal, for keys of maps and for messages. */
export function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += octetTexts[byte] ?? "";
  return text;
}

/** Whole certificates are compared in hexadecimal, so that it pays to write each octet once. */
const octetTexts = /* @__PURE__ */ Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
