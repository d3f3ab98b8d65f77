import type { FieldLines } from "@fairlead/http/cache";
import type { DispatchController, DispatchHandler, ResponseFields } from "../../dispatch.ts";
import type { CachedBody } from "../../cache/cache-storage.ts";
import { rawFieldsOf } from "./response-fields.ts";

/** Bytes that are handed over before others get their turn. */
const TURN_BYTES = 1024 * 1024;

/** Where the bytes of a response come from while they come. */
export interface Upstream {
  /** A delivery has paused or goes on. */
  changed(): void;
  /** A delivery is over; with a reason when it was before its end. */
  left(delivery: Delivery, reason: Error | undefined): void;
}

/** The head of a response, as a handler gets it. */
export interface DeliveredHead {
  readonly status: number;
  readonly message: string;
  readonly fields: ResponseFields;
}

/** Bytes that are kept, and how many there will be. */
export interface KeptBytes {
  readonly body: CachedBody;
  /** Of the first byte. */
  readonly position: number;
  /** After the last byte, as far as it has come. */
  end: number;
  /** Whether there will be no more. */
  complete: boolean;
}

/**
 * Plays the engine for one request, whether its response comes from the network, from the store, or from what another
 * request is just storing; its handler sees one controller from beginning to end.
 */
export class Delivery implements DispatchController {
  readonly rawTrailers = null;
  paused = false;
  aborted = false;
  reason: Error | null = null;
  readonly #handler: DispatchHandler;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort: (() => void) | undefined;
  /** `undefined` while nobody sends. */
  #upstream: Upstream | undefined;
  #rawHeaders: Buffer[] | FieldLines = [];
  #kept: KeptBytes | undefined;
  #position = 0;
  #started = false;
  #pumping = false;
  #done = false;

  /** @param signal ends the delivery; `undefined` where whoever sends listens to it. */
  constructor(handler: DispatchHandler, signal: AbortSignal | undefined) {
    this.#handler = handler;
    this.#signal = signal;
    if (signal === undefined) return;
    this.#onAbort = (): void => {
      this.abort(signal.reason as Error);
    };
    signal.addEventListener("abort", this.#onAbort);
  }

  /** Nothing more is told to the handler. */
  get isDone(): boolean {
    return this.#done;
  }

  /** Made when somebody looks, of what is kept. */
  get rawHeaders(): Buffer[] {
    const raw = this.#rawHeaders;
    if (raw.length === 0 || Buffer.isBuffer(raw[0])) return raw as Buffer[];
    return (this.#rawHeaders = rawFieldsOf(raw as FieldLines));
  }

  /** The bytes that were handed over, counted in the representation. */
  get position(): number {
    return this.#position;
  }

  comesFrom(upstream: Upstream | undefined): void {
    this.#upstream = upstream;
  }

  start(context: unknown = {}): void {
    if (this.#started) return;
    this.#started = true;
    this.#tell(() => this.#handler.onRequestStart?.(this, context));
  }

  bodySent(chunk: Buffer): void {
    this.#tell(() => this.#handler.onBodySent?.(chunk));
  }

  requestSent(): void {
    this.#tell(() => this.#handler.onRequestSent?.());
  }

  upgrade(...upgrade: Parameters<NonNullable<DispatchHandler["onRequestUpgrade"]>>): void {
    this.#finish();
    this.#handler.onRequestUpgrade?.(...upgrade);
  }

  /** Hands over a head; `raw` is the same as an engine gives it, or what it is made of. */
  head({ status, message, fields }: DeliveredHead, raw: Buffer[] | FieldLines): void {
    this.start();
    this.#rawHeaders = raw;
    this.#tell(() => this.#handler.onResponseStart?.(this, status, fields, message));
  }

  /** Hands over bytes just as they come. */
  data(chunk: Buffer): void {
    this.#position += chunk.length;
    this.#tell(() => this.#handler.onResponseData?.(this, chunk));
  }

  end(trailers: ResponseFields = {}): void {
    if (this.#done) return;
    this.#tell(() => {
      this.#finish();
      this.#handler.onResponseEnd?.(this, trailers);
    });
  }

  fail(error: Error): void {
    if (this.#done) return;
    this.#finish();
    this.#handler.onResponseError?.(this, error);
  }

  /** Hands over what is kept, from a position on, and what is added to it, until it is complete. */
  play(kept: KeptBytes): void {
    this.#kept = kept;
    this.#position = kept.position;
    this.more();
  }

  /** Hands over what has come, as long as it is taken. */
  more(): void {
    const kept = this.#kept;
    if (kept === undefined || this.#pumping) return;
    this.#pumping = true;
    let handed = 0;
    while (!this.paused && !this.#done && this.#position < kept.end) {
      const chunk = kept.body.read(this.#position);
      if (chunk === undefined) {
        this.abort(new Error("the stored response is no longer there"));
        break;
      }
      const wanted = Math.min(chunk.length, kept.end - this.#position);
      this.data(Buffer.from(chunk.buffer, chunk.byteOffset, wanted));
      handed += wanted;
      if (handed >= TURN_BYTES) {
        setImmediate(() => {
          this.#pumping = false;
          this.more();
        });
        return;
      }
    }
    this.#pumping = false;
    if (kept.complete && !this.paused && this.#position === kept.end) this.end();
  }

  pause(): void {
    if (this.paused) return;
    this.paused = true;
    this.#upstream?.changed();
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.more();
    this.#upstream?.changed();
  }

  abort(reason: Error): void {
    if (this.aborted || this.#done) return;
    this.aborted = true;
    this.reason = reason;
    this.#finish(reason);
    this.#handler.onResponseError?.(this, reason);
  }

  #finish(reason?: Error): void {
    this.#done = true;
    this.#kept?.body.close();
    this.#kept = undefined;
    this.#upstream?.left(this, reason);
    this.#upstream = undefined;
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener("abort", this.#onAbort);
  }

  /** What a handler throws is the end of its request, as with an engine; nobody has aborted it. */
  #tell(step: () => void): void {
    if (this.aborted) return;
    try {
      step();
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      this.#finish(reason);
      this.#handler.onResponseError?.(this, reason);
    }
  }
}
