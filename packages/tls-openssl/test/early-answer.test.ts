import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { goodHost, mintCertificates } from "@fairlead/conformance/tls";
import type { TlsSocket } from "@fairlead/tls";
import { memoryPair } from "@fairlead/transport";
import { loadOpensslTls } from "../src/index.ts";

const openssl = loadOpensslTls();

test("an answer to early data does not wait for the client's Finished (RFC 8446 section 2.3)", async () => {
  const { good, trust } = await mintCertificates();
  const accept = { identity: good, ticketKeys: new Uint8Array(48).fill(1), earlyData: { maxBytes: 1_000 } };
  const sessions: Uint8Array[] = [];
  const connect = { host: goodHost, trust, onSession: (session: Uint8Array) => void sessions.push(session) };

  const [near, far] = memoryPair({ allowHalfOpen: true });
  const [first, peer] = await Promise.all([openssl.connect(near, connect), openssl.accept(far, accept)]);
  peer.write("x");
  await once(first, "data");
  first.destroy();
  peer.on("error", () => undefined).destroy();

  // What the client says after its first flight is held back.
  const [clientSide, relayNear] = memoryPair({ allowHalfOpen: true });
  const [relayFar, serverSide] = memoryPair({ allowHalfOpen: true });
  for (const each of [relayNear, relayFar]) each.on("error", () => undefined);
  relayFar.pipe(relayNear);
  const held: Buffer[] = [];
  let isFirst = true;
  relayNear.on("data", (bytes: Buffer) => {
    if (isFirst) relayFar.write(bytes);
    else held.push(bytes);
  });
  const accepting = openssl.accept(serverSide, accept);
  const client = await openssl.connect(clientSide, { ...connect, session: sessions.at(-1), earlyData: true });
  client.write("question");
  const server: TlsSocket = await accepting;
  isFirst = false;
  let serverIsDone = false;
  void server.handshakeDone.then(() => (serverIsDone = true));
  assert.equal(String(await once(server, "data")), "question");
  server.write("answer");
  assert.equal(String(await once(client, "data")), "answer");
  assert.equal(serverIsDone, false);
  for (const bytes of held) relayFar.write(bytes);
  await server.handshakeDone;
  for (const each of [client, server]) each.on("error", () => undefined).destroy();
});
