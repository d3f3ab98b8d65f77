/** The longest head: two octets, a length of eight, a key of four. */
export const LONGEST_FRAME_HEAD = 14;

/** Octets of the head of a frame. */
export function measureFrameHead(payloadLength: number, isMasked: boolean): number {
  return (payloadLength <= 125 ? 2 : payloadLength <= 65_535 ? 4 : 10) + (isMasked ? 4 : 0);
}

/** What is in a frame's head beside its length. */
export interface FrameHead {
  readonly opcode: number;
  /** Whether it is the last fragment, or the only one. */
  readonly isFinal: boolean;
  /** RSV1: the message is compressed. RFC 7692 section 6. */
  readonly isCompressed: boolean;
}

/**
 * Writes the head of a frame to the beginning of `into`, its length in as few octets as it takes.
 *
 * @param key four octets to mask with; `undefined` for a server's frame.
 * @returns where its payload begins.
 * @see RFC 6455 section 5.2
 */
export function writeFrameHead(
  into: Uint8Array,
  { opcode, isFinal, isCompressed }: FrameHead,
  payloadLength: number,
  key: Uint8Array | undefined,
): number {
  const maskBit = key === undefined ? 0 : 0x80;
  into[0] = (isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0) | opcode;
  let at = 2;
  if (payloadLength <= 125) {
    into[1] = maskBit | payloadLength;
  } else if (payloadLength <= 65_535) {
    into[1] = maskBit | 126;
    into[2] = payloadLength >>> 8;
    into[3] = payloadLength;
    at = 4;
  } else {
    into[1] = maskBit | 127;
    writeUint32(into, 2, Math.floor(payloadLength / 2 ** 32));
    writeUint32(into, 6, payloadLength % 2 ** 32);
    at = 10;
  }
  if (key === undefined) return at;
  into.set(key, at);
  return at + 4;
}

function writeUint32(into: Uint8Array, at: number, value: number): void {
  into[at] = value >>> 24;
  into[at + 1] = value >>> 16;
  into[at + 2] = value >>> 8;
  into[at + 3] = value;
}
