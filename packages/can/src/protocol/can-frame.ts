/** Whom a frame is about; lower numbers win the bus. */
export interface CanId {
  /** 0 to 0x7ff, or to 0x1fffffff when it is extended. */
  readonly id: number;
  /** Whether it has 29 bits instead of 11. */
  readonly isExtended: boolean;
}

/** Up to 8 bytes. */
export interface CanDataFrame extends CanId {
  readonly type: "data";
  readonly data: Uint8Array;
}

/** Asks whoever sends this identifier to do so. */
export interface CanRemoteFrame extends CanId {
  readonly type: "remote";
  /** Of the data that is asked for, 0 to 8. */
  readonly lengthBytes: number;
}

/** Up to 64 bytes, of one of the lengths that CAN FD has ({@link fdLengths}). */
export interface CanFdFrame extends CanId {
  readonly type: "fd";
  readonly data: Uint8Array;
  /** Whether the data goes at the faster rate. */
  readonly hasBitRateSwitch: boolean;
  /** Whether its sender has seen many errors (error passive). */
  readonly hasErrorState: boolean;
}

/** What the controller says about the bus; nobody has sent it. */
export interface CanErrorFrame {
  readonly type: "error";
  /** Bits of `linux/can/error.h`, such as 0x40 for bus-off. */
  readonly classes: number;
  readonly data: Uint8Array;
}

/** What comes from a bus. */
export type CanFrame = CanDataFrame | CanRemoteFrame | CanFdFrame | CanErrorFrame;

/** What can be sent. */
export type SendableCanFrame = Exclude<CanFrame, CanErrorFrame>;

/** Lengths of data that a frame of CAN FD can have. ISO 11898-1, table of the data length code. */
export const fdLengths: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64];

/** Why a frame cannot be sent, as words that end a sentence; `undefined` when it can. */
export function canFrameProblem(frame: SendableCanFrame): string | undefined {
  const largest = frame.isExtended ? 0x1f_ff_ff_ff : 0x7_ff;
  if (!Number.isInteger(frame.id) || frame.id < 0 || frame.id > largest) {
    return `an identifier of ${frame.isExtended ? "29" : "11"} bits is a number from 0 to ${String(largest)}`;
  }
  switch (frame.type) {
    case "data":
      return frame.data.length <= 8 ? undefined : "a frame of CAN has 8 bytes at most";
    case "remote":
      return Number.isInteger(frame.lengthBytes) && frame.lengthBytes >= 0 && frame.lengthBytes <= 8
        ? undefined
        : "a remote frame asks for 0 to 8 bytes";
    case "fd":
      return fdLengths.includes(frame.data.length) ? undefined : `CAN FD has frames of ${fdLengths.join(", ")} bytes`;
  }
}
