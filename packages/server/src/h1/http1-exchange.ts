import { TransportError, UsageError } from "@fairlead/core";
import { formatInterimHead, formatResponseHead, type ReceivedRequestHead } from "@fairlead/http/h1";
import type { Duplex } from "node:stream";
import type { BodySink, ConnectionFacts, Exchange, FlatFields, ResponseHead } from "../exchange/index.ts";
import { dateNow } from "./date-field.ts";
import type { Outgoing } from "./outgoing.ts";
import { ReceivedBody } from "./received-body.ts";
import { writeWhole } from "./sent-content.ts";
import { SentBody, type ContentOwner } from "./sent-body.ts";

/** The connection of an exchange, as far as that needs it. */
export interface ExchangeLink {
  readonly outgoing: Outgoing;
  readonly connection: ConnectionFacts;
  /** Whether the connection may serve another request, as far as it knows now. */
  readonly mayServeMore: boolean;
  /** Whether so little of the request's content is to come that it can be read for nothing. */
  readonly mayDropRest: boolean;
  /** Whether some of what the client sent has yet to be read. */
  readonly holdsBytes: boolean;
  /** Content is waited for. */
  onBodyWanted(exchange: Http1Exchange): void;
  /** All of the answer was given to the stream; it may not have left yet. */
  onAnswered(exchange: Http1Exchange): void;
  /** The connection is another protocol's now. */
  onUpgraded(): void;
  /** It cannot be answered as it should: the connection is lost. */
  onBroken(exchange: Http1Exchange, reason: unknown): void;
}

/** One request of a connection of HTTP/1, and its answer. */
export class Http1Exchange implements Exchange, ContentOwner {
  readonly head: ReceivedRequestHead;
  readonly body: ReceivedBody | undefined;
  readonly #link: ExchangeLink;
  #state: "waiting" | "answering" | "answered" | "over" = "waiting";
  #continueIsDue: boolean;
  #controller: AbortController | undefined;
  #failure: unknown;

  /** The status that was sent. */
  status: number | undefined;
  bytesOut = 0;
  /** Whether the answer lets the connection serve another request. */
  keepsConnection = false;
  /** Whether the answer has left. */
  hasLeft = false;
  /** What is wrong with the request, found when its answer had begun. */
  fault: unknown;

  constructor(head: ReceivedRequestHead, link: ExchangeLink) {
    this.head = head;
    this.#link = link;
    this.#continueIsDue = head.expectsContinue;
    const { framing } = head;
    this.body = framing === 0 ? undefined : new ReceivedBody(framing === "chunked" ? undefined : framing, this);
  }

  get connection(): ConnectionFacts {
    return this.#link.connection;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#failure !== undefined) this.#controller.abort(this.#failure);
    }
    return this.#controller.signal;
  }

  get isAnswered(): boolean {
    return this.#state !== "waiting";
  }

  /** Whether the answer is complete. */
  get isComplete(): boolean {
    return this.#state === "answered";
  }

  /** Whether what is sent is dropped. */
  get isOver(): boolean {
    return this.#state === "over";
  }

  /** Why the client, or its request, cannot be served; `undefined` while it can. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Whether the client waits for 100 (Continue) with its content still. */
  get continueIsDue(): boolean {
    return this.#continueIsDue;
  }

  /** Content is waited for, by whoever reads it. */
  onWanted(): void {
    if (this.#state === "waiting") this.#sendContinue();
    this.#link.onBodyWanted(this);
  }

  /** A client that was to wait has sent content all the same. */
  onContent(): void {
    this.#continueIsDue = false;
  }

  inform(status: number, fields: FlatFields): void {
    if (this.#state !== "waiting" || this.head.version === "1.0") return;
    const head = formatInterimHead(status, fields);
    if (status === 100) this.#continueIsDue = false;
    this.#link.outgoing.stream.write(head, "latin1");
    this.#link.outgoing.onWritten();
  }

  respond({ status, fields }: ResponseHead, content: Uint8Array | string | undefined): void {
    if (!this.#mayAnswer()) return;
    const { method, version } = this.head;
    const bytes = byteLength(content);
    const keepsConnection = this.#keepsConnection() && this.#link.mayDropRest;
    const formatted = formatResponseHead({
      status,
      fields,
      content: bytes,
      method,
      version,
      keepsConnection,
      date: dateNow(),
    });
    this.#begin(status, formatted.keepsConnection);
    const isSent = formatted.framing !== "none";
    if (isSent) this.bytesOut = bytes;
    const rest = writeWhole(this.#link.outgoing.stream, formatted.text, isSent ? content : undefined);
    if (rest.length === 0) {
      this.onAnswered();
      return;
    }
    this.#link.outgoing.writeRest(rest, () => {
      this.onAnswered();
    });
  }

  begin({ status, fields }: ResponseHead): BodySink {
    if (!this.#mayAnswer()) return new SentBody(this.#link.outgoing, this, "none");
    const { method, version } = this.head;
    // Who answers well before there was any content means to read it meanwhile.
    if (status < 300) this.#sendContinue();
    const keepsConnection = this.#keepsConnection();
    const { text, framing, ...formatted } = formatResponseHead({
      status,
      fields,
      content: "stream",
      method,
      version,
      keepsConnection,
      date: dateNow(),
    });
    this.#begin(status, formatted.keepsConnection);
    const { stream } = this.#link.outgoing;
    // The head leaves with what is written at once, and does not wait for what is not.
    stream.cork();
    process.nextTick(() => {
      stream.uncork();
    });
    stream.write(text, "latin1");
    this.#link.outgoing.onWritten();
    return new SentBody(this.#link.outgoing, this, framing);
  }

  upgrade(fields: FlatFields): Duplex {
    const { upgrade } = this.head;
    if (upgrade === undefined) throw new UsageError("OPTION_INVALID", { detail: "the request asks for no upgrade" });
    if (this.body?.isOver === false) {
      throw new UsageError("OPTION_INVALID", { detail: "the request's content has not been read" });
    }
    const { stream } = this.#link.outgoing;
    if (!this.#mayAnswer()) return stream;
    const head = formatInterimHead(101, fields, upgrade);
    this.#begin(101, false);
    this.#state = "answered";
    stream.write(head, "latin1");
    this.#link.onUpgraded();
    return stream;
  }

  abort(reason: unknown): void {
    if (this.#state === "answered" || this.#state === "over") return;
    this.#link.onBroken(this, reason);
  }

  /** The answer is complete, as far as it is the stream's. */
  onAnswered(): void {
    this.#state = "answered";
    this.#link.onAnswered(this);
  }

  /** It can have no answer any more: what is sent is dropped from here. */
  fail(reason: unknown): void {
    this.#state = "over";
    this.announce(reason);
    this.body?.fail(reason);
  }

  /** Tells whoever looks that the client is gone, or as good as gone. */
  announce(reason: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = reason;
    this.#controller?.abort(reason);
  }

  /** RFC 9110 section 10.1.1; left out where content has come all the same. */
  #sendContinue(): void {
    if (!this.#continueIsDue) return;
    this.#continueIsDue = false;
    if (!this.#link.holdsBytes) this.#link.outgoing.stream.write(CONTINUE, "latin1");
  }

  #mayAnswer(): boolean {
    if (this.#state === "over") return false;
    if (this.#state === "waiting") return true;
    throw new UsageError("OPTION_INVALID", { operation: "respond", detail: "it is answered already" });
  }

  #begin(status: number, keepsConnection: boolean): void {
    this.status = status;
    this.keepsConnection = keepsConnection;
    this.#state = "answering";
  }

  /** A client that waits with its content may send it now or not, and nothing would tell which it did. */
  #keepsConnection(): boolean {
    return this.head.keepsConnection && this.#link.mayServeMore && !this.#continueIsDue;
  }
}

const CONTINUE = formatInterimHead(100, []);

/** What the signal of an exchange fires with. */
export function clientGone(cause?: unknown): TransportError {
  return new TransportError("CLIENT_GONE", { operation: "serve", cause });
}

function byteLength(content: Uint8Array | string | undefined): number {
  if (content === undefined) return 0;
  return typeof content === "string" ? Buffer.byteLength(content) : content.length;
}
