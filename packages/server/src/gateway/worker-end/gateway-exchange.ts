import type { Duplex } from "node:stream";
import { TransportError, UsageError } from "@fairlead/core";
import type {
  BodySink,
  BodySource,
  ConnectionFacts,
  Exchange,
  ExchangeEnd,
  FlatFields,
  RequestHead,
  ResponseHead,
} from "../../exchange/index.ts";
import { IncomingContent } from "../link/incoming-content.ts";
import { joinedStream } from "../link/joined-stream.ts";
import type { OutgoingContent } from "../link/outgoing-content.ts";
import { type FrameOutlet, outgoingContent } from "../link/outgoing-frames.ts";
import { CancelReason, Flag, formatPairs, frameFault, FrameType } from "../protocol/index.ts";

/** What an exchange of a worker has of its link. */
export interface ExchangeLink extends FrameOutlet {
  /** Octets of a request's content that may come ahead of its reader. */
  readonly windowBytes: number;
  /** Octets of an answer that the server takes ahead. */
  readonly serverWindowBytes: number;
  onOver(exchange: GatewayExchange, end: ExchangeEnd): void;
}

/** A request that came from the server, and its answer, as any other exchange. */
export class GatewayExchange implements Exchange {
  readonly id: number;
  readonly head: RequestHead;
  readonly connection: ConnectionFacts;
  readonly body: BodySource | undefined;
  readonly #link: ExchangeLink;
  #incoming: IncomingContent | undefined;
  #outgoing: OutgoingContent | undefined;
  #isUpgraded = false;
  #isOver = false;
  #controller: AbortController | undefined;
  #goneReason: Error | undefined;
  #status: number | undefined;
  #bytesIn = 0;

  constructor(id: number, head: RequestHead, connection: ConnectionFacts, hasContent: boolean, link: ExchangeLink) {
    this.id = id;
    this.head = head;
    this.connection = connection;
    this.#link = link;
    if (hasContent) this.#incoming = this.#makeIncoming(declaredLength(head.fields));
    this.body = this.#incoming;
  }

  get isAnswered(): boolean {
    return this.#status !== undefined || this.#isOver;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#goneReason !== undefined) this.#controller.abort(this.#goneReason);
    }
    return this.#controller.signal;
  }

  inform(status: number, fields: FlatFields): void {
    if (this.isAnswered || this.#goneReason !== undefined) return;
    if (status !== 100 && (status < 102 || status > 199)) throw statusInvalid(status);
    this.#sendHead(FrameType.interim, 0, status, fields);
  }

  respond({ status, fields }: ResponseHead, content: Uint8Array | string | undefined): void {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    const hasContent = bytes !== undefined && bytes.length > 0;
    if (!this.#begin(status, fields, hasContent ? 0 : Flag.end)) return;
    if (!hasContent) {
      this.#onSent();
      return;
    }
    this.#outgoing = this.#makeOutgoing();
    this.#outgoing.endWith(bytes);
  }

  begin({ status, fields }: ResponseHead): BodySink {
    const outgoing = this.#makeOutgoing();
    if (!this.#begin(status, fields, 0)) {
      outgoing.fail(this.#goneReason);
      return outgoing;
    }
    this.#outgoing = outgoing;
    return outgoing;
  }

  upgrade(fields: FlatFields): Duplex {
    if (this.head.upgrade === undefined) {
      throw new UsageError("OPTION_INVALID", { detail: "the request did not ask for another protocol" });
    }
    const isBegun = this.#begin(101, fields, Flag.upgrade);
    this.#isUpgraded = true;
    // What the request had as content ends here; what comes now is the other protocol's.
    this.#incoming?.fail(new Error("the request was upgraded"));
    const incoming = this.#makeIncoming(undefined);
    const outgoing = this.#makeOutgoing();
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    if (!isBegun) this.#fail(this.#goneReason);
    return joinedStream(incoming, outgoing, () => {
      if (!outgoing.isOver) this.abort(new Error("the stream was destroyed"));
      else incoming.cancel();
    });
  }

  abort(reason: unknown): void {
    this.#fail(reason);
    this.#goneReason ??= reason instanceof Error ? reason : new Error("the answer was aborted", { cause: reason });
    this.#giveUp();
  }

  onData(piece: Uint8Array, isEnd: boolean): void {
    const incoming = this.#receiving();
    incoming.arrive(piece);
    this.#bytesIn += piece.length;
    if (isEnd) this.#endIncoming(incoming, []);
  }

  onTrailers(fields: FlatFields): void {
    this.#endIncoming(this.#receiving(), fields);
  }

  onCredit(octets: number): void {
    this.#outgoing?.grant(octets);
  }

  /** Nobody waits for the answer any more. The request is over when its handler has come to an end, too. */
  onCancel(): void {
    this.#leave(new TransportError("CLIENT_GONE"));
    if (this.#status !== undefined) this.#giveUp();
  }

  /** The server is no more. */
  onGone(error: Error): void {
    this.#leave(error);
    this.#finish(error);
  }

  #leave(error: Error): void {
    if (this.#isOver || this.#goneReason !== undefined) return;
    this.#goneReason = error;
    this.#controller?.abort(error);
    this.#fail(error);
  }

  /** Says that nothing more comes. */
  #giveUp(): void {
    if (this.#isOver) return;
    this.#link.writer.cancel(this.id, CancelReason.failed, "");
    this.#link.flushSoon();
    this.#finish(this.#goneReason);
  }

  #begin(status: number, fields: FlatFields, flags: number): boolean {
    if (this.#goneReason !== undefined) {
      this.#giveUp();
      return false;
    }
    if (this.isAnswered) throw new UsageError("OPTION_INVALID", { detail: "the request is answered already" });
    if ((flags & Flag.upgrade) === 0 && (!Number.isInteger(status) || status < 200 || status > 599)) {
      throw statusInvalid(status);
    }
    this.#sendHead(FrameType.response, flags, status, fields);
    this.#status = status;
    return true;
  }

  #sendHead(
    type: typeof FrameType.interim | typeof FrameType.response,
    flags: number,
    status: number,
    fields: FlatFields,
  ): void {
    const text = formatPairs([":status", String(status), ...fields]);
    if (text === undefined || fields.some((part, at) => at % 2 === 0 && part.startsWith(":"))) {
      throw new UsageError("HEADER_INVALID", { detail: "a field of the answer" });
    }
    this.#link.writer.pairs(type, flags, this.id, text);
    this.#link.flushSoon();
  }

  #receiving(): IncomingContent {
    if (this.#incoming === undefined) throw frameFault("content where none can be");
    return this.#incoming;
  }

  #endIncoming(incoming: IncomingContent, trailers: FlatFields): void {
    incoming.end(trailers);
    this.#incoming = undefined;
    if (this.#isUpgraded && this.#outgoing?.isOver === true) this.#finish(undefined);
  }

  #makeIncoming(length: number | undefined): IncomingContent {
    return new IncomingContent(length, this.#link.windowBytes, {
      onCredit: (octets) => {
        if (this.#isOver) return;
        this.#link.writer.credit(this.id, octets);
        this.#link.flushSoon();
      },
      // No more is granted, which is all there is to say: the answer may still come.
      onCancel: () => undefined,
    });
  }

  #makeOutgoing(): OutgoingContent {
    return outgoingContent(this.id, this.#link, this.#link.serverWindowBytes, () => {
      this.#onSent();
    });
  }

  #onSent(): void {
    if (!this.#isUpgraded || this.#incoming === undefined) this.#finish(undefined);
  }

  #fail(error: unknown): void {
    this.#incoming?.fail(error);
    this.#outgoing?.fail(error);
  }

  #finish(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#incoming?.cancel();
    const bytesOut = this.#outgoing?.bytesSent ?? 0;
    this.#link.onOver(this, { status: this.#status, bytesIn: this.#bytesIn, bytesOut, error });
  }
}

function declaredLength(fields: FlatFields): number | undefined {
  const at = fields.findIndex((part, index) => index % 2 === 0 && part === "content-length");
  const value = at === -1 ? "" : (fields[at + 1] ?? "");
  return /^[0-9]{1,15}$/.test(value) ? Number(value) : undefined;
}

function statusInvalid(status: number): UsageError {
  return new UsageError("OPTION_INVALID", { detail: `the status ${status}` });
}
