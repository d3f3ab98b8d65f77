import { ProtocolError, TimeoutError, TransportError, type FairleadError } from "@fairlead/core";
import type { Http2ServerStream } from "@fairlead/http/h2";
import { PieceQueue } from "@fairlead/transport";
import type { BodySource, FlatFields, HttpLimits } from "../exchange/index.ts";

/** What a request's content needs of its exchange. */
export interface BodyOwner {
  readonly limits: HttpLimits;
  /** Milliseconds that only ever grow. */
  readonly now: number;
  /** Something is due then. */
  watch(due: number): void;
  /** Somebody wants to read. Called once. */
  onWanted(): void;
  /** It broke a limit, and the client is told. */
  onRefused(status: number, error: FairleadError): void;
}

/** The content of a request of HTTP/2. The client is given room for more when what came is read. */
export class RequestBody implements BodySource {
  readonly length: number | undefined;
  trailers: FlatFields = [];
  /** Octets that came. */
  received = 0;
  readonly #stream: Http2ServerStream;
  readonly #owner: BodyOwner;
  readonly #queue = new PieceQueue();
  readonly #totalDue: number;
  #idleDue = Number.POSITIVE_INFINITY;
  #reader: PromiseWithResolvers<Uint8Array | undefined> | undefined;
  #state: "open" | "ended" | "cancelled" | "failed" = "open";
  #reason: unknown;
  #isWanted = false;

  constructor(stream: Http2ServerStream, length: number | undefined, owner: BodyOwner) {
    this.length = length;
    this.#stream = stream;
    this.#owner = owner;
    this.#totalDue = owner.now + owner.limits.bodyMilliseconds;
    owner.watch(this.#totalDue);
  }

  /** When it is to be given up. */
  get due(): number {
    return this.#state === "open" ? Math.min(this.#totalDue, this.#idleDue) : Number.POSITIVE_INFINITY;
  }

  async read(): Promise<Uint8Array | undefined> {
    const piece = this.#queue.take();
    if (piece !== undefined) {
      this.#stream.read(piece.length);
      return piece;
    }
    if (this.#state === "failed") throw this.#reason;
    if (this.#state === "cancelled") throw dropped();
    if (this.#state === "ended") return undefined;
    if (!this.#isWanted) {
      this.#isWanted = true;
      if (this.received === 0) this.#owner.onWanted();
    }
    this.#reader = Promise.withResolvers();
    this.#awaitMore();
    return await this.#reader.promise;
  }

  cancel(): void {
    if (this.#state === "open" || this.#state === "ended") this.#state = "cancelled";
    const octets = this.#queue.clear();
    if (octets > 0) this.#stream.read(octets);
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.reject(dropped());
  }

  /** A part of it came. */
  receive(data: Uint8Array): void {
    this.received += data.length;
    if (this.received > this.#owner.limits.bodyBytes) {
      this.#refuse(413, new ProtocolError("REQUEST_BODY_TOO_LARGE", { operation: "read" }));
    } else if (this.#state === "open") {
      this.#queue.push(data);
      if (this.#reader === undefined) return;
      this.#stream.read(data.length);
      this.#settle(this.#queue.take());
    } else {
      this.#stream.read(data.length);
    }
  }

  end(trailers: FlatFields): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    this.trailers = trailers;
    this.#settle(undefined);
  }

  /** The rest will not come. */
  fail(reason: unknown): void {
    if (this.#state !== "open") return;
    this.#state = "failed";
    this.#reason = reason;
    this.#queue.clear();
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.reject(reason);
  }

  /** Its time may be up. */
  expire(now: number): void {
    if (this.due <= now) this.#refuse(408, new TimeoutError("body", { operation: "read" }));
  }

  #refuse(status: number, error: FairleadError): void {
    if (this.#state !== "open") return;
    this.fail(error);
    this.#owner.onRefused(status, error);
  }

  #settle(piece: Uint8Array | undefined): void {
    this.#idleDue = Number.POSITIVE_INFINITY;
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.resolve(piece);
  }

  #awaitMore(): void {
    this.#idleDue = this.#owner.now + this.#owner.limits.bodyIdleMilliseconds;
    this.#owner.watch(this.#idleDue);
  }
}

function dropped(): TransportError {
  return new TransportError("STREAM_CLOSED", { operation: "read", detail: "the rest of the content was given up" });
}
