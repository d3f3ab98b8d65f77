/** What a frame is. RFC 6455 section 5.2; the others are reserved. */
export const Opcode = {
  continuation: 0x0,
  text: 0x1,
  binary: 0x2,
  close: 0x8,
  ping: 0x9,
  pong: 0xa,
} as const;

/** One of the opcodes that mean something. */
export type Opcode = (typeof Opcode)[keyof typeof Opcode];

/** A control frame has no more octets than these. RFC 6455 section 5.5. */
export const CONTROL_PAYLOAD_LIMIT = 125;
