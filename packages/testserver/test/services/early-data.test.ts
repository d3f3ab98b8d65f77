import assert from "node:assert/strict";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { connectTcp } from "@fairlead/transport";
import { detour } from "../detour.ts";

test("https-early-data says which request came early, and refuses it when it was told to", async () => {
  await using network = await startTestNetwork(detour);
  const sessions: Uint8Array[] = [];
  assert.equal(await ask(network, "/early", sessions), "200 not early");
  assert.equal(await ask(network, "/early", sessions), "200 early");
  assert.equal(await ask(network, "/too-early", sessions), "425 too early: ask again after the handshake");
  assert.equal(await ask(network, "/early?then=refuse", sessions), "200 early");
  assert.equal(await ask(network, "/early?then=new-keys", sessions), "200 not early");
  assert.equal(await ask(network, "/early", sessions), "200 not early");
  assert.equal(await ask(network, "/early", sessions), "200 early");
  assert.deepEqual(
    network.requests.map(({ early, tls }) => [early, tls?.sessionReused]),
    [
      [false, false],
      [true, true],
      [true, true],
      [true, true],
      [false, false],
      [false, false],
      [true, true],
    ],
  );
  const { accepted, secured, resumed, failed } = network.service("https-early-data").connections;
  assert.deepEqual([accepted, secured, resumed, failed], [7, 7, 4, 0]);
});

test("https-early-data counts a client that does not speak TLS as failed", async () => {
  await using network = await startTestNetwork(detour);
  const listener = network.service("https-early-data");
  const stream = await connectTcp({ host: listener.host, port: listener.port });
  stream
    .on("error", () => undefined)
    .resume()
    .write("GET / HTTP/1.1\r\n\r\n");
  await once(stream, "close");
  while (listener.connections.failed === 0) await nextTurn();
  assert.deepEqual([listener.connections.failed, listener.connections.secured], [1, 0]);
});

/** One request with the first flight, where a session allows it, on a connection of its own. */
async function ask(network: TestNetwork, target: string, sessions: Uint8Array[]): Promise<string> {
  const { host, port } = network.service("https-early-data");
  const socket = await loadOpensslTls().connect(await connectTcp({ host, port, allowHalfOpen: true }), {
    host: "localhost",
    trust: { type: "anchors", certificates: [network.ca.certificate] },
    earlyData: true,
    session: sessions.pop(),
    onSession: (session) => sessions.push(session),
  });
  socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  const answer = await text(socket);
  socket.end();
  return `${answer.slice("HTTP/1.1 ".length, "HTTP/1.1 200".length)} ${answer.split("\r\n\r\n")[1]?.trim() ?? ""}`;
}
