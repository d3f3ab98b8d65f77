import { readUint, writeUint } from "./option-values.ts";

/** Which part of a body a message has or wants: the value of Block1 and Block2. */
export interface CoapBlock {
  /** Counts from 0, in blocks of this size; 1,048,575 at most. */
  readonly number: number;
  /** Whether others follow. */
  readonly more: boolean;
  /** 16, 32, 64, 128, 256, 512 or 1024. */
  readonly sizeBytes: number;
  /** Whether the message has or may have several blocks of 1024 bytes, this one first. RFC 8323 section 6. */
  readonly isGathered?: boolean | undefined;
}

/**
 * Reads the value of Block1 or Block2; `undefined` for more than three bytes, and for the size that is reserved over
 * datagrams and says over streams that several blocks are gathered (7), unless it is taken.
 *
 * @see RFC 7959 section 2.2
 */
export function readBlock(value: Uint8Array | number, takesGatheredBlocks = false): CoapBlock | undefined {
  const uint = typeof value === "number" ? value : readUint(value);
  const exponent = uint & 7;
  if (uint > largest || (exponent === 7 && !takesGatheredBlocks)) return undefined;
  const place = { number: uint >> 4, more: (uint & 8) !== 0 };
  return exponent === 7 ? { ...place, sizeBytes: 1024, isGathered: true } : { ...place, sizeBytes: 16 << exponent };
}

/**
 * Makes the number that `writeOption` takes for Block1 or Block2.
 *
 * @throws RangeError for a size that is none of the seven, or a number that is too large.
 */
export function blockUint({ number, more, sizeBytes, isGathered = false }: CoapBlock): number {
  const exponent = isGathered ? 7 : blockSizes.indexOf(sizeBytes);
  if (exponent < 0) throw new RangeError(`a block has ${blockSizes.join(", ")} bytes, not ${sizeBytes}`);
  if (!(Number.isInteger(number) && number >= 0 && number <= maxBlockNumber)) {
    throw new RangeError(`a block's number is 0 to ${maxBlockNumber}, not ${number}`);
  }
  return (number << 4) | (more ? 8 : 0) | exponent;
}

/** Writes the value of Block1 or Block2, as {@link blockUint}. */
export function writeBlock(block: CoapBlock): Uint8Array {
  return writeUint(blockUint(block));
}

/** The sizes that a block may have, in the order of their exponents. RFC 7959 section 2.2. */
export const blockSizes: readonly number[] = [16, 32, 64, 128, 256, 512, 1024];

/** The last block that can be named. RFC 7959 section 2.2. */
export const maxBlockNumber = 0xf_ffff;

const largest = 0xff_ffff;
