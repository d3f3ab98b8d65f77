import type { Duplex } from "node:stream";
import type { Carrier, CarrierListener } from "./carrier.ts";

/** A second descriptor of the socket below, without streams between; what `@fairlead/descriptor` opens. */
export interface SocketDescriptor {
  /** What has arrived, in memory that the next read of any descriptor overwrites. Empty is the end. */
  read(limitBytes: number): Uint8Array | undefined;
  /** Returns how many bytes the system took. */
  write(bytes: Uint8Array): number;
  /** What `onReady` is called for. */
  wants(readable: boolean, writable: boolean): void;
  /** Has the socket itself read again, which finds what is left: the end. */
  handBack(): void;
  close(): void;
}

/** Opens the descriptor of a socket, or refuses what is none by `undefined`. */
export type DescriptorOpener = (
  socket: Duplex,
  onReady: (readable: boolean, writable: boolean) => void,
) => SocketDescriptor | undefined;

/**
 * Carries over a socket's descriptor: large reads, and writes that need no copy. The socket itself keeps its addresses
 * and timeouts, ends and closes.
 */
export class DescriptorCarrier implements Carrier {
  readonly #below: Duplex;
  readonly #listener: CarrierListener;
  /** Called with each buffer of `write` when nobody needs it any more. */
  readonly #recycle: (bytes: Buffer) => void;
  readonly #descriptor: SocketDescriptor;
  #open = true;
  #reading = false;
  #limitBytes = firstReadBytes;
  /** The peer has ended, and the socket has not been told yet. */
  #peerEnded = false;
  readonly #unsent: { bytes: Buffer; readonly done: (() => void) | undefined }[] = [];
  #unsentBytes = 0;
  #ending = false;
  /** Nobody listens any more; closes when all is sent. */
  #closing = false;

  /** `undefined` where there is no descriptor to be had. */
  static open(
    opener: DescriptorOpener | undefined,
    below: Duplex,
    listener: CarrierListener,
    recycle: (bytes: Buffer) => void,
  ): Carrier | undefined {
    // Called in a later turn.
    const descriptor = opener?.(below, (readable, writable) => carrier.#onReady(readable, writable));
    if (descriptor === undefined) return undefined;
    const carrier = new DescriptorCarrier(below, listener, recycle, descriptor);
    return carrier;
  }

  private constructor(
    below: Duplex,
    listener: CarrierListener,
    recycle: (bytes: Buffer) => void,
    descriptor: SocketDescriptor,
  ) {
    this.#below = below;
    this.#listener = listener;
    this.#recycle = recycle;
    this.#descriptor = descriptor;
    below.on("error", this.#onError);
    below.on("close", this.#onClose);
  }

  get writable(): boolean {
    return this.#open && this.#below.writable;
  }

  get needsDrain(): boolean {
    return this.#unsentBytes > 0;
  }

  get unsentBytes(): number {
    return this.#unsentBytes;
  }

  resume(): void {
    this.#reading = true;
    this.#watch();
  }

  pause(): void {
    this.#reading = false;
    this.#watch();
  }

  write(bytes: Buffer, done?: () => void): boolean {
    if (!this.#open) return false;
    this.#unsent.push({ bytes, done });
    this.#unsentBytes += bytes.length;
    // What waits already goes first.
    if (this.#unsent.length === 1) this.#send();
    this.#watch();
    return this.#unsentBytes === 0;
  }

  end(): void {
    this.#ending = true;
    this.#settle();
  }

  close(when: "now" | "after-writes"): void {
    const below = this.#below;
    below.on("error", () => undefined);
    below.off("error", this.#onError);
    this.#closing = true;
    this.#reading = false;
    if (when === "after-writes" && !below.writableFinished) {
      below.once("finish", () => below.destroy());
      this.#settle();
      this.#watch();
      return;
    }
    this.#release();
    below.off("close", this.#onClose);
    below.destroy();
  }

  #onReady(readable: boolean, writable: boolean): void {
    if (writable && this.#unsentBytes > 0) {
      this.#send();
      if (this.#unsentBytes === 0) {
        this.#settle();
        if (!this.#closing) this.#listener.onDrain();
      }
    }
    if (readable && this.#reading && this.#open) this.#receive();
    this.#watch();
  }

  #receive(): void {
    const bytes = this.#attempt(() => this.#descriptor.read(this.#limitBytes));
    if (bytes === undefined) return;
    if (bytes.length === 0) {
      this.#peerEnded = true;
      this.#settle();
      this.#listener.onEnd();
      return;
    }
    // Large reads for those that are seen to need them: a peer whose bytes are not taken fills one.
    if (bytes.length === this.#limitBytes) this.#limitBytes = Math.min(2 * this.#limitBytes, maxReadBytes);
    this.#listener.onBytes(bytes);
    if (!this.#reading) this.#limitBytes = firstReadBytes;
  }

  #send(): void {
    for (let first = this.#unsent[0]; first !== undefined; first = this.#unsent[0]) {
      const { bytes, done } = first;
      const sent = this.#attempt(() => this.#descriptor.write(bytes));
      if (sent === undefined) return;
      this.#unsentBytes -= sent;
      if (sent < bytes.length) {
        first.bytes = this.#rest(bytes, sent);
        return;
      }
      this.#unsent.shift();
      this.#recycle(bytes);
      const wasLast = this.#unsent.length === 0;
      done?.();
      // What is there now was written by whoever was told, and sent as far as it went: it may have been asked to wait for a
      // drain, which only comes when the descriptor is ready again.
      if (wasLast) return;
    }
  }

  /** A little that is left does not keep a large buffer. */
  #rest(bytes: Buffer, sent: number): Buffer {
    const rest = bytes.subarray(sent);
    if (rest.length > bytes.buffer.byteLength / 4) return rest;
    const copy = Buffer.from(rest);
    this.#recycle(bytes);
    return copy;
  }

  /** Lets the socket end what is at its end, once everything is sent. */
  #settle(): void {
    if (!this.#open || this.#unsentBytes > 0) return;
    if (this.#ending && !this.#below.writableEnded) this.#below.end();
    if (this.#peerEnded) {
      this.#descriptor.handBack();
      this.#below.resume();
    }
    if (this.#closing) this.#release();
  }

  #watch(): void {
    if (this.#open) this.#descriptor.wants(this.#reading && !this.#peerEnded, this.#unsentBytes > 0);
  }

  #release(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#descriptor.close();
    this.#unsent.length = 0;
    this.#unsentBytes = 0;
  }

  /** What the system refuses is an error of the socket, which tells everybody. */
  #attempt<T>(call: () => T): T | undefined {
    try {
      return this.#open ? call() : undefined;
    } catch (error) {
      this.#release();
      this.#below.destroy(error instanceof Error ? error : undefined);
      return undefined;
    }
  }

  readonly #onError = (error: Error): void => this.#listener.onError(error);

  readonly #onClose = (): void => {
    this.#release();
    if (!this.#closing) this.#listener.onClose();
  };
}

/** What is read at once to begin with, and while the reader is slow. */
const firstReadBytes = 65_536;

/** What is read at once at most, and so what a peer can make wait for a slow reader. */
const maxReadBytes = 1_048_576;
