import type { BodySource, FlatFields } from "../exchange/index.ts";

/** What the connection wants to know of who reads. */
export interface UpstreamContentEvents {
  /** More is wanted. */
  onWanted(): void;
  onCancelled(reason: unknown): void;
}

/** The content of a server's answer: what came at once waits here, and until it is read nothing more comes. */
export class UpstreamContent implements BodySource {
  readonly length: number | undefined;
  readonly #events: UpstreamContentEvents;
  #pieces: Uint8Array[] = [];
  #reader: PromiseWithResolvers<Uint8Array | undefined> | undefined;
  #trailers: FlatFields = [];
  #isEnded = false;
  #failure: { readonly reason: unknown } | undefined;

  constructor(length: number | undefined, events: UpstreamContentEvents) {
    this.length = length;
    this.#events = events;
  }

  get trailers(): FlatFields {
    return this.#trailers;
  }

  /** Whether somebody waits for more. */
  get isWanted(): boolean {
    return this.#reader !== undefined;
  }

  /** Whether something waits to be read. */
  get isFull(): boolean {
    return this.#pieces.length > 0;
  }

  /** All of it, where all has come and nothing was read; `undefined` otherwise. */
  takeWhole(): Uint8Array | undefined {
    return this.#isEnded && this.#trailers.length === 0 ? (this.#take() ?? NOTHING) : undefined;
  }

  read(): Promise<Uint8Array | undefined> {
    const piece = this.#take();
    if (piece !== undefined) return Promise.resolve(piece);
    if (this.#failure !== undefined) return Promise.reject(this.#failure.reason);
    if (this.#isEnded) return Promise.resolve(undefined);
    this.#reader = Promise.withResolvers();
    this.#events.onWanted();
    return this.#reader.promise;
  }

  cancel(reason?: unknown): void {
    this.#pieces = [];
    this.#events.onCancelled(reason);
  }

  push(piece: Uint8Array): void {
    this.#pieces.push(piece);
  }

  end(trailers: FlatFields): void {
    this.#trailers = trailers;
    this.#isEnded = true;
  }

  fail(reason: unknown): void {
    if (this.#isEnded) return;
    this.#failure = { reason };
    this.settle();
  }

  /** Tells who waits. */
  settle(): void {
    const reader = this.#reader;
    if (reader === undefined) return;
    const piece = this.#take();
    if (piece === undefined && !this.#isEnded && this.#failure === undefined) return;
    this.#reader = undefined;
    if (piece !== undefined || this.#failure === undefined) reader.resolve(piece);
    else reader.reject(this.#failure.reason);
  }

  #take(): Uint8Array | undefined {
    const pieces = this.#pieces;
    if (pieces.length === 0) return undefined;
    this.#pieces = [];
    return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  }
}

const NOTHING = new Uint8Array(0);
