import { UsageError } from "@fairlead/core";
import type { CanBus } from "../can-bus.ts";
import { fdLengths } from "../protocol/can-frame.ts";
import type { IsoTpLayout } from "../protocol/isotp/addressing.ts";
import { largestLength } from "../protocol/isotp/pdu.ts";
import type { ReceivingLimits } from "../protocol/isotp/receiving.ts";
import type { SendingLimits } from "../protocol/isotp/sending.ts";

/** With whom messages are exchanged over ISO-TP, and how. */
export interface IsoTpOptions {
  /** Stays the caller's: many conversations share a bus. */
  readonly bus: CanBus;
  /** Identifier of the frames that go out, and of those that come in: two, since no two nodes of a bus send the same. */
  readonly sendId: number;
  readonly receiveId: number;
  /** Whether both have 29 bits; false by default. */
  readonly isExtended?: boolean | undefined;
  /** 8 by default; more, of the lengths that CAN FD has, are sent as frames of CAN FD. */
  readonly frameBytes?: number | undefined;
  /** With what frames are filled up; 0xcc by default, and `none` sends no more than has to be. */
  readonly padding?: number | "none" | undefined;
  /** The first byte of each frame in extended and mixed addressing; none by default. */
  readonly addressByte?: IsoTpLayout["addressByte"];
  /** Bytes of the longest message that is sent or received; 4,095 by default. */
  readonly messageBytes?: number | undefined;
  /** Frames until the sender has to ask again; 0 by default, which is all of them. */
  readonly blockSize?: number | undefined;
  /** How long the sender has to wait between frames, 0 to 127; 0 by default. */
  readonly separationMilliseconds?: number | undefined;
  /** How long the other side may take, for an answer as for a frame (N_Bs, N_Cr); 1,000 by default. */
  readonly timeoutMilliseconds?: number | undefined;
  /** The system's by default. */
  readonly clock?: IsoTpClock | undefined;
}

/** Time, as a conversation sees it. */
export interface IsoTpClock {
  /** Milliseconds since some moment; never goes back. */
  now(): number;
  /** Calls once, after this time; what is returned calls it off. */
  after(milliseconds: number, call: () => void): () => void;
}

/** Options that were checked. */
export interface IsoTpSettings {
  readonly bus: CanBus;
  readonly peer: string;
  readonly sendId: number;
  readonly receiveId: number;
  readonly isExtended: boolean;
  readonly layout: IsoTpLayout;
  readonly messageBytes: number;
  readonly sending: SendingLimits;
  readonly receiving: ReceivingLimits;
  readonly clock: IsoTpClock;
}

/** How often a receiver may ask for patience: half a minute of it, as this side asks. */
const maxWaits = 60;

/** @throws UsageError OPTION_INVALID */
export function isoTpSettings(options: IsoTpOptions): IsoTpSettings {
  const { bus, sendId, receiveId, isExtended = false, frameBytes = 8, padding = 0xcc, messageBytes = 4_095 } = options;
  const { addressByte, blockSize = 0, separationMilliseconds = 0, timeoutMilliseconds = 1_000 } = options;
  const largestId = isExtended ? 0x1f_ff_ff_ff : 0x7_ff;
  requireNumber("sendId", sendId, 0, largestId);
  requireNumber("receiveId", receiveId, 0, largestId);
  // Both sides would take their own questions for answers.
  if (receiveId === sendId)
    throw invalid("receiveId", "give another than sendId: the peer's sendId is this side's receiveId");
  if (frameBytes < 8 || !fdLengths.includes(frameBytes)) {
    throw invalid("frameBytes", `give 8, or a length of CAN FD: ${fdLengths.slice(9).join(", ")}`);
  }
  if (padding !== "none") requireNumber("padding", padding, 0, 0xff);
  if (addressByte !== undefined) {
    requireNumber("addressByte", addressByte.send, 0, 0xff);
    requireNumber("addressByte", addressByte.receive, 0, 0xff);
  }
  requireNumber("messageBytes", messageBytes, 1, largestLength);
  requireNumber("blockSize", blockSize, 0, 0xff);
  if (!(separationMilliseconds >= 0 && separationMilliseconds <= 0x7f)) {
    throw invalid("separationMilliseconds", "give a number from 0 to 127");
  }
  if (!(timeoutMilliseconds > 0 && timeoutMilliseconds <= 60_000)) {
    throw invalid("timeoutMilliseconds", "give more than 0, and 60,000 at most");
  }
  const digits = isExtended ? 8 : 3;
  const [to, from] = [sendId, receiveId].map((id) => id.toString(16).padStart(digits, "0"));
  return {
    ...{ bus, sendId, receiveId, isExtended, messageBytes },
    peer: `${bus.name} ${to ?? ""}/${from ?? ""}`,
    layout: { frameBytes, padding: padding === "none" ? undefined : padding, addressByte },
    sending: { answerMilliseconds: timeoutMilliseconds, waits: maxWaits },
    receiving: {
      ...{ messageBytes, blockSize, separationMilliseconds },
      frameMilliseconds: timeoutMilliseconds,
      waitMilliseconds: timeoutMilliseconds / 2,
    },
    clock: options.clock ?? systemClock,
  };
}

const systemClock: IsoTpClock = {
  now: () => performance.now(),
  after(milliseconds, call) {
    const timer = setTimeout(call, Math.ceil(milliseconds));
    return () => clearTimeout(timer);
  },
};

function requireNumber(option: string, value: number, smallest: number, largest: number): void {
  if (Number.isInteger(value) && value >= smallest && value <= largest) return;
  throw invalid(option, `give a number from ${String(smallest)} to ${String(largest)}`);
}

function invalid(detail: string, remedy: string): UsageError {
  return new UsageError("OPTION_INVALID", { detail, remedy });
}
