import { openNetworkAccessManager, type Hop, type NetworkAccessManager } from "@fairlead/access";
import { openStore, type Store } from "@fairlead/store";
import { createLookup } from "@fairlead/testserver";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { backendCan } from "@fairlead/tls";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer as createHttp1Server } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { after, before, describe, test } from "node:test";
import { tlsBackends } from "../tls-backends.ts";

/** A server that takes early data, in the protocol that it is told. */
interface EarlyServer extends AsyncDisposable {
  readonly origin: string;
  /** `GET early`, `POST`. */
  readonly seen: string[];
  readonly connections: number;
  protocol: "h2" | "http/1.1";
  /** New keys: what was remembered is worth nothing. */
  forget(): void;
}

const ca = await mintAuthority();

async function earlyServer(): Promise<EarlyServer> {
  const identity = await mintCertificate({ issuer: ca, names: ["a.fairlead.test"] });
  const backend = loadOpensslTls();
  // Trying what it can makes so many contexts that the server would lose its own, and with it its sessions.
  await backend.capabilities();
  const seen: string[] = [];
  const http2 = createHttp2Server();
  http2.on("session", (session) => session.on("error", () => undefined));
  http2.on("stream", (stream, headers) => {
    stream.on("error", () => undefined);
    seen.push(`h2 ${headers[":method"] ?? ""}`);
    stream.respond({ ":status": 200, "cache-control": "no-store" });
    stream.resume().on("end", () => stream.end("h2"));
  });
  const http1 = createHttp1Server((request, response) => {
    seen.push(`http/1.1 ${request.method ?? ""}`);
    request.resume();
    response.writeHead(200, { "cache-control": "no-store" }).end("http/1.1");
  });
  let ticketKeys = randomBytes(48);
  const sockets: Socket[] = [];
  const server = createServer((tcp) => {
    sockets.push(tcp);
    tcp.on("error", () => undefined);
    const { protocol } = state;
    backend
      .accept(tcp, {
        identity,
        alpnProtocols: [protocol],
        minVersion: "TLSv1.3",
        ticketKeys,
        earlyData: { maxBytes: 16_384 },
      })
      .then(
        (socket) => {
          socket.on("error", () => undefined);
          (protocol === "h2" ? http2 : http1).emit("connection", socket);
        },
        () => tcp.destroy(),
      );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const state: EarlyServer = {
    origin: `https://a.fairlead.test:${String((server.address() as AddressInfo).port)}`,
    seen,
    get connections() {
      return sockets.length;
    },
    protocol: "h2",
    forget: () => {
      ticketKeys = randomBytes(48);
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
  return state;
}

for (const backend of tlsBackends.filter(({ name }) => backendCan(name, "early-data")))
  describe(`early data over HTTP/2, by ${backend.name}`, () => {
    let server: EarlyServer;
    before(async () => {
      server = await earlyServer();
    });
    after(() => server[Symbol.asyncDispose]());

    const open = (store: Store): Promise<NetworkAccessManager> =>
      openNetworkAccessManager({
        store,
        lookup: createLookup("127.0.0.1"),
        tls: { backend, trust: { type: "anchors", certificates: [ca.certificate] }, earlyData: true },
      });
    const ask = async (manager: NetworkAccessManager, method = "GET"): Promise<Hop> => {
      const reply = await manager.request(server.origin, { method });
      await reply.bytes();
      return reply.transaction.hops[0] ?? assert.fail("one hop");
    };
    /** A store with tickets of a visit in this protocol. */
    const visited = async (protocol: "h2" | "http/1.1"): Promise<Store> => {
      server.protocol = protocol;
      const store = await openStore("memory:");
      await using manager = await open(store);
      await ask(manager);
      server.seen.length = 0;
      return store;
    };

    test("safe requests go with the first flight, others wait on the same connection", async () => {
      const store = await visited("h2");
      const before = server.connections;
      await using manager = await open(store);
      const [get, post, second] = await Promise.all([ask(manager), ask(manager, "POST"), ask(manager)]);
      assert.deepEqual([get.earlyData, get.tls?.alpn, get.tls?.resumed], ["accepted", "h2", true]);
      assert.deepEqual([post.connection?.id, second.connection?.id], [1, 1]);
      assert.deepEqual(server.seen.toSorted(), ["h2 GET", "h2 GET", "h2 POST"]);
      assert.equal(server.connections - before, 1);
    });

    test("what is rejected is sent once more, and served once", async () => {
      const store = await visited("h2");
      server.forget();
      await using manager = await open(store);
      const hop = await ask(manager);
      assert.notEqual(hop.earlyData, "accepted");
      assert.deepEqual(server.seen, ["h2 GET"]);
    });

    for (const [first, then] of [
      ["http/1.1", "h2"],
      ["h2", "http/1.1"],
    ] as const) {
      test(`a server that spoke ${first} and now speaks ${then} is understood`, async () => {
        const store = await visited(first);
        server.protocol = then;
        await using manager = await open(store);
        const hop = await ask(manager);
        assert.equal(hop.tls?.alpn, then);
        assert.deepEqual(server.seen, [`${then} GET`]);
      });
    }
  });
