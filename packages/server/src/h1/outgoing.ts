import type { Duplex } from "node:stream";
import type { Deadlines } from "./deadlines.ts";
import type { ContentLink } from "./sent-body.ts";
import { writeRest } from "./sent-content.ts";

/** What leaves by a connection, no faster than its client takes it. */
export class Outgoing implements ContentLink {
  readonly stream: Duplex;
  readonly #deadlines: Deadlines;
  readonly #idleMilliseconds: number;
  /** Of an answer that is there. */
  #rest: Uint8Array = NOTHING;
  #onRestWritten: () => void = () => undefined;
  #waiters: PromiseWithResolvers<undefined>[] = [];

  constructor(stream: Duplex, deadlines: Deadlines, idleMilliseconds: number) {
    this.stream = stream;
    this.#deadlines = deadlines;
    this.#idleMilliseconds = idleMilliseconds;
  }

  /** Whether everything that was written has left, but for what the stream holds without being full. */
  get hasRoom(): boolean {
    return !this.stream.writableNeedDrain;
  }

  /** Something was written: its client has so long to take some of it. */
  onWritten(): void {
    if (!this.hasRoom) this.#deadlines.set("write", this.#idleMilliseconds);
  }

  /** Writes an answer's rest, as there is room. */
  writeRest(rest: Uint8Array, onWritten: () => void): void {
    let more = rest;
    while (more.length > 0 && this.hasRoom) more = writeRest(this.stream, more);
    this.#rest = more;
    this.#onRestWritten = onWritten;
    if (more.length === 0) onWritten();
    else this.onWritten();
  }

  async drained(): Promise<void> {
    if (this.hasRoom) return;
    const waiter = Promise.withResolvers<undefined>();
    this.#waiters.push(waiter);
    await waiter.promise;
  }

  /** There is room again. */
  onDrain(): void {
    this.#deadlines.clear("write");
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.resolve(undefined);
    if (this.#rest.length > 0) this.writeRest(this.#rest, this.#onRestWritten);
  }

  /** There will be no room any more. */
  lose(reason: unknown): void {
    this.#rest = NOTHING;
    for (const waiter of this.#waiters) waiter.reject(reason);
    this.#waiters = [];
  }
}

const NOTHING = new Uint8Array();
