import { TransportError } from "@fairlead/core";
import { Duplex } from "node:stream";
import type { BodySource, ConnectionFacts, Exchange, FlatFields, RequestHead } from "../../src/exchange/index.ts";
import type { RequestContext } from "../../src/index.ts";

const connection: ConnectionFacts = {
  id: 1,
  remote: { address: "192.0.2.1", port: 40_000 },
  local: { address: "192.0.2.2", port: 8080 },
  proxy: undefined,
  tls: undefined,
};

/** What a test says of a request; the rest is that of `GET http://a.example/`. */
export interface FakeRequest extends Partial<RequestHead> {
  readonly body?: BodySource;
  /** Pieces that its sink takes before it is full. */
  readonly room?: number;
}

/** An exchange whose client is the test. */
export class FakeExchange implements Exchange {
  readonly head: RequestHead;
  readonly connection = connection;
  readonly body: BodySource | undefined;
  readonly #leaving = new AbortController();
  readonly #ended = Promise.withResolvers<undefined>();
  #room: number;
  #wake = Promise.withResolvers<undefined>();

  /** What has come of the answer. */
  status: number | undefined;
  fields: FlatFields = [];
  content = "";
  trailers: FlatFields = [];
  informed: [number, FlatFields][] = [];
  /** Why it was cut. */
  abortion: unknown;
  isComplete = false;
  /** Whether it came in one piece. */
  wasWhole = false;

  constructor({ body, room = Infinity, ...head }: FakeRequest = {}) {
    this.head = {
      version: "1.1",
      method: "GET",
      scheme: "http",
      authority: "a.example",
      path: "/",
      fields: ["host", "a.example"],
      upgrade: undefined,
      ...head,
    };
    this.body = body;
    this.#room = room;
  }

  /** Resolves when the answer is complete or was cut. */
  get ended(): Promise<undefined> {
    return this.#ended.promise;
  }

  get signal(): AbortSignal {
    return this.#leaving.signal;
  }

  get isAnswered(): boolean {
    return this.status !== undefined;
  }

  field(name: string): string[] {
    return this.fields.filter((_, at) => at % 2 === 1 && this.fields[at - 1] === name);
  }

  /** The client leaves. */
  leave(): void {
    this.#leaving.abort(new TransportError("CLIENT_GONE"));
    this.#wake.reject(this.#leaving.signal.reason);
    this.#wake.promise.catch(() => undefined);
    this.#ended.resolve(undefined);
  }

  /** The client takes more. */
  take(pieces: number): void {
    this.#room += pieces;
    const wake = this.#wake;
    this.#wake = Promise.withResolvers();
    wake.resolve(undefined);
  }

  inform(status: number, fields: FlatFields): void {
    this.informed.push([status, fields]);
  }

  respond(head: { status: number; fields: FlatFields }, content: Uint8Array | string | undefined): void {
    const sink = this.begin(head);
    this.wasWhole = true;
    if (content !== undefined && this.head.method !== "HEAD") sink.write(Buffer.from(content));
    sink.end();
  }

  begin({ status, fields }: { status: number; fields: FlatFields }): ReturnType<Exchange["begin"]> {
    if (this.isAnswered) throw new Error("it was answered already");
    if (fields.some((text) => /[\r\n]/.test(text))) throw new TypeError("a field that cannot be sent");
    this.status = status;
    this.fields = fields;
    return {
      write: (bytes) => {
        this.content += Buffer.from(bytes).toString("latin1");
        this.#room -= 1;
        return this.#room > 0;
      },
      drained: async () => {
        await this.#wake.promise;
      },
      end: (trailers = []) => {
        this.trailers = trailers;
        this.isComplete = true;
        this.#ended.resolve(undefined);
      },
    };
  }

  upgrade(fields: FlatFields): Duplex {
    this.status = 101;
    this.fields = fields;
    this.#ended.resolve(undefined);
    return new Duplex();
  }

  abort(reason: unknown): void {
    this.abortion = reason;
    this.#ended.resolve(undefined);
  }
}

/** The context of a handler that looks at nothing of it. */
export function fakeContext(exchange: Exchange): RequestContext {
  return {
    connection: exchange.connection,
    client: exchange.connection.remote,
    inform(status, fields) {
      exchange.inform(status, fields);
    },
    get requestTrailers() {
      return exchange.body?.trailers ?? [];
    },
    waitUntil() {
      // Nobody waits here.
    },
  };
}

/** Content in pieces, that says what became of it. */
export class FakeContent implements BodySource {
  readonly length = undefined;
  trailers: FlatFields = [];
  readonly #pieces: (string | Error)[];
  reads = 0;
  cancelled: unknown[] = [];

  constructor(...pieces: (string | Error)[]) {
    this.#pieces = pieces;
  }

  read(): Promise<Uint8Array | undefined> {
    this.reads += 1;
    const piece = this.#pieces.shift();
    if (piece instanceof Error) return Promise.reject(piece);
    return Promise.resolve(piece === undefined ? undefined : new TextEncoder().encode(piece));
  }

  cancel(reason?: unknown): void {
    this.cancelled.push(reason);
  }
}
