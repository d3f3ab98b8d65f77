import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2, type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import { describe, test } from "node:test";
import { openWebSocket } from "@fairlead/transport/websocket";
import { WebSocket } from "ws";
import { reverseProxy } from "../../src/relay/index.ts";
import { serve } from "../../src/serve.ts";
import { acceptWebSocket, type OnWebSocket } from "../../src/websocket/index.ts";
import { startPlainServer } from "../plain-server.ts";
import { startProxy } from "./proxied.ts";
import { rawClient, startRawServer } from "./raw-peers.ts";

const echo: OnWebSocket = async (socket) => {
  for await (const message of socket) await socket.send(message);
};

const startEcho = () =>
  startPlainServer((request, context) => acceptWebSocket(request, context, echo, { protocols: ["chat"] }));

const HANDSHAKE = [
  "GET /chat HTTP/1.1",
  "host: a.test",
  "connection: upgrade",
  "upgrade: websocket",
  "sec-websocket-version: 13",
  "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==",
  "",
  "",
].join("\r\n");

describe("a WebSocket through the proxy", () => {
  test("is opened, used and closed from end to end", async () => {
    await using upstream = await startEcho();
    await using front = await startProxy({ target: upstream.origin });
    const client = new WebSocket(front.origin, ["chat"], { headers: { origin: front.origin } });
    await once(client, "open");
    assert.equal(client.protocol, "chat");
    for (const text of ["hello", "x".repeat(200_000)]) {
      client.send(text);
      assert.equal(String((await once(client, "message"))[0]), text);
    }
    client.close(3000, "done");
    assert.equal((await once(client, "close"))[0], 3000);
    await Promise.all(upstream.work);
  });

  test("loses nothing that comes with the handshake, on either side", async () => {
    const switched = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\nEARLY";
    await using upstream = await startRawServer(async (socket, _, incoming) => {
      socket.write(switched);
      await incoming.got(/\r\n\r\nBEFORE$/);
      socket.write(" LATE");
    });
    await using front = await startProxy({ target: upstream.origin });
    using client = rawClient(front.port, `${HANDSHAKE}BEFORE`);
    await client.incoming.got(/\r\n\r\nEARLY LATE$/);
    assert.match(client.incoming.text, /^HTTP\/1\.1 101 /);
  });

  test("ends on both sides when one is cut", async () => {
    await using upstream = await startEcho();
    await using front = await startProxy({ target: upstream.origin });
    const client = new WebSocket(front.origin);
    await once(client, "open");
    client.terminate();
    await Promise.all(upstream.work);
    const other = new WebSocket(front.origin);
    other.on("error", () => undefined);
    await once(other, "open");
    for (const socket of upstream.sockets) socket.resetAndDestroy();
    assert.equal((await once(other, "close"))[0], 1006);
  });

  test("that the server refuses is refused", async () => {
    await using upstream = await startEcho();
    await using front = await startProxy({ target: upstream.origin });
    const client = new WebSocket(front.origin, { headers: { origin: "https://evil.example" } });
    client.on("error", () => undefined);
    const [, response] = (await once(client, "unexpected-response")) as [unknown, { statusCode: number }];
    assert.equal(response.statusCode, 403);
    client.terminate();
  });
});

test("no other protocol is asked for: what looks like HTTP to one and not to the other passes nowhere", async () => {
  await using upstream = await startRawServer((socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
  await using front = await startProxy({ target: upstream.origin });
  using client = rawClient(front.port, HANDSHAKE.replace("upgrade: websocket", "upgrade: h2c"));
  await client.incoming.got(/^HTTP\/1\.1 200 OK/);
  assert.doesNotMatch(upstream.heads[0] ?? "", /upgrade|h2c/i);
});

describe("a WebSocket over HTTP/2 through the proxy, RFC 8441", () => {
  async function ask(target: string): Promise<{
    readonly session: ClientHttp2Session;
    readonly stream: ClientHttp2Stream;
    readonly head: Record<string, unknown>;
    [Symbol.asyncDispose](): Promise<void>;
  }> {
    const proxy = reverseProxy({ target });
    const running = await serve({ fetch: proxy });
    const session = connectHttp2(`http://127.0.0.1:${String(running.port)}`);
    await once(session, "remoteSettings");
    const stream = session.request({ ":method": "CONNECT", ":protocol": "websocket", "sec-websocket-version": "13" });
    stream.on("error", () => undefined);
    const [head] = (await once(stream, "response")) as [Record<string, unknown>];
    return {
      session,
      stream,
      head,
      async [Symbol.asyncDispose]() {
        session.destroy();
        await running[Symbol.asyncDispose]();
        await proxy.close();
      },
    };
  }

  test("becomes an upgrade of HTTP/1.1, with a key of the proxy's own", async () => {
    await using upstream = await startEcho();
    await using asked = await ask(upstream.origin);
    assert.equal(asked.head[":status"], 200);
    assert.equal(asked.head["sec-websocket-accept"], undefined);
    const heard = Promise.withResolvers<unknown>();
    const closed = Promise.withResolvers<number>();
    const client = openWebSocket(
      asked.stream,
      { role: "client" },
      {
        onMessage: heard.resolve,
        onClose: ({ code }) => {
          closed.resolve(code);
        },
      },
    );
    client.send("hello");
    assert.equal(await heard.promise, "hello");
    client.close(1000);
    assert.equal(await closed.promise, 1000);
  });

  for (const [what, answer, status] of [
    [
      "a wrong accept",
      "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nsec-websocket-accept: x\r\n\r\n",
      502,
    ],
    ["a success that switches nothing", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", 502],
    ["a refusal", "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n", 403],
  ] as const) {
    test(`that the server answers by ${what} is ${String(status)}`, async () => {
      await using upstream = await startRawServer((socket) => socket.write(answer));
      await using asked = await ask(upstream.origin);
      assert.equal(asked.head[":status"], status);
    });
  }
});
