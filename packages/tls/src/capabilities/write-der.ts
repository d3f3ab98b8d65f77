/** Writes one element, of at most 65,535 bytes. ITU-T X.690. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

/** SEQUENCE. */
export function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(0x30, ...parts);
}

/** INTEGER that is not negative. */
export function integer(bytes: Uint8Array): Buffer {
  return der(0x02, ...((bytes[0] ?? 0) >= 0x80 ? [Buffer.of(0)] : []), bytes);
}

/** OBJECT IDENTIFIER, its first two numbers joined as X.690 section 8.19.4 has it: `2.5` is 85. */
export function oid(joined: number, ...numbers: readonly number[]): Buffer {
  return der(0x06, Buffer.from([joined, ...numbers.flatMap(base128)]));
}

function base128(value: number): number[] {
  const rest = value >> 7;
  return rest === 0 ? [value] : [...base128(rest).map((byte) => byte | 0x80), value & 0x7f];
}

/** OCTET STRING. */
export function octets(bytes: Uint8Array): Buffer {
  return der(0x04, bytes);
}

/** BIT STRING; `unused` of the last byte's bits are not part of it. */
export function bits(bytes: Uint8Array, unused = 0): Buffer {
  return der(0x03, Buffer.of(unused), bytes);
}

/** GeneralizedTime, to the second. */
export function time(milliseconds: number): Buffer {
  return der(0x18, Buffer.from(`${new Date(milliseconds).toISOString().replace(/\D/g, "").slice(0, 14)}Z`));
}
