import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, test } from "node:test";
import { isCodedError } from "@fairlead/core";
import { openWebSocket } from "@fairlead/transport/websocket";
import { WebSocket, type ClientOptions } from "ws";
import { serve } from "../../src/serve.ts";
import { acceptWebSocket, type AcceptWebSocketOptions, type OnWebSocket } from "../../src/websocket/index.ts";
import { type PlainServer, startPlainServer } from "../plain-server.ts";
import { rawClient } from "../relay/raw-peers.ts";

function startSockets(onWebSocket: OnWebSocket, options?: AcceptWebSocketOptions): Promise<PlainServer> {
  return startPlainServer((request, context) => acceptWebSocket(request, context, onWebSocket, options));
}

const echo: OnWebSocket = async (socket) => {
  for await (const message of socket) await socket.send(message);
};

async function open(server: PlainServer, protocols: string[] = [], options: ClientOptions = {}): Promise<WebSocket> {
  const client = new WebSocket(server.origin, protocols, options);
  await once(client, "open");
  return client;
}

async function closeOf(client: WebSocket): Promise<number> {
  const [code] = (await once(client, "close")) as [number];
  return code;
}

/** The status that a client's handshake is refused with. */
async function refusalOf(server: PlainServer, options: ClientOptions): Promise<number | undefined> {
  const client = new WebSocket(server.origin, options);
  client.on("error", () => undefined);
  const [, response] = (await once(client, "unexpected-response")) as [unknown, { statusCode?: number }];
  client.terminate();
  return response.statusCode;
}

describe("a WebSocket of the server", () => {
  test("is refused with 400 to a client whose request has content", async () => {
    await using server = await startSockets(echo);
    const head = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    const text = `GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n${head}Content-Length: 3\r\n\r\nabc`;
    using client = rawClient(server.port, text);
    const [answer] = (await once(client.socket, "data")) as [Buffer];
    assert.match(String(answer), /^HTTP\/1\.1 400 /);
    assert.deepEqual(server.errors, []);
  });

  test("is read by for await, and answers", async () => {
    await using server = await startSockets(echo);
    const client = await open(server);
    client.send("hello");
    assert.equal(String((await once(client, "message"))[0]), "hello");
    client.send(Buffer.from([1, 2, 3]));
    assert.deepEqual((await once(client, "message"))[0], Buffer.from([1, 2, 3]));
    client.close(1000, "done");
    assert.equal(await closeOf(client), 1000);
    await Promise.all(server.work);
    assert.deepEqual(server.errors, []);
  });

  test("is heard by listeners, and lives on when its function has returned", async () => {
    await using server = await startSockets((socket) => {
      socket.on("message", (message) => void socket.send(`heard ${String(message)}`));
    });
    const client = await open(server);
    client.send("a");
    client.send("b");
    assert.equal(String((await once(client, "message"))[0]), "heard a");
    assert.equal(String((await once(client, "message"))[0]), "heard b");
    client.close();
    await Promise.all(server.work);
  });

  test("keeps messages for a listener that comes late", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    await using server = await startSockets((socket) => {
      setImmediate(() => socket.on("message", (message) => resolve(String(message))));
    });
    const client = await open(server);
    client.send("early");
    assert.equal(await promise, "early");
    client.terminate();
  });

  test("is closed when its promise resolves", async () => {
    await using server = await startSockets(async (socket) => {
      await socket.send("bye");
    });
    const client = new WebSocket(server.origin);
    assert.equal(String((await once(client, "message"))[0]), "bye");
    assert.equal(await closeOf(client), 1000);
  });

  test("agrees on a subprotocol and on compression", async () => {
    await using server = await startSockets(
      async (socket) => {
        await socket.send(`${socket.protocol} ${"x".repeat(2_000)}`);
        await socket.closed;
      },
      { protocols: ["chat", "echo"] },
    );
    const client = new WebSocket(server.origin, ["none", "echo", "chat"]);
    const [message] = (await once(client, "message")) as [Buffer];
    assert.equal(client.protocol, "echo");
    assert.match(client.extensions, /permessage-deflate/);
    assert.equal(String(message), `echo ${"x".repeat(2_000)}`);
    client.terminate();
  });

  test("is without compression where that is not wanted", async () => {
    await using server = await startSockets(echo, { deflate: false });
    const client = await open(server);
    assert.equal(client.extensions, "");
    client.terminate();
  });

  test("is read by the WebSocket of the platform", async () => {
    await using server = await startSockets(echo);
    const client = new globalThis.WebSocket(server.origin.replace("http", "ws"));
    await new Promise((resolve) => {
      client.addEventListener("open", resolve);
    });
    client.send("hello");
    const message = await new Promise<MessageEvent>((resolve) => {
      client.addEventListener("message", resolve);
    });
    assert.equal(message.data, "hello");
    client.close();
    await Promise.all(server.work);
  });
});

describe("a request for a WebSocket", () => {
  const page = (origin: string): ClientOptions => ({ headers: { origin } });

  test("of a page of another origin is refused, RFC 6455 section 10.2", async () => {
    await using server = await startSockets(echo);
    for (const origin of ["https://evil.example", "null", `${server.origin}.evil.example`, "http://127.0.0.1"]) {
      assert.equal(await refusalOf(server, page(origin)), 403, origin);
    }
    (await open(server, [], page(server.origin))).terminate();
  });

  test("is let in by the origins that are named", async () => {
    await using server = await startSockets(echo, { origins: ["https://a.example"] });
    (await open(server, [], page("https://a.example"))).terminate();
    assert.equal(await refusalOf(server, page(server.origin)), 403);
    await using all = await startSockets(echo, { origins: "any" });
    (await open(all, [], page("https://evil.example"))).terminate();
  });

  for (const [what, lines, status] of [
    ["that is none", [], 400],
    ["of another version", ["sec-websocket-version: 8"], 426],
    ["with a bad key", ["sec-websocket-key: short"], 400],
  ] as const) {
    test(`${what} is answered by ${String(status)}`, async () => {
      await using server = await startSockets(echo);
      const upgrade = "upgrade: websocket\r\nconnection: upgrade, close\r\n";
      const fields = ["sec-websocket-version: 13", "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA=="].filter(
        (field) => !lines.some((line) => line.split(":")[0] === field.split(":")[0]),
      );
      const all = [...fields, ...lines].map((line) => `${line}\r\n`).join("");
      const head = lines.length === 0 ? "connection: close\r\n" : upgrade + all;
      using client = rawClient(server.port, `GET / HTTP/1.1\r\nhost: a\r\n${head}\r\n`);
      assert.match(await client.incoming.ended(), new RegExp(`^HTTP/1.1 ${String(status)} `));
    });
  }

  test("that somebody else made is a mistake of the caller", () => {
    assert.throws(() => acceptWebSocket(new Request("http://a/"), {} as never, echo), { code: "OPTION_INVALID" });
  });

  test("with options that cannot be never opens one", async () => {
    await using server = await startSockets(echo, { limits: { messageBytes: -1 } });
    assert.equal(await refusalOf(server, {}), 500);
    assert.equal(server.errors.length, 1);
  });
});

describe("a WebSocket whose application fails", () => {
  const rejecting: () => unknown = () => Promise.reject(new Error("application"));
  const failing: readonly [what: string, onWebSocket: OnWebSocket][] = [
    ["at once", () => assert.fail("application")],
    ["later", () => Promise.reject(new Error("application"))],
    ["in a listener", (socket) => void socket.on("message", () => assert.fail("application"))],
    ["in an asynchronous listener", (socket) => void socket.on("message", rejecting)],
  ];
  for (const [what, onWebSocket] of failing) {
    test(`${what} is closed with 1011, and the server is told`, async () => {
      await using server = await startSockets(onWebSocket);
      const client = await open(server);
      client.send("x");
      assert.equal(await closeOf(client), 1011);
      await Promise.allSettled(server.work);
      assert.equal(server.errors.length, 1);
      assert.match(String(server.errors[0]), /application/);
    });
  }

  test("in a listener of its end, tells the server and nobody else", async () => {
    await using server = await startSockets((socket) => void socket.on("close", () => assert.fail("application")));
    const client = await open(server);
    client.close(1000);
    await closeOf(client);
    await Promise.allSettled(server.work);
    assert.match(String(server.errors[0]), /application/);
  });
});

describe("limits hold", () => {
  test("a message that is too large is 1009", async () => {
    await using server = await startSockets(echo, { limits: { messageBytes: 10 } });
    const client = await open(server);
    client.send("x".repeat(11));
    assert.equal(await closeOf(client), 1009);
    await Promise.all(server.work);
    assert.deepEqual(server.errors, []);
  });

  test("a handler that does not read stops its client", async () => {
    await using server = await startSockets(
      async (socket) => {
        await socket.closed;
      },
      { limits: { messageBytes: 1_048_576 } },
    );
    const client = await open(server, [], { perMessageDeflate: false });
    const limit = 64 * 1_048_576;
    let sent = 0;
    for (let turns = 0; turns < 2_000 && sent < limit; turns = client.bufferedAmount > 0 ? turns + 1 : 0) {
      if (client.bufferedAmount === 0) {
        client.send(Buffer.alloc(65_536));
        sent += 65_536;
      }
      await nextTurn();
    }
    assert.ok(sent < limit / 2, `${String(sent)} octets went`);
    client.terminate();
  });

  test("messages of nothing are not for nothing: they stop their client, too", async () => {
    await using server = await startSockets(async (socket) => {
      await socket.closed;
    });
    const client = await open(server, [], { perMessageDeflate: false });
    // Frames of six octets each, masked by zeros.
    const frames = Buffer.alloc(6 * 100_000, Buffer.from([0x82, 0x80, 0, 0, 0, 0]));
    const [socket] = server.sockets;
    let sent = 0;
    for (let turns = 0; turns < 2_000 && sent < 100; turns = client.bufferedAmount > 0 ? turns + 1 : 0) {
      if (client.bufferedAmount === 0) {
        (client as unknown as { _socket: { write(bytes: Uint8Array): boolean } })._socket.write(frames);
        sent += 1;
      }
      await nextTurn();
    }
    assert.ok(
      sent < 100 && socket !== undefined && socket.bytesRead < 30_000_000,
      `${String(sent)} times 100,000 went`,
    );
    client.terminate();
  });

  test("send waits for a client that does not read", async () => {
    let sent = 0;
    await using server = await startSockets(async (socket) => {
      while (socket.state === "open" && sent < 64 * 1_048_576) {
        await socket.send(Buffer.alloc(65_536));
        sent += 65_536;
      }
    });
    const client = await open(server, [], { perMessageDeflate: false });
    client.pause();
    for (let last = -1, turns = 0; turns < 2_000; turns = last === sent ? turns + 1 : 0) {
      last = sent;
      await nextTurn();
    }
    assert.ok(sent < 32 * 1_048_576, `${String(sent)} octets went`);
    client.terminate();
    await Promise.all(server.work);
  });

  test("who sends without waiting to a client that does not read is cut off", async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    await using server = await startSockets(
      (socket) => {
        const timer = setInterval(() => void socket.send(Buffer.alloc(1_048_576)), 1);
        void socket.closed.then(({ error }) => {
          clearInterval(timer);
          resolve(error);
        });
      },
      { sendLimitBytes: 2 * 1_048_576, deflate: false },
    );
    const client = await open(server);
    client.pause();
    const error = await promise;
    assert.ok(isCodedError(error) && error.code === "READER_TOO_SLOW");
    assert.deepEqual(server.errors, []);
    client.terminate();
  });

  test("a client that is silent is asked, and given up when it does not answer", async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const keepAlive = { intervalMilliseconds: 5, timeoutMilliseconds: 5 };
    await using server = await startSockets(
      (socket) => void socket.on("message", () => undefined).closed.then(({ error }) => resolve(error)),
      { keepAlive },
    );
    const client = await open(server, [], { autoPong: false });
    const pinged = once(client, "ping");
    await pinged;
    const error = await promise;
    assert.ok(isCodedError(error) && error.code === "CONNECTION_TIMED_OUT");
    client.terminate();
  });
});

describe("a server that closes", () => {
  test("says goodbye with 1001, and waits for the answer", async () => {
    const running = await serve({ fetch: (request, context) => acceptWebSocket(request, context, echo) });
    const client = new WebSocket(`ws://127.0.0.1:${String(running.port)}`);
    await once(client, "open");
    const closed = closeOf(client);
    await running.close();
    assert.equal(await closed, 1001);
  });
});

describe("over HTTP/2", () => {
  test("a WebSocket is asked for by extended CONNECT, RFC 8441", async () => {
    await using running = await serve({ fetch: (request, context) => acceptWebSocket(request, context, echo) });
    const session = connectHttp2(`http://127.0.0.1:${String(running.port)}`);
    await once(session, "remoteSettings");
    assert.equal(session.remoteSettings.enableConnectProtocol, true);
    const stream = session.request({
      ":method": "CONNECT",
      ":protocol": "websocket",
      ":path": "/",
      ":scheme": "http",
      ":authority": `127.0.0.1:${String(running.port)}`,
      "sec-websocket-version": "13",
    });
    const [head] = (await once(stream, "response")) as [Record<string, unknown>];
    assert.equal(head[":status"], 200);
    assert.equal(head["sec-websocket-accept"], undefined);
    const messages: unknown[] = [];
    const heard = Promise.withResolvers<undefined>();
    const closed = Promise.withResolvers<number>();
    const client = openWebSocket(
      stream,
      { role: "client" },
      {
        onMessage: (message) => {
          messages.push(message);
          heard.resolve(undefined);
        },
        onClose: ({ code }) => {
          closed.resolve(code);
        },
      },
    );
    client.send("hello");
    await heard.promise;
    assert.deepEqual(messages, ["hello"]);
    client.close(1000);
    assert.equal(await closed.promise, 1000);
    session.destroy();
  });
});
