import { PolicyError } from "@fairlead/core";
import { Readable } from "node:stream";
import { decodeContent } from "./content-coding.ts";
import type { Deadline } from "./deadline.ts";
import type { DispatchController, DispatchHandler, ResponseFields } from "./dispatch.ts";
import type { Exchange } from "./exchange.ts";
import { recordFailure, recordTransaction, type Transaction } from "./transaction.ts";
import type { UnderWay } from "./under-way.ts";

/** Body bytes that are taken in before anyone reads them. */
const UNREAD_LIMIT_BYTES = 64 * 1024;

const decoder = new TextDecoder();

/** The response to `manager.request`. Its body is read once, by one of the methods. */
export class Reply implements AsyncDisposable {
  readonly status: number;
  /** By lower-case name; repeated fields are a list. */
  readonly headers: ResponseFields;
  readonly #receiver: ReplyReceiver;

  /** @internal */
  constructor(status: number, headers: ResponseFields, receiver: ReplyReceiver) {
    this.status = status;
    this.headers = headers;
    this.#receiver = receiver;
    recordTransaction(this, receiver.exchange.transaction);
  }

  /** Status 200 to 299. */
  get ok(): boolean {
    return this.status >= 200 && this.status <= 299;
  }

  /** The URL that answered, with the fragment that redirects gave or handed on. */
  get url(): string {
    const hop = this.transaction.hops.at(-1);
    return hop === undefined ? "" : hop.url + hop.fragment;
  }

  get transaction(): Transaction {
    return this.#receiver.exchange.transaction;
  }

  /** Fields after the body; empty until the body has ended. */
  get trailers(): ResponseFields {
    return this.#receiver.trailers;
  }

  /**
   * The whole body, its content coding undone.
   *
   * @throws PolicyError BODY_LIMIT when it is larger than the manager's `bodyLimitBytes`; ProtocolError when it is cut
   * or does not match its coding.
   */
  async bytes(): Promise<Uint8Array> {
    const encoded = this.headers["content-encoding"] !== undefined;
    return encoded ? this.#receiver.gatherFrom(this.stream()) : this.#receiver.gather();
  }

  /** The whole body as UTF-8 text, a byte order mark removed. Errors as for `bytes`. */
  async text(): Promise<string> {
    return decoder.decode(await this.bytes());
  }

  /** The whole body as JSON. Errors as for `bytes`, and SyntaxError. */
  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  /**
   * The body as it comes, its content coding undone; a slow reader holds the sender back.
   *
   * @param options.decode `false` gives the bytes of the wire.
   */
  stream({ decode = true }: { readonly decode?: boolean } = {}): Readable {
    const raw = this.#receiver.openStream();
    const coding = this.headers["content-encoding"];
    return decode && coding !== undefined ? decodeContent(raw, coding, this.#receiver.peer) : raw;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return this.stream()[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }

  /** Gives up what is left of the body, and closes its connection when that had not all come. Harmless when it was read. */
  discard(): void {
    this.#receiver.discard();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.discard();
    return Promise.resolve();
  }
}

type Reading =
  | { readonly type: "nobody" }
  | {
      readonly type: "gathering";
      readonly resolve: (body: Uint8Array) => void;
      readonly reject: (error: Error) => void;
    }
  | { readonly type: "streaming"; readonly stream: Readable }
  | { readonly type: "taken" };

/** Takes in one response: resolves `reply` at its head, then hands the body to whoever reads. */
export class ReplyReceiver implements DispatchHandler {
  readonly exchange: Exchange;
  readonly bodyLimitBytes: number;
  readonly peer: string;
  readonly reply: Promise<Reply>;
  trailers: ResponseFields = {};
  #resolve!: (reply: Reply) => void;
  #reject!: (error: Error) => void;
  readonly #deadline: Deadline | undefined;
  #underWay: UnderWay | undefined;
  #controller: DispatchController | undefined;
  #reading: Reading = { type: "nobody" };
  #chunks: Buffer[] = [];
  #length = 0;
  #ended = false;
  /** The error may be anything at all, when it is the reason of an aborted signal. */
  #failure: { readonly error: Error } | undefined;

  /** @param underWay told once, when there is a reply or will be none. */
  constructor(
    exchange: Exchange,
    bodyLimitBytes: number,
    peer: string,
    deadline: Deadline | undefined,
    underWay: UnderWay | undefined,
  ) {
    this.#deadline = deadline;
    this.#underWay = underWay;
    this.exchange = exchange;
    this.bodyLimitBytes = bodyLimitBytes;
    this.peer = peer;
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  onRequestStart(controller: DispatchController): void {
    this.#controller = controller;
  }

  onResponseStart(controller: DispatchController, status: number, fields: ResponseFields): void {
    if (status < 200) return;
    this.#controller = controller;
    this.#settle();
    this.#resolve(new Reply(status, fields, this));
  }

  onResponseData(controller: DispatchController, chunk: Buffer): void {
    const reading = this.#reading;
    if (reading.type === "streaming") {
      if (!reading.stream.push(chunk)) controller.pause();
      return;
    }
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (reading.type === "nobody") {
      if (this.#length > UNREAD_LIMIT_BYTES) controller.pause();
    } else if (this.#length > this.bodyLimitBytes) {
      controller.abort(this.limitError());
    }
  }

  onResponseEnd(_controller: DispatchController, trailers: ResponseFields): void {
    this.#ended = true;
    this.#deadline?.clear();
    this.trailers = trailers;
    const reading = this.#reading;
    if (reading.type === "streaming") reading.stream.push(null);
    else if (reading.type === "gathering") reading.resolve(this.#join());
  }

  onResponseError(_controller: DispatchController, error: Error): void {
    this.#failure = { error };
    this.#chunks = [];
    this.#deadline?.clear();
    recordFailure(error, this.exchange.transaction);
    this.#settle();
    this.#reject(error);
    const reading = this.#reading;
    if (reading.type === "streaming") reading.stream.destroy(error);
    else if (reading.type === "gathering") reading.reject(error);
  }

  gather(): Promise<Uint8Array> {
    this.#claim();
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error);
    if (this.#length > this.bodyLimitBytes) {
      this.discard();
      return Promise.reject(this.limitError());
    }
    if (this.#ended) {
      this.#reading = { type: "taken" };
      return Promise.resolve(this.#join());
    }
    return new Promise((resolve, reject) => {
      this.#reading = { type: "gathering", resolve, reject };
      this.#controller?.resume();
    });
  }

  /** Collects what a decoder makes of the body. */
  async gatherFrom(decoded: Readable): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    try {
      for await (const chunk of decoded as AsyncIterable<Uint8Array>) {
        length += chunk.length;
        if (length > this.bodyLimitBytes) break;
        chunks.push(chunk);
      }
    } catch (error) {
      // A decoder that was closed knows no reason; the exchange does.
      throw this.#failure === undefined ? error : this.#failure.error;
    }
    if (length > this.bodyLimitBytes) throw this.limitError();
    return Buffer.concat(chunks, length);
  }

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
    for (const chunk of this.#chunks) stream.push(chunk);
    this.#chunks = [];
    if (this.#failure !== undefined) stream.destroy(this.#failure.error);
    else if (this.#ended) stream.push(null);
    return stream;
  }

  discard(): void {
    if (this.#reading.type === "streaming") {
      this.#reading.stream.destroy();
      return;
    }
    if (!this.#ended && this.#failure === undefined) this.#controller?.abort(discarded());
    this.#chunks = [];
    this.#reading = { type: "taken" };
  }

  limitError(): PolicyError {
    return new PolicyError("BODY_LIMIT", {
      peer: this.peer,
      operation: "read",
      detail: `limit ${String(this.bodyLimitBytes)} bytes`,
    });
  }

  #claim(): void {
    if (this.#reading.type !== "nobody")
      throw new TypeError("the body of this reply has been read or discarded already");
  }

  #join(): Uint8Array {
    const [first] = this.#chunks;
    const whole = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks, this.#length);
    this.#chunks = [];
    return whole;
  }

  #settle(): void {
    this.#underWay?.end();
    this.#underWay = undefined;
  }
}

function discarded(): DOMException {
  return new DOMException("the body was discarded", "AbortError");
}
