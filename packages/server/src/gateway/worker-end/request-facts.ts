import { X509Certificate } from "node:crypto";
import type {
  ClientIdentity,
  ConnectionFacts,
  Endpoint,
  FlatFields,
  RequestHead,
  TlsFacts,
} from "../../exchange/index.ts";
import type { RequestContext } from "../../fetch-handler.ts";
import { fact, fieldsOf, frameFault } from "../protocol/index.ts";

/** A request's head, as the server has told it. */
export function requestHead(pairs: FlatFields): RequestHead {
  const version = fact(pairs, ":version");
  const scheme = fact(pairs, ":scheme");
  const method = fact(pairs, ":method");
  const path = fact(pairs, ":path");
  if (method === undefined || path === undefined) throw frameFault("a request without a method or a path");
  return {
    version: version === "1.0" || version === "2" ? version : "1.1",
    method,
    scheme: scheme === "https" ? "https" : "http",
    authority: fact(pairs, ":authority") ?? "",
    path,
    fields: fieldsOf(pairs),
    upgrade: fact(pairs, ":upgrade"),
  };
}

/** Who the client is, by what the server believes. */
export function requestClient(pairs: FlatFields): RequestContext["client"] {
  const address = fact(pairs, ":client-address");
  if (address === undefined) return undefined;
  const port = fact(pairs, ":client-port");
  return { address, port: port === undefined ? undefined : Number(port) };
}

/** The client's connection to the server, read when someone looks. */
export class ToldConnection implements ConnectionFacts {
  readonly #pairs: FlatFields;
  #tls: TlsFacts | undefined;

  constructor(pairs: FlatFields) {
    this.#pairs = pairs;
  }

  get id(): number {
    return Number(fact(this.#pairs, ":connection") ?? 0);
  }

  get remote(): Endpoint | undefined {
    return this.#endpoint("remote");
  }

  get local(): Endpoint | undefined {
    return this.#endpoint("local");
  }

  get proxy(): Endpoint | undefined {
    return this.#endpoint("proxy");
  }

  get tls(): TlsFacts | undefined {
    const protocol = fact(this.#pairs, ":tls-protocol");
    if (protocol === undefined) return undefined;
    return (this.#tls ??= {
      protocol,
      cipher: fact(this.#pairs, ":tls-cipher") ?? "",
      serverName: fact(this.#pairs, ":tls-server-name"),
      alpnProtocol: fact(this.#pairs, ":tls-alpn"),
      isResumed: fact(this.#pairs, ":tls-resumed") === "1",
      client: this.#client(),
    });
  }

  #endpoint(name: "remote" | "local" | "proxy"): Endpoint | undefined {
    const address = fact(this.#pairs, `:${name}-address`);
    return address === undefined ? undefined : { address, port: Number(fact(this.#pairs, `:${name}-port`) ?? 0) };
  }

  #client(): ClientIdentity | undefined {
    const chain = this.#pairs.flatMap((part, index) =>
      index % 2 === 1 && this.#pairs[index - 1] === ":client-certificate" ? [Buffer.from(part, "base64")] : [],
    );
    const [leaf] = chain;
    return leaf === undefined ? undefined : { certificate: new X509Certificate(leaf), chain };
  }
}
