import type { Duplex } from "node:stream";
import type { FlatFields } from "../../exchange/index.ts";
import { IncomingContent } from "../link/incoming-content.ts";
import { joinedStream } from "../link/joined-stream.ts";
import { outgoingContent } from "../link/outgoing-frames.ts";
import { type OutgoingContent, passContent } from "../link/outgoing-content.ts";
import { CancelReason, fieldsOf, Flag, frameFault, FrameType, type FrameWriter } from "../protocol/index.ts";
import { contentLength, endToEnd, readStatus } from "./answer-head.ts";
import { type WorkerAnswer, WorkerFailure, workerGone, type WorkerRequest } from "./worker-call.ts";

/** Interim responses to one request, at the most: each of them is kept until its client has read it. */
const INTERIM_LIMIT = 32;

/** A server cuts a client off that takes nothing for half as long. */
const UNREAD_MILLISECONDS = 120_000;

/** What a call has of its connection. */
export interface CallLink {
  readonly writer: FrameWriter;
  flushSoon(): void;
  /** Octets of an answer that may come ahead of its reader. */
  readonly windowBytes: number;
  /** Octets of a request's content that the worker takes ahead. */
  readonly workerWindowBytes: number;
  /** The worker has said its last word about it. */
  onOver(call: GatewayCall): void;
}

/**
 * One request that a worker has. It is the worker's until the worker has said its last word: the end of its answer, or
 * CANCEL; also where nobody waits any more, so that what a worker has under way is never more than it takes.
 */
export class GatewayCall {
  readonly id: number;
  readonly startedAt: number;
  readonly answer: Promise<WorkerAnswer>;
  /** When the worker was told to give up; `undefined` as long as it was not. */
  cancelledAt: number | undefined;
  readonly #request: WorkerRequest;
  readonly #link: CallLink;
  readonly #answer = Promise.withResolvers<WorkerAnswer>();
  readonly #outgoing: OutgoingContent | undefined;
  #incoming: IncomingContent | undefined;
  #upgraded: { readonly incoming: IncomingContent; readonly outgoing: OutgoingContent } | undefined;
  #interims = 0;
  #unread: number | undefined;
  #unreadSince = 0;
  #isAnswered = false;
  #isOver = false;
  #signal: AbortSignal | undefined;

  constructor(id: number, request: WorkerRequest, link: CallLink, now: number) {
    this.id = id;
    this.startedAt = now;
    this.#request = request;
    this.#link = link;
    this.answer = this.#answer.promise;
    const { body } = request;
    link.writer.pairs(FrameType.request, body === undefined ? Flag.end : 0, id, request.head);
    link.flushSoon();
    if (body !== undefined) {
      this.#outgoing = this.#makeOutgoing();
      passContent(body, this.#outgoing).catch((error: unknown) => {
        this.cancel(CancelReason.unwanted, error);
      });
    }
  }

  /** Whether an answer is still waited for. */
  get isWaiting(): boolean {
    return !this.#isAnswered && !this.#isOver && this.cancelledAt === undefined;
  }

  /** Has whoever waits be able to leave. It costs more than a quick answer, so that only slow ones are watched. */
  watch(): void {
    if (this.#signal !== undefined || !this.isWaiting) return;
    const { signal } = this.#request;
    this.#signal = signal;
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Gives an answer up that somebody has asked for and does not read: its worker waits for credit, and its place is taken. */
  sweepUnread(now: number): void {
    const unread = this.#incoming?.unread;
    if (unread === undefined || unread !== this.#unread) {
      this.#unread = unread;
      this.#unreadSince = now;
    } else if (now - this.#unreadSince > UNREAD_MILLISECONDS) {
      this.#incoming?.cancel(new Error("nobody has read the answer"));
    }
  }

  /** Tells the worker that nobody waits. */
  cancel(reason: number, cause: unknown): void {
    if (this.#isOver || this.cancelledAt !== undefined) return;
    this.cancelledAt = performance.now();
    this.#link.writer.cancel(this.id, reason, "");
    this.#link.flushSoon();
    this.#fail(reason === CancelReason.timedOut ? "timed-out" : "unwanted", cause);
  }

  onInterim(pairs: FlatFields): void {
    if (this.#isAnswered) throw frameFault("an interim response after the response");
    const status = readStatus(pairs);
    if (status < 100 || status > 199 || status === 101) throw frameFault(`an interim response with status ${status}`);
    this.#interims += 1;
    if (this.#interims > INTERIM_LIMIT) throw frameFault("too many interim responses");
    if (this.cancelledAt === undefined) this.#request.inform(status, endToEnd(fieldsOf(pairs)));
  }

  onResponse(pairs: FlatFields, flags: number): void {
    if (this.#isAnswered) throw frameFault("a second response");
    this.#isAnswered = true;
    const fields = endToEnd(fieldsOf(pairs));
    if ((flags & Flag.upgrade) !== 0) {
      this.#onUpgrade(fields, flags);
      return;
    }
    const status = readStatus(pairs);
    if (status < 200 || status > 599) throw frameFault(`a response with status ${status}`);
    if ((flags & Flag.end) !== 0) {
      this.#finish();
      this.#settle({ type: "response", status, fields, content: undefined });
      return;
    }
    const incoming = this.#makeIncoming(contentLength(fields));
    this.#incoming = incoming;
    // Its end may come in the same piece, and is known by then.
    queueMicrotask(() => {
      this.#settle({ type: "response", status, fields, content: incoming.takeWhole() ?? incoming });
    });
  }

  onData(piece: Uint8Array, isEnd: boolean): void {
    const incoming = this.#receiving();
    incoming.arrive(piece);
    if (isEnd) this.#endIncoming(incoming, []);
  }

  onTrailers(fields: FlatFields): void {
    this.#endIncoming(this.#receiving(), fieldsOf(fields));
  }

  onCredit(octets: number): void {
    (this.#upgraded?.outgoing ?? this.#outgoing)?.grant(octets);
  }

  onCancel(reason: number, detail: string): void {
    const cause = new Error(detail === "" ? "the worker gave the request up" : detail);
    this.#finish();
    this.#fail(
      reason === CancelReason.refused ? "refused" : reason === CancelReason.timedOut ? "timed-out" : "failed",
      cause,
    );
  }

  /** Its worker is no more. */
  onGone(error: unknown): void {
    if (this.#isOver) return;
    this.#finish();
    this.#fail("gone", error);
  }

  #onUpgrade(fields: FlatFields, flags: number): void {
    if (!this.#request.mayUpgrade) throw frameFault("an upgrade that nobody asked for");
    if ((flags & Flag.end) !== 0) throw frameFault("an upgrade that has ended");
    // What the request had as content is none of the other protocol's.
    this.#outgoing?.fail(new Error("the request was upgraded"));
    const incoming = this.#makeIncoming(undefined);
    const outgoing = this.#makeOutgoing();
    this.#incoming = incoming;
    this.#upgraded = { incoming, outgoing };
    const stream: Duplex = joinedStream(incoming, outgoing, () => {
      if (!outgoing.isOver) this.cancel(CancelReason.unwanted, undefined);
    });
    this.#settle({ type: "upgrade", fields, stream });
  }

  #receiving(): IncomingContent {
    if (this.#incoming === undefined) throw frameFault("content where none can be");
    return this.#incoming;
  }

  #endIncoming(incoming: IncomingContent, trailers: FlatFields): void {
    incoming.end(trailers);
    this.#incoming = undefined;
    if (this.#upgraded === undefined || this.#upgraded.outgoing.isOver) this.#finish();
  }

  #makeIncoming(length: number | undefined): IncomingContent {
    const { writer } = this.#link;
    return new IncomingContent(length, this.#link.windowBytes, {
      onCredit: (octets) => {
        if (this.#isOver || this.cancelledAt !== undefined) return;
        writer.credit(this.id, octets);
        this.#link.flushSoon();
      },
      onCancel: (reason) => {
        this.cancel(CancelReason.unwanted, reason);
      },
    });
  }

  #makeOutgoing(): OutgoingContent {
    return outgoingContent(this.id, this.#link, this.#link.workerWindowBytes, () => {
      if (this.#upgraded !== undefined && this.#incoming === undefined) this.#finish();
    });
  }

  /** The worker has said its last word. */
  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#signal?.removeEventListener("abort", this.#onAbort);
    // Nobody takes what has not left of the request.
    if (this.#outgoing?.isOver === false) {
      this.#outgoing.fail(new Error("the worker has answered"));
      this.#request.body?.cancel();
    }
    this.#link.onOver(this);
  }

  #settle(answer: WorkerAnswer): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#answer.resolve(answer);
  }

  #fail(reason: WorkerFailure["reason"], cause: unknown): void {
    const isUntouched = !this.#isAnswered && this.#interims === 0 && this.#request.body === undefined;
    this.#answer.reject(new WorkerFailure(reason, isUntouched, cause));
    const error = reason === "unwanted" ? cause : workerGone(cause);
    this.#incoming?.fail(error);
    this.#outgoing?.fail(error);
    this.#upgraded?.outgoing.fail(error);
  }

  readonly #onAbort = (): void => {
    this.cancel(CancelReason.unwanted, this.#signal?.reason);
  };
}
