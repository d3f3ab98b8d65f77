import type { Carrier } from "./carrier.ts";
import type { EarlyFlight } from "./early-flight.ts";
import type { TlsEngine } from "./engine.ts";

/** Told when a write, or the end, is done. */
export type WriteDone = (error?: Error | null) => void;

/**
 * The direction to the peer: what is written goes early where it may, waits for the handshake where not, and for the
 * stream below whenever that asks for it. One write is under way at a time.
 */
export class Outgoing {
  readonly #engine: TlsEngine;
  readonly #carrier: Carrier;
  readonly #early: EarlyFlight;
  /** Runs a step whose failure ends the connection. */
  readonly #guarded: (step: () => void) => void;
  #waiting: { readonly go: () => void; readonly mayGo: () => boolean } | undefined;
  #done: WriteDone | undefined;

  constructor(engine: TlsEngine, carrier: Carrier, early: EarlyFlight, guarded: (step: () => void) => void) {
    this.#engine = engine;
    this.#carrier = carrier;
    this.#early = early;
    this.#guarded = guarded;
  }

  /** Somebody waits for a write, or for the end. */
  get isAwaited(): boolean {
    return this.#done !== undefined;
  }

  /** Encrypts and sends all of it, as soon as `mayGo` allows. */
  write(chunk: Buffer, mayGo: () => boolean, done: WriteDone): void {
    this.#done = done;
    if (!this.#early.isOpen) this.#when(mayGo, () => this.#writeFrom(chunk, 0));
    else this.#guarded(() => this.#writeEarly(chunk, mayGo));
  }

  /** Says close_notify, as soon as `mayGo` allows. */
  end(mayGo: () => boolean, ended: () => void, done: WriteDone): void {
    this.#done = done;
    this.#when(mayGo, () => {
      this.#engine.end();
      this.flush();
      ended();
      this.#complete();
    });
  }

  /** Goes on with what waits, if that may go by now. */
  proceed(): void {
    const waiting = this.#waiting;
    if (waiting?.mayGo() !== true) return;
    this.#waiting = undefined;
    this.#guarded(waiting.go);
  }

  /** Writes what the engine has for the peer; false when `below` asks to wait for its drain. */
  flush(): boolean {
    const bytes = this.#engine.take();
    return bytes === undefined ? !this.#carrier.needsDrain : this.#carrier.write(bytes);
  }

  /** Tells the peer why the connection fails, if that is possible. */
  flushAlert(): void {
    try {
      if (this.#carrier.writable) this.flush();
    } catch {
      // The connection fails already; what it fails with is known.
    }
  }

  /** Nothing more is sent; whoever waits is told why. */
  fail(reason: Error): void {
    this.#waiting = undefined;
    this.#complete(reason);
  }

  readonly #onWritten = (): void => this.#complete();

  #when(mayGo: () => boolean, go: () => void): void {
    if (mayGo()) this.#guarded(go);
    else this.#waiting = { go, mayGo };
  }

  #writeFrom(chunk: Buffer, start: number): void {
    for (let offset = start; offset < chunk.length; ) {
      const part = chunk.subarray(offset, offset + maxPartBytes);
      this.#engine.send(part);
      offset += part.length;
      if (offset === chunk.length) break;
      if (this.flush()) continue;
      this.#waiting = { go: () => this.#writeFrom(chunk, offset), mayGo: () => true };
      return;
    }
    // Done when `below` has taken all of it: a caller may cut the connection then.
    const bytes = this.#engine.take();
    if (bytes === undefined) this.#complete();
    else this.#carrier.write(bytes, this.#onWritten);
  }

  #writeEarly(chunk: Buffer, mayGo: () => boolean): void {
    const sent = this.#early.send(chunk);
    this.flush();
    if (sent === chunk.length) this.#complete();
    else this.#when(mayGo, () => this.#writeFrom(chunk, sent));
  }

  #complete(error?: Error): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(error);
  }
}

/** Encrypted at once before the stream below is asked whether it can take more. */
const maxPartBytes = 262_144;
