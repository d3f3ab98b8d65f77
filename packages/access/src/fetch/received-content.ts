import type { Readable } from "node:stream";
import type { ResponseFields } from "../dispatch.ts";
import type { ResponseReceiver } from "../response-receiver.ts";
import { fetchFailure } from "./fetch-error.ts";
import type { FetchedResponse, ResponseContent } from "./fetched-response.ts";

/** The body of a response, its content coding undone, on its way to whoever reads it. It is read once. */
export class ReceivedContent implements ResponseContent {
  readonly #receiver: ResponseReceiver<FetchedResponse>;
  readonly #coding: string | readonly string[] | undefined;

  constructor(receiver: ResponseReceiver<FetchedResponse>, fields: ResponseFields) {
    this.#receiver = receiver;
    this.#coding = fields["content-encoding"];
  }

  gather(): Promise<readonly Uint8Array[]> {
    return this.#ended(this.#coding === undefined ? this.#receiver.gather() : this.#gatherFrom(this.#decoded()));
  }

  gatherFrom(stream: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
    return this.#ended(this.#gatherFrom(stream));
  }

  open(): Readable {
    const { signal } = this.#receiver.exchange;
    const stream = this.#decoded();
    if (signal === undefined) return stream;
    // It ends what nobody has read, too, although all of it has come and the exchange is over.
    const end = (): void => {
      stream.destroy(fetchFailure(signal.reason));
    };
    if (signal.aborted) end();
    signal.addEventListener("abort", end);
    stream.once("close", () => {
      signal.removeEventListener("abort", end);
    });
    return stream;
  }

  discard(): void {
    this.#receiver.discard();
  }

  readonly explain = (error: unknown): unknown => {
    const { failure, exchange } = this.#receiver;
    if (exchange.signal?.aborted === true) return exchange.signal.reason;
    return failure === undefined ? fetchFailure(error) : failure.error;
  };

  #decoded(): Readable {
    return this.#coding === undefined
      ? this.#receiver.openStream()
      : this.#receiver.openDecoded(this.#coding, "tolerant");
  }

  #gatherFrom(stream: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
    return this.#receiver.gatherFrom(stream).catch((error: unknown) => {
      throw this.explain(error);
    });
  }

  /** An abort counts until the body was handed over. */
  async #ended(reading: Promise<readonly Uint8Array[]>): Promise<readonly Uint8Array[]> {
    const chunks = await reading;
    this.#receiver.exchange.signal?.throwIfAborted();
    return chunks;
  }
}
