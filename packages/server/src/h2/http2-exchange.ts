import { ProtocolError, TransportError, UsageError, type FairleadError } from "@fairlead/core";
import {
  ErrorCode,
  grantFields,
  interimFields,
  responseFields,
  type Http2RequestEvents,
  type Http2ServerStream,
  type ReceivedRequest,
  type RequestFailure,
} from "@fairlead/http/h2";
import { Http2Tunnel, PieceQueue, type TunnelRoad } from "@fairlead/transport";
import type { Duplex } from "node:stream";
import type {
  BodySink,
  BodySource,
  ConnectionFacts,
  Exchange,
  ExchangeEnd,
  FlatFields,
  HttpLimits,
  RequestHead,
  ResponseHead,
} from "../exchange/index.ts";
import { dateNow } from "../h1/date-field.ts";
import { Outgoing, type OutgoingOwner } from "./outgoing.ts";
import { RequestBody, type BodyOwner } from "./request-body.ts";

/** What an exchange needs of its connection. */
export interface ExchangeOwner {
  readonly facts: ConnectionFacts;
  readonly limits: HttpLimits;
  /** Milliseconds that only ever grow. */
  readonly now: number;
  /** Whether the client has to take first what was written before. */
  readonly isBlocked: boolean;
  /** Something is due then. */
  watch(due: number): void;
  /** Has `sendSome` called, in turn with others. */
  onReady(outgoing: Outgoing): void;
  /** Calls back once `isBlocked` is false. */
  whenUnblocked(goOn: () => void): void;
  /** Calls back when what was sent has been written. */
  whenWritten(done: () => void): void;
  /** The exchange is over, once what was sent has been written. */
  ended(exchange: Http2Exchange, end: ExchangeEnd): void;
}

const BARE_SINK: BodySink = {
  write: () => true,
  drained: () => Promise.resolve(),
  end: () => undefined,
};

/** One request on a connection of HTTP/2, and its answer. */
export class Http2Exchange implements Exchange, Http2RequestEvents, BodyOwner, OutgoingOwner, TunnelRoad {
  readonly head: RequestHead;
  readonly body: BodySource | undefined;
  readonly #stream: Http2ServerStream;
  readonly #owner: ExchangeOwner;
  readonly #body: RequestBody | undefined;
  readonly #expectsContinue: boolean;
  #outgoing: Outgoing | undefined;
  #tunnel: Http2Tunnel | undefined;
  /** What came for a tunnel before it was granted. */
  readonly #early = new PieceQueue();
  #hasEarlyEnd = false;
  #controller: AbortController | undefined;
  #gone: FairleadError | undefined;
  #refusal: FairleadError | undefined;
  #status: number | undefined;
  #isOver = false;
  /** Whether what is answered is dropped: the client has left, or was refused. */
  #isDropping = false;

  constructor(stream: Http2ServerStream, request: ReceivedRequest, owner: ExchangeOwner) {
    const { method, authority, path, fields, protocol } = request;
    const scheme = owner.facts.tls === undefined ? "http" : "https";
    this.head = { version: "2", method, scheme, authority, path, fields, upgrade: protocol };
    this.#stream = stream;
    this.#owner = owner;
    this.#expectsContinue = request.expectsContinue;
    const hasBody = !stream.isEnded && protocol === undefined;
    this.#body = hasBody ? new RequestBody(stream, request.contentLength, this) : undefined;
    this.body = this.#body;
  }

  get connection(): ConnectionFacts {
    return this.#owner.facts;
  }

  get limits(): HttpLimits {
    return this.#owner.limits;
  }

  get now(): number {
    return this.#owner.now;
  }

  get writeIdleMilliseconds(): number {
    return this.#owner.limits.writeIdleMilliseconds;
  }

  get isBlocked(): boolean {
    return this.#owner.isBlocked;
  }

  get isAnswered(): boolean {
    return this.#status !== undefined;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#gone !== undefined) this.#controller.abort(this.#gone);
    }
    return this.#controller.signal;
  }

  /** When something of it has taken too long. */
  get due(): number {
    return Math.min(this.#body?.due ?? Number.POSITIVE_INFINITY, this.#outgoing?.due ?? Number.POSITIVE_INFINITY);
  }

  inform(status: number, fields: FlatFields): void {
    const head = interimFields(status, fields);
    if (this.#isOver || this.isAnswered) return;
    this.#stream.sendHead(head, false);
  }

  respond(head: ResponseHead, content: Uint8Array | string | undefined): void {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    const sink = this.#begin(head, bytes?.length ?? 0);
    if (sink === undefined) return;
    if (bytes !== undefined) sink.write(bytes);
    sink.end();
  }

  begin(head: ResponseHead): BodySink {
    return this.#begin(head, "stream") ?? BARE_SINK;
  }

  upgrade(fields: FlatFields): Duplex {
    if (this.head.upgrade === undefined) {
      throw new UsageError("OPTION_INVALID", { operation: "upgrade", detail: "a request that did not ask for it" });
    }
    const head = grantFields(fields);
    const tunnel = new Http2Tunnel(this.#stream, this);
    // Whoever uses it may listen too; who does not is not brought down by a client that leaves.
    tunnel.on("error", () => undefined);
    if (!this.#mayAnswer()) {
      tunnel.destroy(this.#gone);
      return tunnel;
    }
    this.#status = 200;
    this.#tunnel = tunnel;
    this.#stream.becomeTunnel();
    this.#stream.sendHead(head, false);
    for (let piece = this.#early.take(); piece !== undefined; piece = this.#early.take()) tunnel.receive(piece);
    if (this.#hasEarlyEnd) tunnel.receiveEnd();
    return tunnel;
  }

  abort(reason: unknown): void {
    if (this.#isOver) return;
    this.#stream.reset(this.#tunnel === undefined ? ErrorCode.internalError : ErrorCode.cancel);
    this.#leave(new TransportError("CLIENT_GONE", { operation: "respond", detail: "given up", cause: reason }), reason);
  }

  /** The connection is gone. */
  lose(cause: unknown): void {
    this.#leave(new TransportError("CLIENT_GONE", { operation: "respond", cause }), undefined);
  }

  /** Its time may be up. */
  expire(now: number): void {
    this.#body?.expire(now);
    if (this.#outgoing !== undefined && this.#outgoing.due <= now) {
      this.abort(
        new TransportError("CONNECTION_TIMED_OUT", { operation: "respond", detail: "the client takes nothing" }),
      );
    }
  }

  onData(data: Uint8Array): void {
    if (this.#tunnel !== undefined) this.#tunnel.receive(data);
    else if (this.#body !== undefined) this.#body.receive(data);
    else this.#early.push(data);
  }

  onEnd(trailers: FlatFields): void {
    if (this.#tunnel !== undefined) this.#tunnel.receiveEnd();
    else if (this.#body !== undefined) this.#body.end(trailers);
    else this.#hasEarlyEnd = true;
  }

  onFailed(failure: RequestFailure): void {
    const detail = failure.type === "reset" ? failure.code : failure.detail;
    const broken =
      failure.type === "malformed" ? new ProtocolError("REQUEST_MALFORMED", { operation: "read", detail }) : undefined;
    this.#leave(new TransportError("CLIENT_GONE", { operation: "respond", detail, cause: broken }), broken);
  }

  onSendable(): void {
    if (this.#tunnel !== undefined) this.#tunnel.goOn();
    else if (this.#outgoing !== undefined) this.#owner.onReady(this.#outgoing);
  }

  watch(due: number): void {
    this.#owner.watch(due);
  }

  onWanted(): void {
    if (this.#expectsContinue) this.inform(100, []);
  }

  /** Where the answer has begun it goes on: whoever reads the content is told. */
  onRefused(status: number, error: FairleadError): void {
    if (this.#isOver || this.isAnswered) return;
    this.#refusal = error;
    this.respond({ status, fields: [] }, undefined);
    this.#isDropping = true;
  }

  onReady(outgoing: Outgoing): void {
    this.#owner.onReady(outgoing);
  }

  onSent(): void {
    this.#end(undefined);
  }

  onWrongLength(): void {
    this.abort(
      new UsageError("OPTION_INVALID", {
        operation: "respond",
        detail: "the content's length is not the Content-Length",
      }),
    );
  }

  whenUnblocked(): void {
    this.#owner.whenUnblocked(() => this.#tunnel?.goOn());
  }

  whenWritten(done: () => void): void {
    this.#owner.whenWritten(done);
  }

  over(): void {
    this.#end(this.#gone);
  }

  #begin({ status, fields }: ResponseHead, content: number | "stream"): Outgoing | undefined {
    const list = responseFields({ status, fields, content, method: this.head.method, date: dateNow() });
    if (!this.#mayAnswer()) return undefined;
    this.#status = status;
    const isBare = list.content === "none" || list.content === 0;
    this.#stream.sendHead(list.fields, isBare);
    if (isBare) {
      this.#end(this.#refusal);
      return undefined;
    }
    const expected = typeof list.content === "number" ? list.content : undefined;
    this.#outgoing = new Outgoing(this.#stream, expected, this);
    return this.#outgoing;
  }

  #mayAnswer(): boolean {
    if (this.#isDropping) return false;
    if (!this.isAnswered) return true;
    throw new UsageError("OPTION_INVALID", { operation: "respond", detail: "it is answered already" });
  }

  #leave(gone: FairleadError, error: unknown): void {
    if (this.#isOver) return;
    this.#isDropping = true;
    this.#gone = gone;
    this.#body?.fail(error ?? gone);
    this.#outgoing?.drop(gone);
    this.#early.clear();
    this.#end(error ?? gone);
    this.#tunnel?.destroy(gone);
    this.#controller?.abort(gone);
  }

  #end(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#body?.fail(new TransportError("STREAM_CLOSED", { operation: "read", detail: "the answer was complete" }));
    this.#owner.ended(this, {
      status: this.#status,
      bytesIn: this.#body?.received ?? 0,
      bytesOut: this.#outgoing?.sent ?? 0,
      error,
    });
  }
}
