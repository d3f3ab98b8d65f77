import { isCodedError, TimeoutError, TransportError } from "@fairlead/core";
import { Readable } from "node:stream";
import type { DispatchController, DispatchHandler, HopOptions } from "../dispatch.ts";
import { untilAborted } from "../until-aborted.ts";
import type { SchemeHandler, SchemeRequest, SchemeResponse } from "./handler.ts";
import { sentContent, type SentContent } from "./sent-content.ts";
import type { SchemeExchangeUnderWay } from "./scheme-registry.ts";

/** What a handler may ask of its manager on behalf of one request. */
export type SchemeServices = Pick<SchemeRequest, "openStream" | "authenticate">;

/**
 * One request to a handler: plays the engine for whoever waits for the response. The handler is asked for no more of the
 * body than is taken, and hears when nobody wants it.
 */
export class SchemeExchange implements DispatchController, SchemeExchangeUnderWay {
  readonly rawHeaders = null;
  readonly rawTrailers = null;
  paused = false;
  reason: Error | null = null;
  readonly #options: HopOptions;
  readonly #handler: DispatchHandler;
  readonly #over = Promise.withResolvers<undefined>();
  readonly #ending = new AbortController();
  readonly #onAbort: () => void;
  #isOver = false;
  /** Of the response's body, once it is read. */
  #iterator: AsyncIterator<Uint8Array> | undefined;
  /** Goes on with a body that was held back. */
  #wake: (() => void) | undefined;
  #patience: NodeJS.Timeout | undefined;

  constructor(options: HopOptions, handler: DispatchHandler) {
    this.#options = options;
    this.#handler = handler;
    const { signal } = options.exchange;
    this.#onAbort = (): void => {
      this.abort(signal?.reason as Error);
    };
    signal?.addEventListener("abort", this.#onAbort);
    if (signal?.aborted === true) this.#ending.abort(signal.reason);
  }

  get over(): Promise<void> {
    return this.#over.promise;
  }

  get aborted(): boolean {
    return this.#ending.signal.aborted;
  }

  /** Fires when nobody waits any more. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.#wake?.();
  }

  abort(reason: Error): void {
    if (this.aborted || this.#isOver) return;
    this.reason = reason;
    this.#ending.abort(reason);
    this.#wake?.();
  }

  /** @param accepted called when there is a response. */
  async run(scheme: SchemeHandler, services: SchemeServices, accepted: () => void): Promise<void> {
    const { signal } = this;
    let sent: SentContent | undefined;
    let body: SchemeResponse["body"];
    try {
      signal.throwIfAborted();
      const content = sentContent(this.#options, this.#handler);
      sent = content;
      this.#handler.onRequestStart?.(this, {});
      const response = await untilAborted([signal], () => this.#ask(scheme, services, content));
      body = response.body;
      signal.throwIfAborted();
      accepted();
      this.#respond(response);
      if (this.#options.hop.method === "HEAD") this.#giveUp(body);
      else await this.#deliver(body);
      this.#finish();
      content.close();
      this.#handler.onResponseEnd?.(this, {});
    } catch (error) {
      this.#giveUp(body);
      const failure = signal.aborted ? (signal.reason as Error) : this.#named(error, scheme);
      if (!this.#isOver) this.#ending.abort(failure);
      this.#finish();
      sent?.close(failure);
      this.#handler.onResponseError?.(this, failure);
    }
  }

  async #ask(
    scheme: SchemeHandler,
    services: SchemeServices,
    { headers, body }: Pick<SchemeRequest, "headers" | "body">,
  ): Promise<SchemeResponse> {
    const { hop, exchange } = this.#options;
    const response = await scheme.handle({
      url: new URL(hop.url),
      method: hop.method.toUpperCase(),
      headers,
      body,
      partition: exchange.partition,
      asker: exchange.onAuthenticate,
      signal: this.signal,
      connectMilliseconds: exchange.timeouts.connect,
      ...services,
    });
    // Nobody heard of it who could destroy it.
    if (this.aborted) this.#giveUp(response.body);
    return response;
  }

  #respond({ status, headers, statusText = "" }: SchemeResponse): void {
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      throw new RangeError(`a handler answers with a status from 200 to 599, not ${String(status)}`);
    }
    const fields: Record<string, string | string[]> = {};
    for (const [name, value] of Object.entries(headers)) {
      fields[name.toLowerCase()] = typeof value === "string" ? value : [...value];
    }
    this.#handler.onResponseStarted?.();
    this.#handler.onResponseStart?.(this, status, fields, statusText);
  }

  async #deliver(body: SchemeResponse["body"]): Promise<void> {
    if (body === undefined) return;
    if (body instanceof Uint8Array) {
      await this.#taken();
      if (body.length > 0) this.#handler.onResponseData?.(this, asBuffer(body));
      await this.#taken();
      return;
    }
    const { body: milliseconds } = this.#options.exchange.timeouts;
    const iterator = body[Symbol.asyncIterator]();
    this.#iterator = iterator;
    this.#patience = setTimeout(() => {
      if (this.paused) this.#patience?.refresh();
      else this.abort(new TimeoutError("body", { peer: this.#options.target.peer, operation: "read" }));
    }, milliseconds);
    for (;;) {
      await this.#taken();
      this.#patience.refresh();
      const next = await untilAborted([this.signal], () => iterator.next());
      if (next.done === true) return;
      this.signal.throwIfAborted();
      if (next.value.length > 0) this.#handler.onResponseData?.(this, asBuffer(next.value));
    }
  }

  /** Resolves when more may come; rejects when nobody wants it. */
  async #taken(): Promise<void> {
    while (this.paused && !this.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.signal.throwIfAborted();
  }

  /** A stream hears at once that nobody reads it; an iterator when it has given the piece that it is asked for. */
  #giveUp(body: SchemeResponse["body"]): void {
    if (body === undefined || body instanceof Uint8Array) return;
    if (body instanceof Readable) {
      body.on("error", () => undefined);
      body.destroy();
    } else {
      const iterator = this.#iterator ?? body[Symbol.asyncIterator]();
      void (async (): Promise<unknown> => iterator.return?.())().catch(() => undefined);
    }
  }

  #finish(): void {
    this.#isOver = true;
    clearTimeout(this.#patience);
    this.#options.exchange.signal?.removeEventListener("abort", this.#onAbort);
    this.#over.resolve(undefined);
  }

  /** What has no code is the handler's own, and told as such; what a handler on the way threw is, too. */
  #named(error: unknown, { scheme }: SchemeHandler): Error {
    if (isCodedError(error)) return error;
    const { peer } = this.#options.target;
    return new TransportError("SCHEME_FAILED", { peer, operation: "request", detail: scheme, cause: error });
  }
}

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}
