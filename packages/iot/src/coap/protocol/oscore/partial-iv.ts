import { oscoreNonceBytes } from "./cryptography.ts";
import type { OscoreKeys } from "./security-context.ts";

/** The largest sender sequence number: behind it the context is used up. RFC 8613 section 7.2.1. */
export const maxSequenceNumber = 2 ** 40 - 1;

/** Bytes of the longest partial IV. */
export const maxPartialIvBytes = 5;

/**
 * Writes a sequence number as partial IV: in as few bytes as it takes, one for 0.
 *
 * @throws RangeError below 0, above {@link maxSequenceNumber}, or for no integer: a nonce would be used twice.
 *
 * @see RFC 8613 section 5
 */
export function writePartialIv(sequenceNumber: number): Uint8Array {
  if (!(Number.isInteger(sequenceNumber) && sequenceNumber >= 0 && sequenceNumber <= maxSequenceNumber)) {
    throw new RangeError(`a sequence number is 0 to 2^40 - 1, not ${sequenceNumber}`);
  }
  const bytes = [sequenceNumber % 256];
  for (let left = Math.floor(sequenceNumber / 256); left > 0; left = Math.floor(left / 256)) bytes.unshift(left % 256);
  return Uint8Array.from(bytes);
}

/** Reads what {@link writePartialIv} writes. Leading zeros are no other number, and are refused where the option is read. */
export function readPartialIv(partialIv: Uint8Array): number {
  return partialIv.reduce((sum, byte) => sum * 256 + byte, 0);
}

/**
 * Makes the nonce of a message.
 *
 * @param id of the one that chose the partial IV: 7 bytes at most
 * @param partialIv 5 bytes at most
 *
 * @see RFC 8613 section 5.2
 */
export function makeNonce(
  { commonIv }: Pick<OscoreKeys, "commonIv">,
  id: Uint8Array,
  partialIv: Uint8Array,
): Uint8Array {
  const nonce = new Uint8Array(oscoreNonceBytes);
  nonce[0] = id.length;
  nonce.set(id, oscoreNonceBytes - maxPartialIvBytes - id.length);
  nonce.set(partialIv, oscoreNonceBytes - partialIv.length);
  return nonce.map((byte, at) => byte ^ (commonIv[at] ?? 0));
}
