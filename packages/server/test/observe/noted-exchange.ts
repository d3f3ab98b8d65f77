import type { ConnectionFacts, Exchange, RequestHead, TlsFacts } from "../../src/index.ts";

/** A connection as observers are told of it. */
export function factsOf(tls?: Partial<TlsFacts>): ConnectionFacts {
  const secure = {
    protocol: "TLSv1.3",
    cipher: "TLS_AES_128_GCM_SHA256",
    serverName: "a.example",
    alpnProtocol: undefined,
    isResumed: false,
    client: undefined,
  };
  return {
    id: 1,
    remote: { address: "192.0.2.7", port: 50_000 },
    local: { address: "192.0.2.1", port: 8_080 },
    proxy: undefined,
    tls: tls === undefined ? undefined : { ...secure, ...tls },
  };
}

/** An exchange that nobody answers: observers look at its head alone. */
export function exchangeFor(head: Partial<RequestHead> = {}, connection = factsOf()): Exchange {
  const unused = (): never => {
    throw new Error("an observer does not answer");
  };
  return {
    head: {
      version: "1.1",
      method: "GET",
      scheme: "http",
      authority: "a.example",
      path: "/",
      fields: ["host", "a.example"],
      upgrade: undefined,
      ...head,
    },
    connection,
    body: undefined,
    signal: new AbortController().signal,
    isAnswered: false,
    inform: unused,
    respond: unused,
    begin: unused,
    upgrade: unused,
    abort: unused,
  };
}
