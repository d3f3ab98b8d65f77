import koffi from "koffi";

/**
 * Bytes that C is told the address of. They stay where they are for as long as somebody holds this, and with it whatever
 * they point to.
 */
export class NativeBytes {
  readonly bytes: Buffer;
  readonly address: number;
  readonly refersTo: readonly NativeBytes[];

  constructor(bytes: Buffer, refersTo: readonly NativeBytes[] = []) {
    this.bytes = bytes;
    this.refersTo = refersTo;
    this.address = Number(koffi.address(bytes));
  }

  /** The word of 64 bits at this place of an array of them. */
  word(index = 0): number {
    return Number(this.bytes.readBigUInt64LE(index * WORD_BYTES));
  }

  /** The first 32 bits. */
  get uint32(): number {
    return this.bytes.readUInt32LE();
  }
}

const WORD_BYTES = 8;

/** A copy of these bytes. */
export function native(bytes: Uint8Array): NativeBytes {
  const copy = Buffer.allocUnsafeSlow(Math.max(1, bytes.length));
  copy.set(bytes);
  return new NativeBytes(copy);
}

/**
 * Words of 64 bits: the fields of a C structure where each takes one, as numbers of 32 bits do that a pointer follows. What
 * is pointed to is held.
 */
export function words(...fields: readonly (number | NativeBytes)[]): NativeBytes {
  const bytes = Buffer.allocUnsafeSlow(Math.max(1, fields.length) * WORD_BYTES);
  fields.forEach((field, index) => {
    bytes.writeBigUInt64LE(BigInt(typeof field === "number" ? field : field.address), index * WORD_BYTES);
  });
  return new NativeBytes(
    bytes,
    fields.filter((field) => typeof field !== "number"),
  );
}

/** A C string. */
export function cString(text: string): NativeBytes {
  return native(Buffer.from(`${text}\0`, "utf8"));
}

/** Copies what lies at an address. */
export function readBytes(address: number, length: number): Buffer {
  if (address === 0 || length === 0) return Buffer.alloc(0);
  // What koffi returns for this type is a Uint8Array of its own.
  return Buffer.from(koffi.decode(address, "uint8_t", length) as Uint8Array);
}

/** Whether structures have the layout that is written here. */
export function hasWrittenLayout(): boolean {
  return koffi.sizeof("void *") === WORD_BYTES && new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
}
