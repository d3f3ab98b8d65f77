import type { BodySource, FlatFields } from "../../exchange/index.ts";
import { ReceiveCredit } from "../protocol/index.ts";

/** More pieces than this that wait are made one: what they take beside their octets has a bound, too. */
const PIECE_LIMIT = 256;

const NO_TRAILERS: FlatFields = [];

/** What reading leads to. */
export interface IncomingContentEvents {
  /** So many octets more may come. */
  onCredit(octets: number): void;
  /** Nobody reads the rest. */
  onCancel(reason: unknown): void;
}

/** Content that comes in frames, up to its credit ahead of who reads it. */
export class IncomingContent implements BodySource {
  readonly length: number | undefined;
  readonly #events: IncomingContentEvents;
  readonly #credit: ReceiveCredit;
  #pieces: Uint8Array[] = [];
  #next = 0;
  #read = 0;
  #trailers = NO_TRAILERS;
  #state: "open" | "ended" | "failed" | "cancelled" = "open";
  #error: unknown;
  #waiter: { readonly resolve: (piece?: Uint8Array) => void; readonly reject: (reason: unknown) => void } | undefined;

  constructor(length: number | undefined, windowBytes: number, events: IncomingContentEvents) {
    this.length = length;
    this.#credit = new ReceiveCredit(windowBytes);
    this.#events = events;
  }

  get trailers(): FlatFields {
    return this.#state === "ended" && this.#next === this.#pieces.length ? this.#trailers : NO_TRAILERS;
  }

  /** Which piece is the next to be read, counted from the first; `undefined` where none waits. */
  get unread(): number | undefined {
    return this.#next === this.#pieces.length ? undefined : this.#read;
  }

  /** All of it, if all has come and nothing follows it; then it counts as read. */
  takeWhole(): Uint8Array | undefined {
    if (this.#state !== "ended" || this.#trailers.length > 0 || this.#next > 0) return undefined;
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  }

  read(): Promise<Uint8Array | undefined> {
    const piece = this.#pieces[this.#next];
    if (piece !== undefined) {
      this.#take(piece);
      return Promise.resolve(piece);
    }
    if (this.#state === "failed") return Promise.reject(this.#error);
    if (this.#state !== "open") return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
    });
  }

  cancel(reason?: unknown): void {
    this.#drop();
    if (this.#state !== "open") return;
    this.#settle("cancelled");
    this.#events.onCancel(reason);
  }

  /** @throws ProtocolError GATEWAY_FRAME_INVALID for more than was granted. */
  arrive(piece: Uint8Array): void {
    this.#credit.arrive(piece.length);
    if (this.#state !== "open" || piece.length === 0) return;
    const waiter = this.#waiter;
    if (waiter !== undefined) {
      this.#waiter = undefined;
      this.#grant(piece.length);
      waiter.resolve(piece);
      return;
    }
    this.#pieces.push(piece);
    if (this.#pieces.length - this.#next > PIECE_LIMIT) {
      this.#pieces = [Buffer.concat(this.#pieces.slice(this.#next))];
      this.#next = 0;
    }
  }

  /** All of it has come. */
  end(trailers: FlatFields): void {
    if (this.#state !== "open") return;
    this.#trailers = trailers;
    this.#settle("ended");
  }

  /** The rest does not come. What has come is not for anybody any more. */
  fail(error: unknown): void {
    if (this.#state !== "open") return;
    this.#error = error;
    this.#drop();
    this.#settle("failed");
  }

  #take(piece: Uint8Array): void {
    this.#read += 1;
    this.#next += 1;
    if (this.#next === this.#pieces.length) this.#drop();
    if (this.#state === "open") this.#grant(piece.length);
  }

  #grant(octets: number): void {
    const grant = this.#credit.use(octets);
    if (grant > 0) this.#events.onCredit(grant);
  }

  #drop(): void {
    this.#pieces = [];
    this.#next = 0;
  }

  #settle(state: "ended" | "failed" | "cancelled"): void {
    this.#state = state;
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if (state === "failed") waiter?.reject(this.#error);
    else waiter?.resolve();
  }
}
