import { TransportError } from "@fairlead/core";
import type { BodySource, FlatFields } from "../exchange/index.ts";

/** What a body asks of the connection that it comes by. */
export interface BodyFlow {
  /** Somebody waits for content: it is to be read, and pushed. */
  onWanted(): void;
}

type Reader = PromiseWithResolvers<Uint8Array | undefined>;

/** The content of a request, as far as it has come: one piece, until it is read. */
export class ReceivedBody implements BodySource {
  readonly length: number | undefined;
  readonly #flow: BodyFlow;
  #piece: Uint8Array | undefined;
  #reader: Reader | undefined;
  #state: "coming" | "ended" | "failed" = "coming";
  #failure: unknown;
  #isDropped = false;
  #trailers: FlatFields = NO_FIELDS;
  /** Octets that have come. */
  bytesIn = 0;

  constructor(length: number | undefined, flow: BodyFlow) {
    this.length = length;
    this.#flow = flow;
  }

  /** Whether a piece would be taken. */
  get isWanted(): boolean {
    return this.#reader !== undefined || this.#isDropped;
  }

  /** Whether nothing of it is to come. */
  get isOver(): boolean {
    return this.#state !== "coming";
  }

  get trailers(): FlatFields {
    return this.#trailers;
  }

  read(): Promise<Uint8Array | undefined> {
    if (this.#piece !== undefined) {
      const piece = this.#piece;
      this.#piece = undefined;
      return Promise.resolve(piece);
    }
    if (this.#state === "failed") return rejected(this.#failure);
    if (this.#isDropped) return rejected(dropped());
    if (this.#state === "ended") return Promise.resolve(undefined);
    this.#reader ??= Promise.withResolvers<Uint8Array | undefined>();
    const { promise } = this.#reader;
    this.#flow.onWanted();
    return promise;
  }

  cancel(): void {
    if (this.#isDropped) return;
    this.#isDropped = true;
    this.#piece = undefined;
    this.#takeReader()?.reject(dropped());
    if (this.#state === "coming") this.#flow.onWanted();
  }

  /** A piece has come, which was wanted. */
  push(piece: Uint8Array): void {
    this.bytesIn += piece.length;
    if (this.#isDropped) return;
    const reader = this.#takeReader();
    if (reader === undefined) this.#piece = piece;
    else reader.resolve(piece);
  }

  /** All of it has come. */
  end(trailers: FlatFields): void {
    this.#state = "ended";
    this.#trailers = trailers;
    this.#takeReader()?.resolve(undefined);
  }

  /** The rest does not come. */
  fail(reason: unknown): void {
    if (this.#state !== "coming") return;
    this.#state = "failed";
    this.#failure = reason;
    this.#takeReader()?.reject(reason);
  }

  #takeReader(): Reader | undefined {
    const reader = this.#reader;
    this.#reader = undefined;
    return reader;
  }
}

const NO_FIELDS: FlatFields = Object.freeze([]);

function dropped(): TransportError {
  return new TransportError("STREAM_CLOSED", { operation: "read", detail: "the rest of the content was given up" });
}

function rejected(reason: unknown): Promise<never> {
  return Promise.reject(reason);
}
