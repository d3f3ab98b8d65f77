import { EventEmitter } from "node:events";
import { TransportError } from "@fairlead/core";
import type { CanBus, CanBusEvents } from "./can-bus.ts";
import type { CanFrame, SendableCanFrame } from "./protocol/can-frame.ts";
import { requireSendable } from "./require-sendable.ts";

/** How a bus in memory carries frames. */
export interface MemoryCanOptions {
  /** Decides what becomes of a frame: calls `deliver` now or later, once, twice, with another, or never. */
  readonly carry?: ((frame: CanFrame, deliver: (frame: CanFrame) => void) => void) | undefined;
}

/** A CAN bus in this process. */
export interface MemoryCan {
  /** Joins the bus as one more node. */
  join(): CanBus;
  /** Has every node hear a frame that none of them has sent. */
  inject(frame: CanFrame): void;
}

/** Makes a bus in memory; by default everything arrives once and in order, in a later turn of the event loop. */
export function memoryCan(options: MemoryCanOptions = {}): MemoryCan {
  const { carry = carryWell } = options;
  const nodes = new Set<MemoryNode>();
  const spread = (frame: CanFrame, from: MemoryNode | undefined): void => {
    carry(frame, (arrived) => {
      for (const node of [...nodes]) if (node !== from && !node.closed) node.emit("frame", arrived);
    });
  };
  return {
    inject: (frame) => spread(frame, undefined),
    join() {
      const node = new MemoryNode(spread, () => nodes.delete(node));
      nodes.add(node);
      return node;
    },
  };
}

class MemoryNode extends EventEmitter<CanBusEvents> implements CanBus {
  readonly name = "memory";
  closed = false;
  readonly #spread: (frame: CanFrame, from: MemoryNode) => void;
  readonly #leave: () => void;

  constructor(spread: (frame: CanFrame, from: MemoryNode) => void, leave: () => void) {
    super();
    // One for each conversation on the bus.
    this.setMaxListeners(0);
    this.#spread = spread;
    this.#leave = leave;
  }

  async send(frame: SendableCanFrame): Promise<void> {
    requireSendable(frame, this.name);
    if (this.closed) throw new TransportError("STREAM_CLOSED", { peer: this.name, operation: "send" });
    // The bytes stay the sender's.
    this.#spread(frame.type === "remote" ? frame : { ...frame, data: new Uint8Array(frame.data) }, this);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.#leave();
    this.emit("close", undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }
}

const carryWell: NonNullable<MemoryCanOptions["carry"]> = (frame, deliver) => {
  setImmediate(() => deliver(frame));
};
