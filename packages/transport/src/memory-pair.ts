import { Duplex } from "node:stream";
import { UsageError } from "@fairlead/core";
import { MemoryWire, systemError } from "./memory-wire.ts";

/** How the pair is made. */
export interface MemoryPairOptions {
  /** Bytes that each direction holds between the two streams, beside the streams' own buffers. 64 KiB by default. */
  readonly capacityBytes?: number | undefined;
  /** Keeps the write side open when the peer ends its own. False by default, as for sockets. */
  readonly allowHalfOpen?: boolean | undefined;
}

/** One end of a memory pair: a Duplex with what libraries call on sockets. */
export interface MemoryStream extends Duplex {
  /** Closes this end, and breaks the other with ECONNRESET, as `net.Socket#resetAndDestroy` does over TCP. */
  resetAndDestroy(): this;
  /** Does nothing: there is no handle. A pair never keeps the process alive. */
  ref(): this;
  /** Does nothing. */
  unref(): this;
}

/**
 * Makes two streams that are each other's peer, in this process, and behave as the two ends of a socket:
 *
 * - `end()` ends the other's read side only; with `allowHalfOpen` the other may go on writing.
 * - `destroy()`, with or without an error, lets the other read what was written and then end; it never sees the error.
 *   What it writes afterwards fails with EPIPE.
 * - If the destroyed end had not taken everything, or by `resetAndDestroy()`, the other fails with ECONNRESET.
 * - Nothing is delivered from inside `write`, a slow reader stops the writer, and a buffer may be reused once its write
 *   is done.
 *
 * @throws UsageError OPTION_INVALID for a capacity that is not a positive integer.
 *
 * @example
 * const [client, server] = memoryPair();
 * server.pipe(server);
 * client.end("echo");
 */
export function memoryPair(options: MemoryPairOptions = {}): [MemoryStream, MemoryStream] {
  const { capacityBytes = 65_536, allowHalfOpen = false } = options;
  if (!Number.isSafeInteger(capacityBytes) || capacityBytes < 1) {
    throw new UsageError("OPTION_INVALID", { detail: "capacityBytes", remedy: "give a positive integer" });
  }
  const there = new MemoryWire(capacityBytes);
  const back = new MemoryWire(capacityBytes);
  const left = new MemoryEnd(back, there, allowHalfOpen);
  const right = new MemoryEnd(there, back, allowHalfOpen);
  left.join(right);
  right.join(left);
  return [left, right];
}

class MemoryEnd extends Duplex implements MemoryStream {
  readonly #incoming: MemoryWire;
  readonly #outgoing: MemoryWire;
  #peer: MemoryEnd | undefined;
  #resets = false;

  constructor(incoming: MemoryWire, outgoing: MemoryWire, allowHalfOpen: boolean) {
    super({ allowHalfOpen });
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    incoming.attach(this);
  }

  join(peer: MemoryEnd): void {
    this.#peer = peer;
    // A connected socket reads ahead before anybody listens.
    this.read(0);
  }

  resetAndDestroy(): this {
    this.#resets = true;
    return this.destroy();
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {
    this.#incoming.pull();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#outgoing.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#outgoing.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const resets = this.#resets || this.#incoming.hasUndelivered;
    this.#incoming.hangUp();
    this.#outgoing.cancel();
    if (resets) setImmediate(() => this.#peer?.destroy(systemError("ECONNRESET", "read")));
    done(error);
  }
}
