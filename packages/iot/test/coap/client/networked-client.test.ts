import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { type NetworkAccessManagerOptions, openNetworkAccessManager } from "@fairlead/access";
import { type Certificates, goodHost, mintCertificates } from "@fairlead/conformance/tls";
import {
  coapAnswer,
  coapClient,
  type CoapClientOptions,
  type CoapListenOptions,
  type CoapServer,
  coapServer,
  serveChannel,
  webSocketChannel,
} from "@fairlead/iot/coap";
import { acceptWebSocket, serve } from "@fairlead/server";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { loadOpensslTls } from "@fairlead/tls-openssl";

const psk = { identity: "lamp-7", key: Buffer.from("sixteen bytes of") };
const keyOf = (identity: string): Uint8Array | undefined => (identity === psk.identity ? psk.key : undefined);
const large = new Uint8Array(30_000).fill(7);

/** A server that takes a large body, and says how it was asked. */
function device(): CoapServer {
  return coapServer({
    handler: ({ payload }, { scheme, security }) =>
      coapAnswer("Content", `${scheme} ${security?.type ?? "nobody"} ${String(payload.length)}`),
  });
}

for (const backend of [loadOpensslTls(), loadGnutlsTls()]) {
  describe(`a client that goes by a manager, with ${backend.name}`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });

    const open = (options: NetworkAccessManagerOptions = {}): ReturnType<typeof openNetworkAccessManager> =>
      openNetworkAccessManager({
        lookup: (_, __, done) => {
          done(null, "127.0.0.1", 4);
        },
        tls: { datagrams: backend, trust: certificates.trust },
        ...options,
      });

    const ways: readonly (readonly [
      how: string,
      listen: () => CoapListenOptions,
      options: CoapClientOptions,
      answer: string,
    ])[] = [
      ["coap", () => ({ scheme: "coap" }), {}, "coap nobody"],
      [
        "coaps, by a certificate",
        () => ({ scheme: "coaps", dtls: { backend, identity: certificates.good, psk: keyOf } }),
        {},
        "coaps certificate",
      ],
      [
        "coaps, by a key",
        () => ({ scheme: "coaps", dtls: { backend, psk: keyOf } }),
        { onPreSharedKey: () => psk },
        "coaps psk",
      ],
      ["coap+tcp", () => ({ scheme: "coap+tcp" }), {}, "coap+tcp nobody"],
      [
        "coaps+tcp, by a certificate",
        () => ({ scheme: "coaps+tcp", tls: { identity: certificates.good } }),
        {},
        "coaps+tcp certificate",
      ],
    ];
    for (const [how, listen, options, answer] of ways) {
      test(`asks over ${how}, and the manager's observers are told of its connection`, async () => {
        await using server = device();
        const { port, scheme } = await server.listen({ port: 0, ...listen() });
        await using manager = await open();
        const opened: string[] = [];
        manager.observe({ connectionOpened: (_, origin) => opened.push(origin) });
        await using client = coapClient({ manager, ...options });
        const url = `${scheme}://${goodHost}:${String(port)}`;
        for (let turn = 0; turn < 2; turn += 1) {
          const reply = await client.fetch(url, { body: large });
          assert.equal(reply.text(), `${answer} 30000`);
        }
        assert.deepEqual(opened, [url], "one connection");
      });
    }

    test("resumes its session from a file, over a restart", async () => {
      await using server = device();
      const dtls = { backend, identity: certificates.good };
      const { port } = await server.listen({ scheme: "coaps", port: 0, dtls });
      const folder = await mkdtemp(join(tmpdir(), "fairlead-coaps-"));
      try {
        const resumed: (boolean | undefined)[] = [];
        for (let run = 0; run < 2; run += 1) {
          await using manager = await open({ store: `file:${join(folder, "store")}` });
          manager.observe({ connectionOpened: ({ tls }) => resumed.push(tls?.resumed) });
          await using client = coapClient({ manager });
          assert.equal((await client.get(`coaps://${goodHost}:${String(port)}`)).ok, true);
        }
        assert.deepEqual(resumed, [false, true]);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  });
}

test("a client asks over a WebSocket a server that is mounted in an HTTP server (RFC 8323 section 4)", async () => {
  await using coap = device();
  await using server = await serve({
    port: 0,
    host: "127.0.0.1",
    fetch: (request, context) =>
      acceptWebSocket(
        request,
        context,
        async (socket) => {
          const peer = context.client?.address ?? "unknown";
          serveChannel(await webSocketChannel(socket, { peer, scheme: "coap+ws" }), coap.handler);
          await socket.closed;
        },
        { protocols: ["coap"] },
      ),
  });
  await using manager = await openNetworkAccessManager();
  await using client = coapClient({ manager });
  const reply = await client.fetch(`coap+ws://127.0.0.1:${String(server.port)}`, { body: large });
  assert.equal(reply.text(), "coap+ws nobody 30000");
});
