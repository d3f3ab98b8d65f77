/** One element, as it was read. */
export interface ReadElement {
  readonly tag: number;
  /** Its contents alone. */
  readonly content: Uint8Array;
  /** With tag and length. */
  readonly whole: Uint8Array;
}

/**
 * Reads the elements that bytes consist of, one level deep; `undefined` where they do not come out even. Tags of more
 * than one byte and lengths of more than three are not read.
 */
export function readElements(bytes: Uint8Array): readonly ReadElement[] | undefined {
  const elements: ReadElement[] = [];
  for (let start = 0; start < bytes.length; ) {
    const tag = bytes[start] ?? 0;
    const first = bytes[start + 1] ?? 0x80;
    const sizeBytes = first < 0x80 ? 0 : first - 0x80;
    if ((tag & 0x1f) === 0x1f || first === 0x80 || sizeBytes > 3) return undefined;
    const from = start + 2 + sizeBytes;
    const length = sizeBytes === 0 ? first : bytes.subarray(start + 2, from).reduce((sum, byte) => sum * 256 + byte, 0);
    const end = from + length;
    if (end > bytes.length) return undefined;
    elements.push({ tag, content: bytes.subarray(from, end), whole: bytes.subarray(start, end) });
    start = end;
  }
  return elements;
}

/** The elements inside of the one that bytes consist of; `undefined` where that has another tag, or they are several. */
export function readInside(bytes: Uint8Array, tag: number): readonly ReadElement[] | undefined {
  const [only, ...more] = readElements(bytes) ?? [];
  return only?.tag === tag && more.length === 0 ? readElements(only.content) : undefined;
}

/** The bits of a public key, out of its SubjectPublicKeyInfo: what key identifiers are made of. */
export function publicKeyBits(subjectPublicKeyInfo: Uint8Array): Uint8Array {
  const bits = readInside(subjectPublicKeyInfo, 0x30)?.[1]?.content;
  if (bits === undefined) throw new TypeError("these bytes are no SubjectPublicKeyInfo");
  return bits.subarray(1);
}
