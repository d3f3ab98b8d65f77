import { transactionOf, type ManagedWebSocket } from "@fairlead/access";
import { openWebSocket } from "@fairlead/transport/websocket";
import assert from "node:assert/strict";
import { once } from "node:events";
import { constants, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { createServer } from "node:tls";
import { http2Server } from "../h2/http2-server.ts";
import { networkFixture } from "../network-fixture.ts";
import { tlsBackends } from "../tls-backends.ts";
import { webSocketPeer } from "./websocket-peer.ts";
import { mintCertificate } from "@fairlead/testserver/authority";

const MIB = 1024 * 1024;
const fixture = networkFixture();
const { open } = fixture;
const at = (path: string): string => `wss://a.fairlead.test:${String(fixture.network.service("https-h2").port)}${path}`;

async function next(socket: ManagedWebSocket): Promise<string | Uint8Array> {
  for await (const message of socket) return message;
  throw new Error("it ended");
}

/** Which protocol, status and connection a socket came to. */
function wayOf(
  socket: ManagedWebSocket,
): readonly [alpn: string | undefined, status: number | undefined, connection: number | undefined] {
  const hop = transactionOf(socket)?.hops.at(-1);
  return [hop?.tls?.alpn, hop?.status, hop?.connection?.id];
}

/** Answers a CONNECT, and sends all messages back. */
function accept(stream: ServerHttp2Stream): void {
  stream.respond({ ":status": 200 });
  const connection = openWebSocket(
    stream,
    { role: "server" },
    {
      onMessage: (data) => {
        connection.send(data);
      },
      onClose: () => undefined,
    },
  );
}

for (const backend of tlsBackends) {
  describe(`a WebSocket on a stream of HTTP/2 over ${backend.name} (RFC 8441)`, () => {
    test("is opened where the server offers it, beside requests on the same connection", async () => {
      await using manager = await open({ tls: { backend } });
      const sockets = ["/websocket/echo", "/websocket/echo?2"].map((path) => manager.webSocket(at(path)));
      const [first, second] = sockets;
      assert.ok(first && second);
      await Promise.all(sockets.map(({ opened }) => opened));
      const reply = await manager.request(at("/status/200").replace("wss:", "https:"));
      await reply.bytes();
      assert.deepEqual(wayOf(first), ["h2", 200, 1]);
      assert.deepEqual(wayOf(second), ["h2", 200, 1]);
      assert.equal(reply.transaction.hops[0]?.connection?.id, 1);
      const {
        "sec-websocket-key": key,
        ":method": method,
        ":protocol": protocol,
      } = fixture.network.requests.find(({ target }) => target === "/websocket/echo?2")?.headers ?? {};
      assert.deepEqual([key, method, protocol], [undefined, "CONNECT", "websocket"]);
      const large = Buffer.alloc(3 * MIB, 5);
      first.send(large);
      second.send("héllo");
      assert.equal(await next(second), "héllo");
      assert.ok(large.equals(Buffer.from(await next(first))));
      second.close(4000, "enough");
      assert.deepEqual(await second.closed, { code: 4000, reason: "", wasClean: true });
      await manager.close();
      assert.deepEqual(await first.closed, { code: 1001, reason: "", wasClean: true });
    });

    test("is one of HTTP/1.1 where the server does not, which is found out once", async () => {
      const identity = await mintCertificate({ issuer: fixture.network.ca, names: ["a.fairlead.test"] });
      await using peer = await webSocketPeer({ identity, http2: true });
      await using manager = await open({ tls: { backend } });
      for (let number = 1; number <= 3; number += 1) {
        const socket = manager.webSocket(peer.url("/", "a.fairlead.test"));
        await socket.opened;
        assert.deepEqual(wayOf(socket), ["http/1.1", 101, number + 1]);
      }
      assert.equal(peer.requests.length, 3);
    });
  });
}

describe("a WebSocket on a stream of HTTP/2", () => {
  test("is one of HTTP/1.1 where the application says so", async () => {
    await using manager = await open();
    const socket = manager.webSocket(at("/websocket/echo"), { http2: false });
    await socket.opened;
    assert.equal(wayOf(socket)[1], 101);
  });

  test("holds its peer back, and is held back, alone", async () => {
    await using manager = await open();
    const [slow, other] = [
      manager.webSocket(at("/websocket/message/4000000")),
      manager.webSocket(at("/websocket/echo")),
    ];
    await Promise.all([slow.opened, other.opened]);
    // Nobody reads the large message, which does not fit into the window of its stream.
    for (let index = 0; index < 50; index += 1) {
      other.send(`${String(index)}${"x".repeat(100_000)}`);
      assert.match(String(await next(other)), new RegExp(`^${String(index)}x`));
    }
    assert.equal((await next(slow)).length, 4_000_000);
    const deaf = manager.webSocket(at("/websocket/deaf"));
    await deaf.opened;
    for (let index = 0; index < 32; index += 1) deaf.send(Buffer.alloc(MIB));
    for (let index = 0; index < 50; index += 1) {
      other.send(String(index));
      assert.equal(await next(other), String(index));
    }
    assert.ok(deaf.bufferedAmount > 16 * MIB);
    assert.equal(wayOf(deaf)[2], wayOf(other)[2]);
  });

  test("tells of a refusal, a reset, and the loss of its connection", async () => {
    await using server = await http2Server(
      { ca: fixture.network.ca, settings: { enableConnectProtocol: true } },
      (stream, { ":path": path }, session) => {
        if (path === "/refuse") {
          stream.respond({ ":status": 403 });
          stream.end("no");
        } else if (path === "/redirect") {
          stream.respond({ ":status": 307, location: "/" }, { endStream: true });
        } else {
          accept(stream);
          if (path === "/reset")
            setImmediate(() => {
              stream.close(constants.NGHTTP2_CANCEL);
            });
          if (path === "/lose")
            setImmediate(() => {
              session.destroy();
            });
        }
      },
    );
    await using manager = await open();
    const to = (path: string): string => server.origin().replace("https:", "wss:") + path;
    await assert.rejects(manager.webSocket(to("/refuse")).opened, { code: "WEBSOCKET_REFUSED", message: /status 403/ });
    await assert.rejects(manager.webSocket(to("/redirect")).opened, { code: "REDIRECT_UNEXPECTED" });
    for (const path of ["/reset", "/lose"]) {
      const socket = manager.webSocket(to(path));
      await socket.opened;
      const [{ error }] = (await once(socket, "error")) as [{ readonly error: { readonly code: string } }];
      assert.equal(typeof error.code, "string", path);
      assert.deepEqual((await socket.closed).wasClean, false, path);
    }
    const again = manager.webSocket(to("/"));
    await again.opened;
    again.send("still there");
    assert.equal(await next(again), "still there");
    assert.equal(server.sockets.length, 2);
  });

  test("leaves a connection that serves on: sockets that were closed hold nothing of it", async () => {
    await using server = await http2Server(
      { ca: fixture.network.ca, settings: { enableConnectProtocol: true, maxConcurrentStreams: 3 } },
      accept,
    );
    await using manager = await open();
    for (let round = 0; round < 5; round += 1) {
      const sockets = Array.from({ length: 3 }, () => manager.webSocket(server.origin().replace("https:", "wss:")));
      await Promise.all(sockets.map(({ opened }) => opened));
      for (const socket of sockets) socket.close();
      await Promise.all(sockets.map(({ closed }) => closed));
    }
    assert.equal(server.sockets.length, 1);
  });

  test("goes in pieces through a window that is small, and arrives whole", async () => {
    await using server = await http2Server(
      { ca: fixture.network.ca, settings: { enableConnectProtocol: true, initialWindowSize: 1_000 } },
      accept,
    );
    await using manager = await open();
    const socket = manager.webSocket(server.origin().replace("https:", "wss:"));
    await socket.opened;
    const large = Buffer.alloc(MIB, "0123456789");
    socket.send(large);
    socket.send("and a small one");
    assert.ok(large.equals(Buffer.from(await next(socket))));
    assert.equal(await next(socket), "and a small one");
    assert.equal(socket.bufferedAmount, 0);
  });

  test("is not waited for without end where the server says nothing of its settings, and can be given up meanwhile", async () => {
    const { certificate, privateKey } = await mintCertificate({
      issuer: fixture.network.ca,
      names: ["a.fairlead.test"],
    });
    await using stack = new AsyncDisposableStack();
    const server = createServer({ cert: certificate, key: privateKey, ALPNProtocols: ["h2"] }, (socket) => {
      socket.on("error", () => undefined).resume();
    });
    stack.defer(async () => {
      server.close();
      await once(server, "close");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    await using manager = await open();
    const url = `wss://a.fairlead.test:${String((server.address() as AddressInfo).port)}/`;
    await assert.rejects(manager.webSocket(url, { timeouts: { request: 20 } }).opened, {
      name: "TimeoutError",
      phase: "request",
    });
    const controller = new AbortController();
    const socket = manager.webSocket(url, { signal: controller.signal });
    const reason = new Error("no longer wanted");
    setImmediate(() => {
      controller.abort(reason);
    });
    await assert.rejects(socket.opened, reason);
  });

  test("is destroyed with its manager, and its connection with it", async () => {
    const manager = await open();
    const socket = manager.webSocket(at("/websocket/echo"));
    await socket.opened;
    const reason = new Error("the application ends");
    const failed = once(socket, "error");
    await manager.destroy(reason);
    const [{ error }] = (await failed) as [{ readonly error: unknown }];
    assert.equal(error, reason);
  });
});
