import type { CanFrame, SendableCanFrame } from "./can-frame.ts";

/** Bytes of `struct can_frame`, and of `struct canfd_frame`: what the kernel reads and writes. */
export const frameBytes = { classic: 16, fd: 72 } as const;

/** Bits of an identifier in the kernel's form. linux/can.h */
export const idFlags = { extended: 0x80_00_00_00, remote: 0x40_00_00_00, error: 0x20_00_00_00 } as const;

/** Of the `flags` in `struct canfd_frame`. */
const fdFlags = { bitRateSwitch: 0x01, errorState: 0x02 } as const;

/** Writes a frame in the kernel's form. Call `canFrameProblem` before. */
export function writeCanFrame(frame: SendableCanFrame, isLittleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(frame.type === "fd" ? frameBytes.fd : frameBytes.classic);
  const flags = (frame.isExtended ? idFlags.extended : 0) | (frame.type === "remote" ? idFlags.remote : 0);
  new DataView(bytes.buffer).setUint32(0, (frame.id | flags) >>> 0, isLittleEndian);
  bytes[4] = frame.type === "remote" ? frame.lengthBytes : frame.data.length;
  if (frame.type === "fd") {
    bytes[5] = (frame.hasBitRateSwitch ? fdFlags.bitRateSwitch : 0) | (frame.hasErrorState ? fdFlags.errorState : 0);
  }
  if (frame.type !== "remote") bytes.set(frame.data, 8);
  return bytes;
}

/** Reads a frame in the kernel's form; `undefined` when it is none. What is returned has bytes of its own. */
export function readCanFrame(bytes: Uint8Array, isLittleEndian: boolean): CanFrame | undefined {
  if (bytes.length !== frameBytes.classic && bytes.length !== frameBytes.fd) return undefined;
  const number = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0, isLittleEndian);
  const [length = 0, flags = 0] = bytes.subarray(4, 6);
  if (length > bytes.length - 8) return undefined;
  // Not by `slice`, which shares the memory where it is a Buffer.
  const data = new Uint8Array(bytes.subarray(8, 8 + length));
  if ((number & idFlags.error) !== 0) return { type: "error", classes: number & 0x1f_ff_ff_ff, data };
  const isExtended = (number & idFlags.extended) !== 0;
  const id = number & (isExtended ? 0x1f_ff_ff_ff : 0x7_ff);
  if (bytes.length === frameBytes.fd) {
    const hasBitRateSwitch = (flags & fdFlags.bitRateSwitch) !== 0;
    return { type: "fd", id, isExtended, data, hasBitRateSwitch, hasErrorState: (flags & fdFlags.errorState) !== 0 };
  }
  if ((number & idFlags.remote) !== 0) return { type: "remote", id, isExtended, lengthBytes: length };
  return { type: "data", id, isExtended, data };
}
