import { X509Certificate } from "node:crypto";
import type { Duplex } from "node:stream";
import { readClientCert } from "@fairlead/http/client-cert";
import type {
  BodySink,
  BodySource,
  ClientIdentity,
  ConnectionFacts,
  Exchange,
  FlatFields,
  RequestHead,
  ResponseHead,
} from "../exchange/index.ts";
import type { ClientAddress } from "../fetch-handler.ts";

/** What an exchange is by the word of proxies, and what its answer has. */
export interface EdgeFacts {
  readonly head: RequestHead;
  readonly client: ClientAddress | undefined;
  /** Lines of Client-Cert and Client-Cert-Chain that are believed. */
  readonly certificateLines: readonly string[];
  readonly chainLines: readonly string[];
  /** Strict-Transport-Security for answers that have none of their own. */
  readonly hsts: string | undefined;
}

/** What handlers are given, by what drivers have made: who observes knows the latter. */
const edges = new WeakMap<Exchange, EdgeExchange>();

/** Who the client of an exchange is, by the connection or by the word of trusted proxies, for those who observe. */
export function clientOf(exchange: Exchange): ClientAddress | undefined {
  const edge = edges.get(exchange);
  return edge === undefined ? exchange.connection.remote : edge.client;
}

/** An exchange of a driver, with the head that handlers are to see, and an answer that keeps browsers to https. */
export class EdgeExchange implements Exchange {
  readonly #exchange: Exchange;
  readonly #facts: EdgeFacts;
  #forwardedClient: ClientIdentity | null | undefined;

  constructor(exchange: Exchange, facts: EdgeFacts) {
    this.#exchange = exchange;
    this.#facts = facts;
    edges.set(exchange, this);
  }

  /** What the driver has made, which those who observe are told of. */
  get observed(): Exchange {
    return this.#exchange;
  }

  get head(): RequestHead {
    return this.#facts.head;
  }

  /** Who the client is, by the connection or by the word of trusted proxies. */
  get client(): ClientAddress | undefined {
    return this.#facts.client;
  }

  /** Whose certificate a trusted proxy says it has verified; `undefined` where it says nothing that can be read. */
  get forwardedClient(): ClientIdentity | undefined {
    if (this.#forwardedClient === undefined) this.#forwardedClient = identityOf(this.#facts) ?? null;
    return this.#forwardedClient ?? undefined;
  }

  get connection(): ConnectionFacts {
    return this.#exchange.connection;
  }

  get body(): BodySource | undefined {
    return this.#exchange.body;
  }

  get signal(): AbortSignal {
    return this.#exchange.signal;
  }

  get isAnswered(): boolean {
    return this.#exchange.isAnswered;
  }

  inform(status: number, fields: FlatFields): void {
    this.#exchange.inform(status, fields);
  }

  respond(head: ResponseHead, content: Uint8Array | string | undefined): void {
    this.#exchange.respond(this.#complete(head), content);
  }

  begin(head: ResponseHead): BodySink {
    return this.#exchange.begin(this.#complete(head));
  }

  upgrade(fields: FlatFields): Duplex {
    return this.#exchange.upgrade(fields);
  }

  abort(reason: unknown): void {
    this.#exchange.abort(reason);
  }

  #complete(head: ResponseHead): ResponseHead {
    const { hsts } = this.#facts;
    if (hsts === undefined || hasField(head.fields, hstsName)) return head;
    return { status: head.status, fields: [...head.fields, hstsName, hsts] };
  }
}

const hstsName = "strict-transport-security";

function hasField(fields: FlatFields, name: string): boolean {
  for (let index = 0; index < fields.length; index += 2) if (fields[index] === name) return true;
  return false;
}

function identityOf({ certificateLines, chainLines }: EdgeFacts): ClientIdentity | undefined {
  const told = readClientCert(certificateLines, chainLines);
  if (told === undefined) return undefined;
  try {
    return { certificate: new X509Certificate(told.certificate), chain: [told.certificate, ...told.chain] };
  } catch {
    return undefined;
  }
}
