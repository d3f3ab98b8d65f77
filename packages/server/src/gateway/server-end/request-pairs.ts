import type { ConnectionFacts, FlatFields, RequestHead } from "../../exchange/index.ts";
import type { RequestContext } from "../../fetch-handler.ts";

/** A request's head as a worker is told it: facts, whose names begin with a colon, then fields. */
export function requestPairs(
  head: RequestHead,
  connection: ConnectionFacts,
  client: RequestContext["client"],
): string[] {
  const pairs = [
    ":method",
    head.method,
    ":path",
    head.path,
    ":scheme",
    head.scheme,
    ":authority",
    head.authority,
    ":version",
    head.version,
  ];
  if (head.upgrade !== undefined) pairs.push(":upgrade", head.upgrade);
  if (client !== undefined) {
    pairs.push(":client-address", client.address);
    if (client.port !== undefined) pairs.push(":client-port", String(client.port));
  }
  for (const pair of connectionPairs(connection)) pairs.push(pair);
  for (const part of head.fields) pairs.push(part);
  return pairs;
}

/** What is the same for all requests of a connection is made once. */
const known = new WeakMap<ConnectionFacts, FlatFields>();

function connectionPairs(connection: ConnectionFacts): FlatFields {
  let pairs = known.get(connection);
  if (pairs === undefined) {
    pairs = makeConnectionPairs(connection);
    known.set(connection, pairs);
  }
  return pairs;
}

function makeConnectionPairs({ id, remote, local, proxy, tls }: ConnectionFacts): FlatFields {
  const pairs = [":connection", String(id)];
  for (const [name, end] of [
    ["remote", remote],
    ["local", local],
    ["proxy", proxy],
  ] as const) {
    if (end !== undefined) pairs.push(`:${name}-address`, end.address, `:${name}-port`, String(end.port));
  }
  if (tls === undefined) return pairs;
  pairs.push(":tls-protocol", tls.protocol, ":tls-cipher", tls.cipher, ":tls-resumed", tls.isResumed ? "1" : "0");
  if (tls.serverName !== undefined) pairs.push(":tls-server-name", tls.serverName);
  if (tls.alpnProtocol !== undefined) pairs.push(":tls-alpn", tls.alpnProtocol);
  // Verified, or not here at all: see TlsFacts.
  for (const der of tls.client?.chain ?? []) {
    pairs.push(":client-certificate", Buffer.from(der.buffer, der.byteOffset, der.byteLength).toString("base64"));
  }
  return pairs;
}
