import { CONTROL_PAYLOAD_LIMIT, Opcode } from "./opcodes.ts";

/** What a frame's head is judged by. */
export interface FrameContext {
  /** Whether the reader is a server: its peer masks. */
  readonly isServer: boolean;
  /** Whether compression was agreed. */
  readonly allowsCompression: boolean;
}

/**
 * Finds the rule that the first two octets of a frame break.
 *
 * @param isWithinMessage whether fragments of a message came, and its last did not.
 * @returns one clause, or `undefined` when all is well.
 * @see RFC 6455 sections 5.1, 5.2, 5.4 and 5.5; RFC 7692 section 6
 */
export function findFrameFault(
  first: number,
  second: number,
  context: FrameContext,
  isWithinMessage: boolean,
): string | undefined {
  const opcode = first & 0x0f;
  const isMasked = (second & 0x80) !== 0;
  if ((first & 0x30) !== 0) return "a reserved bit is set";
  if ((first & 0x40) !== 0) {
    if (!context.allowsCompression) return "RSV1 is set, and no extension gives it a meaning";
    if (opcode !== Opcode.text && opcode !== Opcode.binary) return "RSV1 is set on a frame that begins no message";
  }
  if (isMasked !== context.isServer) return isMasked ? "a server's frame is masked" : "a client's frame is not masked";
  switch (opcode) {
    case Opcode.continuation:
      return isWithinMessage ? undefined : "a continuation of no message";
    case Opcode.text:
    case Opcode.binary:
      return isWithinMessage ? "a message begins before another ends" : undefined;
    case Opcode.close:
    case Opcode.ping:
    case Opcode.pong:
      if ((first & 0x80) === 0) return "a control frame is fragmented";
      return (second & 0x7f) > CONTROL_PAYLOAD_LIMIT ? "a control frame is longer than 125 octets" : undefined;
    default:
      return `the opcode ${String(opcode)} is reserved`;
  }
}

/** Octets of a frame's head, as its second one says. */
export function frameHeadLength(second: number): number {
  const length = second & 0x7f;
  return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + ((second & 0x80) === 0 ? 0 : 4);
}

/**
 * Reads the length in the head of a frame at `at`.
 *
 * @returns one clause for a length that is written in more octets than it takes, or that is none.
 * @see RFC 6455 section 5.2
 */
export function readPayloadLength(head: Uint8Array, at: number): number | string {
  const short = (head[at + 1] ?? 0) & 0x7f;
  if (short < 126) return short;
  if (short === 127 && (head[at + 2] ?? 0) >= 0x80) return "the first bit of a length is set";
  const length =
    short === 126
      ? ((head[at + 2] ?? 0) << 8) | (head[at + 3] ?? 0)
      : readUint32(head, at + 2) * 2 ** 32 + readUint32(head, at + 6);
  return length < (short === 126 ? 126 : 65_536) ? "a length is not written in the fewest octets" : length;
}

function readUint32(head: Uint8Array, at: number): number {
  return (head[at] ?? 0) * 2 ** 24 + (((head[at + 1] ?? 0) << 16) | ((head[at + 2] ?? 0) << 8) | (head[at + 3] ?? 0));
}
