import { TransportError } from "@fairlead/core";
import {
  Http1ResponseParser,
  listFields,
  type Http1ResponseSink,
  type ResponseContext,
  type ResponseHead,
} from "@fairlead/http/h1";
import type { Duplex } from "node:stream";
import type { BodySource, FlatFields } from "../exchange/index.ts";
import { isOfConnection } from "../fetch/field-headers.ts";
import { LeanResponse, upgradeResponse } from "../fetch/index.ts";
import type { RequestContext } from "../fetch-handler.ts";
import type { SocketOwner } from "./node-socket.ts";

/**
 * Reads what Node's `ServerResponse` writes, by the rules that a client reads answers by: so whatever middleware does to one
 * is understood, without knowing how. What is written waits until it is read.
 */
export class NodeAnswer implements SocketOwner, Http1ResponseSink, BodySource {
  readonly length = undefined;
  readonly #context: RequestContext;
  readonly #parser: Http1ResponseParser;
  readonly #response = Promise.withResolvers<Response>();
  #head: ResponseHead | undefined;
  #pieces: Uint8Array[] = [];
  #state: "head" | "content" | "ended" | "failed" = "head";
  #failure: unknown;
  #reader: PromiseWithResolvers<Uint8Array | undefined> | undefined;
  /** Has the handler write more. */
  #onTaken: (() => void) | undefined;
  #trailers: FlatFields = [];

  /** Has the socket of the answer, where that becomes another protocol's, joined to a stream. */
  onUpgraded: ((stream: Duplex, rest: Uint8Array) => void) | undefined;
  /** Told when nobody wants the rest. */
  onCancelled: (() => void) | undefined;

  constructor(request: ResponseContext, context: RequestContext) {
    this.#context = context;
    this.#parser = new Http1ResponseParser(this, { peer: "the handler", latin1, limits: { headBytes: HEAD_BYTES } });
    this.#parser.begin(request);
  }

  /** Rejects when the handler closes its socket before it answers. */
  get response(): Promise<Response> {
    return this.#response.promise;
  }

  get trailers(): FlatFields {
    return this.#trailers;
  }

  /**
   * Takes what the handler writes.
   *
   * @param onTaken called when it may write more.
   * @throws ProtocolError RESPONSE_MALFORMED for what is no answer.
   */
  write(pieces: readonly Uint8Array[], onTaken: () => void): void {
    for (const piece of pieces) {
      const taken = this.#parser.read(piece);
      if (taken < piece.length && this.#state !== "head") this.#pieces.push(piece.subarray(taken));
    }
    this.#give();
    if (this.#pieces.length === 0 || this.#state === "ended") onTaken();
    else this.#onTaken = onTaken;
  }

  /** Nothing follows: an answer that ends with its connection ends here. */
  end(): void {
    if (this.#state === "content" && !this.#parser.isIdle) this.#parser.end();
  }

  /** Nothing follows, and something is missing. */
  fail(error: unknown): void {
    if (this.#state === "ended" || this.#state === "failed") return;
    this.#state = "failed";
    this.#failure = error;
    this.#response.reject(error);
    this.#reader?.reject(error);
    this.#reader = undefined;
  }

  /** Whether all of the answer was written. */
  get hasEnded(): boolean {
    return this.#state === "ended";
  }

  onClose(error: Error | null): void {
    if (this.#state === "ended" || this.#state === "failed") return;
    const detail = "the handler closed its socket";
    this.fail(error ?? new TransportError("STREAM_CLOSED", { operation: "serve", detail }));
  }

  read(): Promise<Uint8Array | undefined> {
    const piece = this.#pieces.shift();
    if (piece !== undefined) {
      if (this.#pieces.length === 0) this.#release();
      return Promise.resolve(piece);
    }
    if (this.#failure !== undefined) return rejected(this.#failure);
    if (this.#state === "ended") return Promise.resolve(undefined);
    this.#reader = Promise.withResolvers();
    return this.#reader.promise;
  }

  cancel(): void {
    if (this.#state !== "ended") this.onCancelled?.();
  }

  onInterim({ status, fieldLines }: ResponseHead): void {
    this.#context.inform(status, flatFields(fieldLines));
  }

  onHead(head: ResponseHead): void {
    this.#head = head;
    this.#state = "content";
  }

  onBody(piece: Uint8Array): void {
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader === undefined) this.#pieces.push(piece);
    else reader.resolve(piece);
  }

  onEnd(trailers: ResponseHead["fields"]): void {
    this.#state = "ended";
    this.#trailers = Object.entries(trailers).flatMap(([name, values]) =>
      [values].flat().flatMap((one) => [name, one]),
    );
    this.#reader?.resolve(undefined);
    this.#reader = undefined;
  }

  onUpgrade({ fieldLines }: ResponseHead): void {
    this.#state = "ended";
    const response = upgradeResponse(flatFields(fieldLines), (stream) => {
      this.onUpgraded?.(stream, Buffer.concat(this.#pieces));
    });
    this.#response.resolve(response);
  }

  /** Whoever waits for the answer is given it once its head is there, with the content that has come with it. */
  #give(): void {
    const head = this.#head;
    if (head === undefined) return;
    this.#head = undefined;
    const init = { status: head.status, fields: flatFields(head.fieldLines), trailers: () => this.#trailers };
    if (this.#state === "content" || this.#trailers.length > 0) {
      this.#response.resolve(new LeanResponse(this, init));
      return;
    }
    const [first, ...others] = this.#pieces;
    const { status, fields } = init;
    const content = others.length === 0 ? first : Buffer.concat(this.#pieces);
    this.#response.resolve(new LeanResponse(content, { status, fields }));
  }

  #release(): void {
    const onTaken = this.#onTaken;
    this.#onTaken = undefined;
    onTaken?.();
  }
}

/** Fields that say more than this are no answer's. */
const HEAD_BYTES = 1_048_576;

/** All of it are Buffers: a stream of Node.js makes them. */
const latin1 = (bytes: Uint8Array, start: number, end: number): string =>
  (bytes as Buffer).toString("latin1", start, end);

/** Without those of the connection that was none. */
function flatFields(fieldLines: string): FlatFields {
  const list = listFields(fieldLines);
  const fields: string[] = [];
  for (let at = 0; at < list.length; at += 2) {
    const name = (list[at] ?? "").toLowerCase();
    if (!isOfConnection(name)) fields.push(name, list[at + 1] ?? "");
  }
  return fields;
}

function rejected(reason: unknown): Promise<never> {
  return Promise.reject(reason);
}
