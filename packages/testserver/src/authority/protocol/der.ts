/** Bytes of one element, or of several in a row. ITU-T X.690. */
export type Der = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();

/** Joins bytes. */
export function concat(...parts: readonly Uint8Array[]): Der {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Writes one element: its tag, its length in as few bytes as will do, and its contents. */
export function element(tag: number, ...contents: readonly Uint8Array[]): Der {
  const content = concat(...contents);
  const size = bigEndian(BigInt(content.length));
  const length = content.length < 0x80 ? size : Uint8Array.of(0x80 + size.length, ...size);
  return concat(Uint8Array.of(tag), length, content);
}

/** SEQUENCE and SEQUENCE OF. */
export function sequence(...contents: readonly Uint8Array[]): Der {
  return element(0x30, ...contents);
}

/** SET OF; the caller keeps its order. */
export function set(...contents: readonly Uint8Array[]): Der {
  return element(0x31, ...contents);
}

/** An element with a context tag: what it holds is whole elements. */
export function explicit(number: number, ...contents: readonly Uint8Array[]): Der {
  return element(0xa0 + number, ...contents);
}

/** An element with a context tag in place of its own: what it holds is bare contents. */
export function implicit(number: number, ...contents: readonly Uint8Array[]): Der {
  return element(0x80 + number, ...contents);
}

/** INTEGER, in as few bytes as will do. */
export function integer(value: number | bigint): Der {
  const number = BigInt(value);
  if (number < 0n) return element(0x02, twosComplement(number));
  const bytes = bigEndian(number);
  return element(0x02, ...((bytes[0] ?? 0) >= 0x80 ? [Uint8Array.of(0)] : []), bytes);
}

/** BOOLEAN that is true; DER leaves out those that are not. */
export const yes: Der = element(0x01, Uint8Array.of(0xff));

/** NULL. */
export const nothing: Der = element(0x05);

/** OBJECT IDENTIFIER from its dotted form. */
export function oid(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return element(0x06, Uint8Array.from([40 * first + second, ...rest].flatMap(base128)));
}

/** OCTET STRING. */
export function octets(bytes: Uint8Array): Der {
  return element(0x04, bytes);
}

/** BIT STRING of whole bytes. */
export function bits(bytes: Uint8Array): Der {
  return element(0x03, Uint8Array.of(0), bytes);
}

/** BIT STRING of named bits, without the zeros behind the last. X.690 section 11.2.2. */
export function namedBits(positions: readonly number[]): Der {
  const last = Math.max(-1, ...positions);
  const bytes = new Uint8Array(Math.ceil((last + 1) / 8));
  for (const position of positions) bytes[position >> 3] = (bytes[position >> 3] ?? 0) | (0x80 >> (position & 7));
  return element(0x03, Uint8Array.of(bytes.length * 8 - (last + 1)), bytes);
}

/** UTF8String. */
export function utf8String(text: string): Der {
  return element(0x0c, encoder.encode(text));
}

/** The bytes of an IA5String, without tag and length; characters beyond ASCII are written as UTF-8, which it forbids. */
export function ia5Bytes(text: string): Der {
  return encoder.encode(text);
}

/** UTCTime through 2049 and GeneralizedTime from 2050 on, to the second. RFC 5280 section 4.1.2.5. */
export function time(milliseconds: number): Der {
  const text = digits(milliseconds);
  return Number(text.slice(0, 4)) < 2050 ? element(0x17, encoder.encode(text.slice(2))) : generalizedTime(milliseconds);
}

/** GeneralizedTime, to the second. */
export function generalizedTime(milliseconds: number): Der {
  return element(0x18, encoder.encode(digits(milliseconds)));
}

/** The bytes of a number that is not negative: at least one. */
export function bigEndian(value: bigint): Der {
  const hex = value.toString(16);
  const even = hex.padStart(hex.length + (hex.length % 2), "0");
  return Uint8Array.from({ length: even.length / 2 }, (_, index) =>
    Number(`0x${even.slice(2 * index, 2 * index + 2)}`),
  );
}

function digits(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().replace(/\D/g, "").slice(0, 14)}Z`;
}

function twosComplement(value: bigint): Der {
  let length = 1n;
  while (value < -(1n << (8n * length - 1n))) length += 1n;
  return bigEndian((1n << (8n * length)) + value);
}

function base128(value: number): number[] {
  const rest = Math.floor(value / 128);
  return rest === 0 ? [value] : [...base128(rest).map((byte) => byte | 0x80), value % 128];
}
