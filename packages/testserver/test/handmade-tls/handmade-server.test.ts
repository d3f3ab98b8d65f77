import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { connect, type ConnectionOptions } from "node:tls";
import { type ServiceName, startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import { detour } from "../detour.ts";

const names = [
  "https-split-handshake",
  "https-split-handshake-tls12",
  "https-sni-required",
  "https-stall-hello",
] as const;
let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ services: names, ...detour });
});
after(async () => {
  await network.close();
});

describe("TLS by hand", () => {
  for (const service of ["https-split-handshake", "https-split-handshake-tls12"] as const) {
    test(`${service}: node:tls gets an answer by X25519 and by P-256, after a second hello too`, async () => {
      for (const ecdhCurve of ["X25519:P-256", "P-256", "P-384:P-256"]) {
        assert.match(await talk(service, { ecdhCurve }), /made this by hand\n$/);
      }
    });
  }

  test("takes note of handshakes that are done and of those that fail", async () => {
    const { connections } = network.service("https-sni-required");
    await talk("https-sni-required", {});
    assert.deepEqual([connections.secured, connections.failed], [0, 0]);
    const now = network.service("https-sni-required").connections;
    assert.deepEqual([now.secured, now.failed], [1, 0]);
    const secured = network.traffic.findLast(({ type }) => type === "secured");
    assert.ok(secured?.type === "secured");
    assert.deepEqual([secured.tls.protocol, secured.tls.serverName], ["TLSv1.3", "a.fairlead.test"]);
    await assert.rejects(
      talk("https-sni-required", { ciphers: "TLS_AES_256_GCM_SHA384", minVersion: "TLSv1.3" }),
      /alert handshake failure/,
    );
    const failed = network.traffic.findLast(({ type }) => type === "handshake-failed");
    assert.ok(failed?.type === "handshake-failed");
    assert.equal(failed.reason, "the client offers no cipher suite that is spoken here");
  });

  test("outlives whatever clients send, and tells it", async () => {
    const rubbish = [
      "GET / HTTP/1.1\r\n\r\n",
      "\u0016\u0003\u0001\u0000\u0004\u0001\u0000\u0000\u0000",
      "\u0016\u0003\u0001\u0000\u0004\u0001\u00ff\u00ff\u00ff",
      "\u0016\u0003\u0003\u00ff\u00ff",
      "\u0017\u0003\u0003\u0000\u0001x",
      "\u0015\u0003\u0003\u0000\u0002\u0002\u0028",
    ];
    for (const bytes of rubbish) {
      const { host, port } = network.service("https-sni-required");
      const before = network.service("https-sni-required").connections.failed;
      const socket = connectTcp({ host, port });
      socket.on("error", () => undefined).end(bytes, "latin1");
      socket.resume();
      await once(socket, "close");
      assert.equal(network.service("https-sni-required").connections.failed, before + 1, JSON.stringify(bytes));
    }
    assert.match(await talk("https-sni-required", {}), /made this by hand\n$/);
  });

  test("ends with its client where it stalls", async () => {
    const { host, port } = network.service("https-stall-hello");
    const socket = connect({ host, port, servername: "a.fairlead.test", ca: network.ca.certificate });
    socket.on("error", () => undefined);
    await once(socket, "connect");
    const closed = new Promise<void>((resolve) => {
      const stop = network.followTraffic(({ type, service }) => {
        if (type !== "closed" || service !== "https-stall-hello") return;
        stop();
        resolve();
      });
    });
    socket.destroy();
    await closed;
    assert.equal(network.service("https-stall-hello").connections.open, 0);
  });
});

/** All that comes after a request. */
async function talk(service: ServiceName, options: ConnectionOptions): Promise<string> {
  const { host, port } = network.service(service);
  const socket = connect({ host, port, servername: "a.fairlead.test", ca: network.ca.certificate, ...options });
  socket.write("GET / HTTP/1.1\r\nHost: a.fairlead.test\r\n\r\n");
  return await text(socket);
}
