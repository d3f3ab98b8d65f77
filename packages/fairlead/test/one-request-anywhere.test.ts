import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request, type IncomingMessage } from "node:http";
import { connect as connectPlain, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { interposedPair, tcpPair, unixPair } from "@fairlead/conformance/stream";
import { mintAuthority, mintCertificate, type MintedIdentity } from "@fairlead/testserver/authority";
import { nodeTls } from "@fairlead/tls/node";
import type { TlsBackend, TlsTrust } from "@fairlead/tls";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { memoryPair } from "@fairlead/transport";

const backends = [nodeTls, loadOpensslTls(), loadGnutlsTls()];

/** Two connected ends, over which nobody has said anything yet. */
type Open = (far: Far) => Promise<[near: Duplex, far: Duplex]>;

interface Far {
  readonly backend: TlsBackend;
  readonly identity: MintedIdentity;
  readonly trust: TlsTrust;
}

const transports: readonly (readonly [name: string, open: Open])[] = [
  ["TCP", async () => tcpPair(true)],
  ["a Unix socket", async () => unixPair(true)],
  ["a memory pair", async () => memoryPair({ allowHalfOpen: true })],
  // A characteristic of the Nordic UART service takes what fits an ATT packet of the smallest size: 20 bytes.
  ["a UART of 20 bytes, as over Bluetooth", async () => interposedPair(packets(20))],
  ["a tunnel through an HTTP proxy", tunnel],
  [
    "TLS, for a proxy that is spoken to by TLS",
    async ({ backend, identity, trust }) => {
      const [near, far] = await tcpPair(true);
      return Promise.all([backend.connect(near, { host: "inner.test", trust }), backend.accept(far, { identity })]);
    },
  ],
];

describe("the same request", () => {
  let identity: MintedIdentity;
  let trust: TlsTrust;
  const server = createServer((asked, answer) => {
    answer.setHeader("method", asked.method ?? "");
    asked.pipe(answer);
  });
  before(async () => {
    const authority = await mintAuthority();
    identity = await mintCertificate({ issuer: authority, names: ["inner.test"] });
    trust = { type: "anchors", certificates: [authority.certificate] };
  });
  after(() => server.close());

  for (const [transport, open] of transports) {
    for (const client of backends) {
      for (const service of backends) {
        test(`over ${transport}, by ${client.name}, to a server on ${service.name}`, async () => {
          const [near, far] = await open({ backend: service, identity, trust });
          const [socket, accepted] = await Promise.all([
            client.connect(near, { host: "inner.test", alpnProtocols: ["http/1.1"], trust }),
            service.accept(far, { identity, alpnProtocols: ["http/1.1"] }),
          ]);
          server.emit("connection", accepted);
          assert.deepEqual(
            [socket.authorized, socket.alpnProtocol, socket.getProtocol()],
            [true, "http/1.1", "TLSv1.3"],
          );
          const asked = request({ method: "POST", createConnection: () => socket });
          const answered = once(asked, "response") as Promise<[IncomingMessage]>;
          const body = "anything ".repeat(500);
          asked.end(body);
          const [answer] = await answered;
          assert.equal(answer.headers["method"], "POST");
          assert.equal(await text(answer), body);
          socket.destroy();
          near.destroy();
          accepted.destroy();
        });
      }
    }
  }
});

function packets(size: number): (bytes: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* (bytes) {
    for await (const chunk of bytes) {
      for (let at = 0; at < chunk.length; at += size) yield chunk.subarray(at, at + size);
    }
  };
}

/** A proxy of node:http that knows one destination. RFC 9110 section 9.3.6. */
async function tunnel(): Promise<[Duplex, Duplex]> {
  const proxy = createServer();
  const [toDestination, destination] = await tcpPair(true);
  proxy.once("connect", (_request, client: Duplex) => {
    client.write("HTTP/1.1 200 OK\r\n\r\n");
    client.pipe(toDestination).pipe(client);
    client.on("error", () => toDestination.destroy());
    toDestination.on("error", () => client.destroy());
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const { port } = proxy.address() as AddressInfo;
  const asking = request({
    method: "CONNECT",
    path: "inner.test:443",
    createConnection: () => connectPlain({ host: "127.0.0.1", port, allowHalfOpen: true }),
  });
  asking.end();
  const [, near] = (await once(asking, "connect")) as [IncomingMessage, Duplex];
  proxy.close();
  return [near, destination];
}
