import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Carrier, CarrierListener } from "./carrier.ts";

/** Carries over any byte stream. */
export class StreamCarrier implements Carrier {
  readonly #below: Duplex;
  readonly #listener: CarrierListener;
  /**
   * Called with buffers that nobody needs any more. Only a plain socket is known to copy what it writes, and to give away
   * what it reads: any other stream may pass on the very bytes that it was given.
   */
  readonly #recycle: ((bytes: Buffer) => void) | undefined;

  constructor(below: Duplex, listener: CarrierListener, recycle: (bytes: Buffer) => void) {
    this.#below = below;
    this.#listener = listener;
    this.#recycle = below instanceof Socket && Object.getPrototypeOf(below) === Socket.prototype ? recycle : undefined;
    below.pause();
    below.on("data", this.#onData);
    below.on("end", this.#onEnd);
    below.on("drain", this.#onDrain);
    below.on("error", this.#onError);
    below.on("close", this.#onClose);
  }

  get writable(): boolean {
    return this.#below.writable;
  }

  get needsDrain(): boolean {
    return this.#below.writableNeedDrain;
  }

  get unsentBytes(): number {
    return this.#below.writableLength;
  }

  resume(): void {
    this.#below.resume();
  }

  pause(): void {
    this.#below.pause();
  }

  write(bytes: Buffer, done?: () => void): boolean {
    if (done === undefined && this.#recycle === undefined) return this.#below.write(bytes);
    return this.#below.write(bytes, (error) => {
      // A write that fails is followed by its error.
      if (error) return;
      this.#recycle?.(bytes);
      done?.();
    });
  }

  end(): void {
    if (!this.#below.writableEnded) this.#below.end();
  }

  close(when: "now" | "after-writes"): void {
    const below = this.#below;
    below.off("data", this.#onData);
    below.off("end", this.#onEnd);
    below.off("drain", this.#onDrain);
    below.off("error", this.#onError);
    below.off("close", this.#onClose);
    below.on("error", () => undefined);
    if (when === "after-writes" && !below.writableFinished) below.resume().once("finish", () => below.destroy());
    else below.destroy();
  }

  readonly #onData = (bytes: Buffer): void => {
    this.#listener.onBytes(bytes);
    if (this.#recycle !== undefined && this.#below.listenerCount("data") === 1) this.#recycle(bytes);
  };

  readonly #onEnd = (): void => this.#listener.onEnd();
  readonly #onDrain = (): void => this.#listener.onDrain();
  readonly #onError = (error: Error): void => this.#listener.onError(error);
  readonly #onClose = (): void => this.#listener.onClose();
}
