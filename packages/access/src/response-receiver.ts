import { PolicyError } from "@fairlead/core";
import { Readable } from "node:stream";
import type { BodyLimits } from "./body-limits.ts";
import { decodeContent, type DecodingTerms } from "./content-coding.ts";
import type { Deadline } from "./deadline.ts";
import type { DispatchController, DispatchHandler, ResponseFields } from "./dispatch.ts";
import type { Exchange } from "./exchange.ts";
import { GatheredChunks } from "./gathered-chunks.ts";
import { recordFailure } from "./transaction.ts";
import type { UnderWay } from "./under-way.ts";

/** Body bytes that are taken in before anyone reads them. */
const UNREAD_LIMIT_BYTES = 64 * 1024;

/** Takes a body as it comes, without a stream between. */
export interface BodySink {
  /** @returns whether more is wanted at once; after `false` the sender is held back until {@link ResponseReceiver.resume}. */
  write(chunk: Uint8Array): boolean;
  end(): void;
  /** Nothing more comes. */
  fail(error: unknown): void;
}

type Reading =
  | { readonly type: "nobody" }
  | {
      readonly type: "gathering";
      readonly resolve: (chunks: readonly Uint8Array[]) => void;
      readonly reject: (error: Error) => void;
    }
  | { readonly type: "streaming"; readonly stream: Readable }
  | { readonly type: "handing-over"; readonly sink: BodySink }
  | { readonly type: "taken" };

/**
 * Takes in one response: makes the answer to the application at its head, then hands the body to whoever reads. A sender
 * is held back while nobody does, or too slowly.
 */
export abstract class ResponseReceiver<Answer> implements DispatchHandler {
  readonly exchange: Exchange;
  readonly #limits: BodyLimits;
  readonly peer: string;
  trailers: ResponseFields = {};
  #answer: PromiseWithResolvers<Answer> | undefined = Promise.withResolvers();
  readonly #deadline: Deadline | undefined;
  #underWay: UnderWay | undefined;
  #controller: DispatchController | undefined;
  #reading: Reading = { type: "nobody" };
  readonly #chunks = new GatheredChunks();
  #ended = false;
  /** The error may be anything at all, when it is the reason of an aborted signal. */
  #failure: { readonly error: Error } | undefined;

  /** @param underWay told once, when there is an answer or will be none. */
  constructor(
    exchange: Exchange,
    limits: BodyLimits,
    peer: string,
    deadline: Deadline | undefined,
    underWay: UnderWay | undefined,
  ) {
    this.#deadline = deadline;
    this.#underWay = underWay;
    this.exchange = exchange;
    this.#limits = limits;
    this.peer = peer;
  }

  /** What the application is given: the answer at the head, or what came in its place. */
  get answer(): Promise<Answer> {
    if (this.#answer === undefined) throw new Error("the answer was given, and is not kept");
    return this.#answer.promise;
  }

  /** Holds an answer that was given no longer: a connection that is being read holds this, and would hold that, too. */
  protected forgetAnswer(): void {
    this.#answer = undefined;
  }

  /** Makes the answer of the head of the final response. */
  protected abstract respond(status: number, fields: ResponseFields, message: string): Answer;

  /** What the application is told of a failure; it may be anything at all, when it is the reason of an aborted signal. */
  protected explain(error: Error): Error {
    return error;
  }

  onRequestStart(controller: DispatchController): void {
    this.#controller = controller;
  }

  onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    if (status < 200) return;
    this.#controller = controller;
    this.#settle();
    this.#answer?.resolve(this.respond(status, fields, message ?? ""));
  }

  onResponseData(controller: DispatchController, chunk: Buffer): void {
    const reading = this.#reading;
    if (reading.type === "streaming") {
      if (!reading.stream.push(chunk)) controller.pause();
      return;
    }
    if (reading.type === "handing-over") {
      if (!reading.sink.write(chunk)) controller.pause();
      return;
    }
    this.#chunks.push(chunk);
    if (reading.type === "nobody") {
      if (this.#chunks.length > UNREAD_LIMIT_BYTES) controller.pause();
    } else if (this.#chunks.length > this.#limits.bodyLimitBytes) {
      controller.abort(this.limitError());
    }
  }

  onResponseEnd(_controller: DispatchController, trailers: ResponseFields): void {
    this.#ended = true;
    this.#deadline?.clear();
    this.trailers = trailers;
    const reading = this.#reading;
    if (reading.type === "streaming") reading.stream.push(null);
    else if (reading.type === "handing-over") reading.sink.end();
    else if (reading.type === "gathering") reading.resolve(this.#chunks.take());
  }

  onResponseError(_controller: DispatchController, cause: Error): void {
    const error = this.explain(cause);
    this.#failure = { error };
    this.#chunks.clear();
    this.#deadline?.clear();
    recordFailure(error, this.exchange.transaction);
    this.#settle();
    this.#answer?.reject(error);
    const reading = this.#reading;
    if (reading.type === "streaming") reading.stream.destroy(error);
    else if (reading.type === "handing-over") reading.sink.fail(error);
    else if (reading.type === "gathering") reading.reject(error);
  }

  /** Whether the deadline for all of it has passed. */
  protected get isLate(): boolean {
    return this.#deadline?.isOver ?? false;
  }

  get bodyLimitBytes(): number {
    return this.#limits.bodyLimitBytes;
  }

  /** Whether all of the body has come. */
  get ended(): boolean {
    return this.#ended;
  }

  /** What the response failed with, as the application is told it. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** The whole body, as it came. The chunks are nobody's to change: others may hold them, or what is beside them. */
  gather(): Promise<readonly Uint8Array[]> {
    this.#claim();
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error);
    if (this.#chunks.length > this.#limits.bodyLimitBytes) {
      this.discard();
      return Promise.reject(this.limitError());
    }
    if (this.#ended) {
      this.#reading = { type: "taken" };
      return Promise.resolve(this.#chunks.take());
    }
    return new Promise((resolve, reject) => {
      this.#reading = { type: "gathering", resolve, reject };
      this.#controller?.resume();
    });
  }

  /** Collects what a decoder makes of the body. */
  async gatherFrom(decoded: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    try {
      for await (const chunk of decoded) {
        length += chunk.length;
        if (length > this.#limits.bodyLimitBytes) break;
        chunks.push(chunk);
      }
    } catch (error) {
      // A decoder that was closed knows no reason; the exchange does.
      throw this.#failure === undefined ? error : this.#failure.error;
    }
    if (length > this.#limits.bodyLimitBytes) throw this.limitError();
    return chunks;
  }

  /** Hands the body to whoever takes it without a stream. */
  handOver(sink: BodySink): void {
    this.#claim();
    this.#reading = { type: "handing-over", sink };
    let isWanted = true;
    for (const chunk of this.#chunks.take()) isWanted = sink.write(chunk);
    if (this.#failure !== undefined) sink.fail(this.#failure.error);
    else if (this.#ended) sink.end();
    else if (isWanted) this.resume();
  }

  /** More is wanted. */
  resume(): void {
    this.#controller?.resume();
  }

  /** The body as it comes; destroying the stream gives up the rest. */
  openStream(): Readable {
    this.#claim();
    const stream = new Readable({
      read: () => this.#controller?.resume(),
      destroy: (error, done) => {
        if (!this.#ended && this.#failure === undefined) this.#controller?.abort(error ?? discarded());
        done(error);
      },
    });
    this.#reading = { type: "streaming", stream };
    for (const chunk of this.#chunks.take()) stream.push(chunk);
    if (this.#failure !== undefined) stream.destroy(this.#failure.error);
    else if (this.#ended) stream.push(null);
    return stream;
  }

  /** The body as it comes, its content coding undone. */
  openDecoded(contentEncoding: string | readonly string[], tolerance: DecodingTerms["tolerance"]): Readable {
    const hop = this.exchange.transaction.hops.at(-1);
    return decodeContent(this.openStream(), contentEncoding, {
      peer: this.peer,
      tolerance,
      expansion: this.#limits.contentExpansion,
      onDecoded: (bytes) => {
        if (hop !== undefined) hop.decodedBytes = (hop.decodedBytes ?? 0) + bytes;
      },
    });
  }

  /** Gives up what is left of the body. Harmless when it was read. */
  discard(): void {
    if (this.#reading.type === "streaming") {
      this.#reading.stream.destroy();
      return;
    }
    if (!this.#ended && this.#failure === undefined) this.#controller?.abort(discarded());
    this.#chunks.clear();
    this.#reading = { type: "taken" };
  }

  limitError(): PolicyError {
    return new PolicyError("BODY_LIMIT", {
      peer: this.peer,
      operation: "read",
      detail: `limit ${String(this.#limits.bodyLimitBytes)} bytes`,
    });
  }

  #claim(): void {
    if (this.#reading.type !== "nobody")
      throw new TypeError("the body of this response has been read or discarded already");
  }

  #settle(): void {
    this.#underWay?.end();
    this.#underWay = undefined;
  }
}

/** Joins chunks to bytes that are nobody's to change: a single chunk is not copied. */
export function joinChunks(chunks: readonly Uint8Array[]): Uint8Array {
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
}

function discarded(): DOMException {
  return new DOMException("the body was discarded", "AbortError");
}
