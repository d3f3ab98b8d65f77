import { EventEmitter } from "node:events";
import { endianness } from "node:os";
import { TransportError } from "@fairlead/core";
import { lastError, watch, type SocketCalls, type Watch } from "@fairlead/descriptor";
import { transportErrorFrom } from "@fairlead/transport";
import type { CanBus, CanBusEvents } from "./can-bus.ts";
import type { SendableCanFrame } from "./protocol/can-frame.ts";
import { frameBytes, readCanFrame, writeCanFrame } from "./protocol/frame-bytes.ts";
import { requireSendable } from "./require-sendable.ts";

/** Frames that are read before others in the process have their turn. */
const framesPerTurn = 256;

/** How long the system's queue may be full: as long as ISO-TP gives a frame (N_As), and far longer than one takes. */
const stuckMilliseconds = 1_000;

/** A queue of the interface that is full makes no descriptor unwritable: it has to be tried again. */
const retryMilliseconds = 1;

interface Waiting {
  readonly bytes: Uint8Array;
  readonly sent: () => void;
  readonly failed: (error: Error) => void;
}

/** A node of a bus by the descriptor of a socket that carries frames in the kernel's form. Owns it. */
export class DescriptorBus extends EventEmitter<CanBusEvents> implements CanBus {
  readonly name: string;
  readonly #calls: SocketCalls;
  readonly #descriptor: number;
  readonly #watch: Watch;
  readonly #buffer = Buffer.alloc(frameBytes.fd);
  readonly #waiting: Waiting[] = [];
  #isTold = false;
  #retry: NodeJS.Timeout | undefined;
  #stuck: NodeJS.Timeout | undefined;
  #closed = false;

  /** @throws Error when the event loop cannot watch it; the descriptor then is still the caller's. */
  constructor(calls: SocketCalls, descriptor: number, name: string) {
    super();
    // One for each conversation on the bus.
    this.setMaxListeners(0);
    this.#calls = calls;
    this.#descriptor = descriptor;
    this.name = name;
    // In a turn of its own, where promises are continued and an exception is an exception.
    this.#watch = watch(descriptor, () => {
      if (!this.#isTold) setImmediate(this.#read);
      this.#isTold = true;
    });
    this.#watch.wants(true, false);
  }

  get closed(): boolean {
    return this.#closed;
  }

  async send(frame: SendableCanFrame): Promise<void> {
    requireSendable(frame, this.name);
    if (this.#closed) throw this.#error("STREAM_CLOSED");
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const bytes = writeCanFrame(frame, endianness() === "LE");
    this.#waiting.push({ bytes, sent: () => resolve(undefined), failed: reject });
    if (this.#waiting.length === 1) this.#write();
    await promise;
  }

  close(): void {
    this.#end(undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  readonly #read = (): void => {
    this.#isTold = false;
    for (let count = 0; count < framesPerTurn && !this.#closed; count += 1) {
      const got = this.#calls.recv(this.#descriptor, this.#buffer, this.#buffer.length, dontWait);
      if (got < 0) {
        const error = lastError("recv");
        if (error.code === "EAGAIN") return;
        if (error.code === "EINTR") continue;
        this.#end(transportErrorFrom(error, { peer: this.name, operation: "read" }));
        return;
      }
      const frame = readCanFrame(this.#buffer.subarray(0, got), endianness() === "LE");
      if (frame !== undefined) this.emit("frame", frame);
    }
  };

  #write(): void {
    for (let first = this.#waiting[0]; first !== undefined && !this.#closed; first = this.#waiting[0]) {
      const error = this.#writeOne(first.bytes);
      if (error !== undefined && isFull.has(error.code)) {
        this.#retry = setTimeout(() => this.#write(), retryMilliseconds);
        this.#stuck ??= setTimeout(() => this.#giveUp(), stuckMilliseconds);
        return;
      }
      clearTimeout(this.#stuck);
      this.#stuck = undefined;
      this.#waiting.shift();
      if (error === undefined) first.sent();
      else first.failed(transportErrorFrom(error, { peer: this.name, operation: "send" }));
    }
  }

  #writeOne(bytes: Uint8Array): (Error & { readonly code: string }) | undefined {
    for (;;) {
      if (this.#calls.send(this.#descriptor, bytes, bytes.length, dontWait | noSignal) >= 0) return undefined;
      const error = lastError("send");
      if (error.code !== "EINTR") return error;
    }
  }

  /** Everything that waits has waited for the same. */
  #giveUp(): void {
    clearTimeout(this.#retry);
    this.#stuck = undefined;
    for (const { failed } of this.#waiting.splice(0)) failed(this.#error("CAN_BUS_STUCK"));
  }

  #end(reason: ReturnType<typeof transportErrorFrom> | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#stuck);
    // The event loop forgets it first: the number may be another file's at once.
    this.#watch.close();
    this.#calls.close(this.#descriptor);
    for (const { failed } of this.#waiting.splice(0)) failed(reason ?? this.#error("STREAM_CLOSED"));
    this.emit("close", reason);
  }

  #error(code: "STREAM_CLOSED" | "CAN_BUS_STUCK"): TransportError {
    return new TransportError(code, { peer: this.name, operation: "send" });
  }
}

const isFull: ReadonlySet<string> = new Set(["EAGAIN", "ENOBUFS"]);

/** sys/socket.h of Linux */
const dontWait = 0x40;
const noSignal = 0x4000;
