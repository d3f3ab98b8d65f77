import { readUint, writeUint } from "./option-values.ts";

/** Which part of a body a message has or wants: the value of Block1 and Block2. */
export interface CoapBlock {
  /** Counts from 0, in blocks of this size; 1,048,575 at most. */
  readonly number: number;
  /** Whether others follow. */
  readonly more: boolean;
  /** 16, 32, 64, 128, 256, 512 or 1024. */
  readonly sizeBytes: number;
}

/**
 * Reads the value of Block1 or Block2; `undefined` for the reserved size (7) and for more than three bytes.
 *
 * @see RFC 7959 section 2.2
 */
export function readBlock(value: Uint8Array | number): CoapBlock | undefined {
  const uint = typeof value === "number" ? value : readUint(value);
  const exponent = uint & 7;
  if (uint > largest || exponent === 7) return undefined;
  return { number: uint >> 4, more: (uint & 8) !== 0, sizeBytes: 16 << exponent };
}

/**
 * Makes the number that `writeOption` takes for Block1 or Block2.
 *
 * @throws RangeError for a size that is none of the seven, or a number that is too large.
 */
export function blockUint({ number, more, sizeBytes }: CoapBlock): number {
  const exponent = sizes.indexOf(sizeBytes);
  if (exponent < 0) throw new RangeError(`a block has ${sizes.join(", ")} bytes, not ${sizeBytes}`);
  if (!(Number.isInteger(number) && number >= 0 && number <= largestNumber)) {
    throw new RangeError(`a block's number is 0 to ${largestNumber}, not ${number}`);
  }
  return (number << 4) | (more ? 8 : 0) | exponent;
}

/** Writes the value of Block1 or Block2, as {@link blockUint}. */
export function writeBlock(block: CoapBlock): Uint8Array {
  return writeUint(blockUint(block));
}

const sizes = [16, 32, 64, 128, 256, 512, 1024];
const largest = 0xff_ffff;
const largestNumber = largest >> 4;
