import type { EventEmitter } from "node:events";
import type { FairleadError } from "@fairlead/core";
import type { CanFrame, SendableCanFrame } from "./protocol/can-frame.ts";

/** What a bus tells. */
export interface CanBusEvents {
  /** Each frame of others that the filters let through, in the order of the bus. */
  frame: [frame: CanFrame];
  /** Emitted once; `undefined` when it was closed here. */
  close: [reason: FairleadError | undefined];
}

/** One node on a CAN bus: it hears everybody, and nobody is named. */
export interface CanBus extends EventEmitter<CanBusEvents>, AsyncDisposable {
  /** As errors name it: `can0`. */
  readonly name: string;
  readonly closed: boolean;
  /**
   * Sends a frame. Resolves when the system has taken it, which is as soon as its queue has room: whoever sends many waits
   * for each. Frames go out in the order of the calls.
   *
   * @throws TransportError CAN_BUS_STUCK when there is no room for a second, STREAM_CLOSED; UsageError OPTION_INVALID for a
   * frame that CAN does not have.
   */
  send(frame: SendableCanFrame): Promise<void>;
  /** Leaves the bus. What waits to be sent is not. */
  close(): void;
}
