import { PolicyError } from "@fairlead/core";
import type { BodySource, FlatFields } from "../exchange/index.ts";

/** How much may wait. */
export interface EventQueueLimits {
  readonly highWaterBytes: number;
  readonly limitBytes: number;
}

/** Text on its way to one client: what was put in waits until it is read, all at once. */
export class EventQueue implements BodySource {
  readonly length = undefined;
  readonly trailers: FlatFields = [];
  readonly #limits: EventQueueLimits;
  readonly #over = Promise.withResolvers<unknown>();
  #pieces: Buffer[] = [];
  #bytes = 0;
  #reader: PromiseWithResolvers<Uint8Array | undefined> | undefined;
  #room: PromiseWithResolvers<void> | undefined;
  #isEnded = false;
  #failure: { readonly reason: unknown } | undefined;

  constructor(limits: EventQueueLimits) {
    this.#limits = limits;
  }

  /** Resolves when nothing more is taken, to the reason where there is one. */
  get over(): Promise<unknown> {
    return this.#over.promise;
  }

  get isFull(): boolean {
    return this.#bytes > this.#limits.highWaterBytes;
  }

  /** @returns whether it was taken. */
  push(text: string): boolean {
    if (this.#isEnded || this.#failure !== undefined) return false;
    const piece = Buffer.from(text);
    if (this.#bytes + piece.length > Math.max(this.#limits.limitBytes, piece.length)) {
      this.fail(new PolicyError("READER_TOO_SLOW", { operation: "send" }));
      return false;
    }
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    this.#settle();
    return true;
  }

  /** Resolves when there is room, or never will be. */
  async room(): Promise<void> {
    if (!this.isFull || this.#failure !== undefined) return;
    this.#room ??= Promise.withResolvers();
    await this.#room.promise;
  }

  /** Takes nothing more; what waits is still read. */
  end(): void {
    if (this.#isEnded || this.#failure !== undefined) return;
    this.#isEnded = true;
    this.#over.resolve(undefined);
    this.#settle();
  }

  /**
   * Drops what waits; the reader is told why.
   *
   * @returns whether there is a reader to be told.
   */
  fail(reason: unknown): boolean {
    if (this.#failure !== undefined) return false;
    this.#failure = { reason };
    this.#pieces = [];
    this.#bytes = 0;
    this.#over.resolve(reason);
    this.#room?.resolve();
    this.#settle();
    return true;
  }

  read(): Promise<Uint8Array | undefined> {
    this.#reader = Promise.withResolvers();
    const { promise } = this.#reader;
    this.#settle();
    return promise;
  }

  cancel(reason?: unknown): void {
    this.fail(reason);
  }

  #settle(): void {
    const reader = this.#reader;
    if (reader === undefined) return;
    if (this.#failure !== undefined) reader.reject(this.#failure.reason);
    else if (this.#bytes > 0) reader.resolve(this.#take());
    else if (this.#isEnded) reader.resolve(undefined);
    else return;
    this.#reader = undefined;
  }

  #take(): Uint8Array | undefined {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#bytes = 0;
    this.#room?.resolve();
    this.#room = undefined;
    return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  }
}
