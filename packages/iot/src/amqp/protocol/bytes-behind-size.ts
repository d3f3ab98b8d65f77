/** Bytes of the size that a frame begins with, which counts itself. */
export const amqpSizeBytes = 4;

/**
 * Reads how many bytes follow the size of a frame, or the first four bytes of a protocol header, which stands between
 * frames.
 *
 * @param size what has come of it
 * @returns `undefined` while more of it is to come
 *
 * @see AMQP 1.0 part 2, sections 2.2 and 2.3.1
 */
export function bytesBehindAmqpSize(size: readonly number[]): number | undefined {
  if (size.length < amqpSizeBytes) return undefined;
  const value = size.reduce((sum, byte) => sum * 256 + byte, 0);
  return value === protocolHeader ? 4 : Math.max(0, value - amqpSizeBytes);
}

/** "AMQP", which a header of eight bytes begins with. */
const protocolHeader = 0x414d5150;
