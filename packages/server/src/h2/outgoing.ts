import type { Http2ServerStream } from "@fairlead/http/h2";
import { trailerFields } from "@fairlead/http/h2";
import type { BodySink, FlatFields } from "../exchange/index.ts";

/** What the content of an answer needs of its exchange. */
export interface OutgoingOwner {
  /** Milliseconds that only ever grow. */
  readonly now: number;
  readonly writeIdleMilliseconds: number;
  watch(due: number): void;
  /** Has `sendSome` called, in turn with others. */
  onReady(outgoing: Outgoing): void;
  /** All of it was handed over. */
  onSent(): void;
  /** It is not as long as was said. */
  onWrongLength(): void;
}

/** Octets that wait before a writer is asked to wait as well. */
const HIGH_WATER_BYTES = 65_536;
const NO_DATA = new Uint8Array(0);

/** The content of an answer on its way, as fast as the client takes it. */
export class Outgoing implements BodySink {
  /** Octets that were handed over. */
  sent = 0;
  readonly #stream: Http2ServerStream;
  readonly #owner: OutgoingOwner;
  readonly #queue: Uint8Array[] = [];
  #queued = 0;
  /** What is still to be written by the Content-Length. */
  #expected: number | undefined;
  #trailers: FlatFields | undefined;
  #isEnding = false;
  #gone: { readonly reason: unknown } | undefined;
  #draining: PromiseWithResolvers<void> | undefined;
  #idleDue = Number.POSITIVE_INFINITY;

  constructor(stream: Http2ServerStream, expected: number | undefined, owner: OutgoingOwner) {
    this.#stream = stream;
    this.#expected = expected;
    this.#owner = owner;
  }

  /** When it is given up, since the client takes nothing. */
  get due(): number {
    return this.#idleDue;
  }

  write(bytes: Uint8Array): boolean {
    if (this.#gone !== undefined || this.#isEnding) return false;
    if (bytes.length === 0) return this.#queued < HIGH_WATER_BYTES;
    if (this.#expected !== undefined) {
      this.#expected -= bytes.length;
      if (this.#expected < 0) {
        this.#owner.onWrongLength();
        return false;
      }
    }
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    this.#wait();
    return this.#queued < HIGH_WATER_BYTES;
  }

  drained(): Promise<void> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone.reason);
    if (this.#queued < HIGH_WATER_BYTES) return Promise.resolve();
    this.#draining ??= Promise.withResolvers();
    return this.#draining.promise;
  }

  end(trailers: FlatFields = []): void {
    if (this.#gone !== undefined || this.#isEnding) return;
    if (trailers.length > 0) this.#trailers = trailerFields(trailers);
    this.#isEnding = true;
    if ((this.#expected ?? 0) > 0) this.#owner.onWrongLength();
    else this.#wait();
  }

  /** The client has left, or it was given up. */
  drop(reason: unknown): void {
    if (this.#gone !== undefined) return;
    this.#gone = { reason };
    this.#queue.length = 0;
    this.#queued = 0;
    this.#idleDue = Number.POSITIVE_INFINITY;
    // Nobody has to listen: `write` has said that there is no room.
    this.#draining?.promise.catch(() => undefined);
    this.#draining?.reject(reason);
  }

  /**
   * Sends a part, no more than `most` octets at once.
   *
   * @returns whether there is more that could be sent now.
   */
  sendSome(most: number): boolean {
    if (this.#gone !== undefined) return false;
    const isHeldBack = !this.#sendQueued(most);
    if (this.#queued < HIGH_WATER_BYTES) this.#makeRoom();
    if (this.#queue.length > 0) {
      if (isHeldBack) this.#stream.whenSendable();
      return !isHeldBack;
    }
    this.#idleDue = Number.POSITIVE_INFINITY;
    if (!this.#isEnding) return false;
    // With the last of the content, where that went at once.
    if (this.#trailers !== undefined) this.#stream.sendTrailers(this.#trailers);
    else if (!this.#stream.isSent) this.#stream.send(NO_DATA, true);
    this.#owner.onSent();
    return false;
  }

  /** Returns whether the client has room for more. */
  #sendQueued(most: number): boolean {
    let left = most;
    for (let first = this.#queue[0]; first !== undefined && left > 0; first = this.#queue[0]) {
      const room = Math.min(left, this.#stream.sendable);
      if (room === 0) return false;
      const part = first.length <= room ? first : first.subarray(0, room);
      if (part === first) this.#queue.shift();
      else this.#queue[0] = first.subarray(room);
      left -= part.length;
      this.#queued -= part.length;
      this.sent += part.length;
      this.#idleDue = this.#owner.now + this.#owner.writeIdleMilliseconds;
      this.#stream.send(part, this.#isEnding && this.#queue.length === 0 && this.#trailers === undefined);
    }
    return true;
  }

  #makeRoom(): void {
    const draining = this.#draining;
    this.#draining = undefined;
    draining?.resolve();
  }

  #wait(): void {
    if (this.#idleDue === Number.POSITIVE_INFINITY) {
      this.#idleDue = this.#owner.now + this.#owner.writeIdleMilliseconds;
      this.#owner.watch(this.#idleDue);
    }
    this.#owner.onReady(this);
  }
}
