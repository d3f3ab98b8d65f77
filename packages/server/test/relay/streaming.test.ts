import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "node:test";
import { startProxy } from "./proxied.ts";
import { rawClient, startRawServer } from "./raw-peers.ts";

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const CHUNKED = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
const GET = "GET / HTTP/1.1\r\nhost: a.test\r\nconnection: close\r\n\r\n";
const POST = "POST / HTTP/1.1\r\nhost: a.test\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n";

test("pieces go on as they come, both ways at once", async () => {
  await using upstream = await startRawServer(async (socket, _, incoming) => {
    socket.write(CHUNKED);
    await incoming.got(/one/);
    socket.write("4\r\nONE,\r\n");
    await incoming.got(/two/);
    socket.write("4\r\nTWO,\r\n");
    await incoming.got(/0\r\n\r\n$/);
    socket.write("0\r\n\r\n");
  });
  await using front = await startProxy({ target: upstream.origin });
  using client = rawClient(front.port, POST);
  client.socket.write("3\r\none\r\n");
  await client.incoming.got(/ONE/);
  client.socket.write("3\r\ntwo\r\n");
  await client.incoming.got(/TWO/);
  client.socket.write("0\r\n\r\n");
  assert.match(await client.incoming.ended(), /0\r\n\r\n$/);
});

/** Writes until the other side takes no more for a while, and returns how much went. */
async function fill(socket: Socket, piece: string, limitBytes: number): Promise<number> {
  let written = 0;
  for (;;) {
    while (written < limitBytes && socket.write(piece, "latin1")) written += piece.length;
    if (written >= limitBytes) return written;
    let turns = 0;
    while (socket.writableNeedDrain && turns < 2_000) {
      turns += 1;
      await nextTurn();
    }
    if (socket.writableNeedDrain) return written;
  }
}

const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
const most = 64 * 1_048_576;

test("a client that does not read stops its server", async () => {
  const filled = Promise.withResolvers<number>();
  await using upstream = await startRawServer(async (socket) => {
    socket.write(CHUNKED);
    filled.resolve(await fill(socket, chunk, most));
  });
  await using front = await startProxy({ target: upstream.origin });
  using client = rawClient(front.port, GET);
  client.socket.pause();
  // What the system holds for three sockets, and nothing of that order in the process.
  assert.ok((await filled.promise) < most / 2, `${String(await filled.promise)} went`);
});

test("a server that does not read stops its client", async () => {
  await using upstream = await startRawServer((socket) => socket.pause());
  await using front = await startProxy({ target: upstream.origin });
  using client = rawClient(front.port, POST);
  await once(client.socket, "connect");
  const written = await fill(client.socket, chunk, most);
  assert.ok(written < most / 2, `${String(written)} went`);
});

test("a client that leaves takes its request with it", async () => {
  for (const answer of ["", CHUNKED]) {
    await using upstream = await startRawServer((socket) => socket.write(answer));
    await using front = await startProxy({ target: upstream.origin });
    using client = rawClient(front.port, GET);
    const connected = Promise.withResolvers<Socket>();
    const look = setInterval(() => {
      const [socket] = upstream.sockets;
      if (upstream.heads.length === 1 && socket !== undefined) connected.resolve(socket);
    }, 1);
    const socket = await connected.promise;
    clearInterval(look);
    const closed = once(socket, "close");
    client.socket.destroy();
    await closed;
    assert.deepEqual(front.failures, []);
    assert.deepEqual(front.errors, []);
  }
});

test("content waits for the server's 100, and is not asked for when the answer comes first", async () => {
  const expecting =
    "PUT / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 5\r\nexpect: 100-continue\r\n\r\n";
  await using upstream = await startRawServer(async (socket, head, incoming) => {
    assert.match(head, /\r\nexpect: 100-continue\r\n/);
    if (head.startsWith("PUT /no")) {
      socket.write("HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    socket.write("HTTP/1.1 100 Continue\r\n\r\n");
    await incoming.got(/hello$/);
    socket.write(OK);
  });
  await using front = await startProxy({ target: upstream.origin, timeouts: { continueMilliseconds: 60_000 } });
  using client = rawClient(front.port, expecting);
  await client.incoming.got(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
  client.socket.write("hello");
  assert.match(await client.incoming.ended(), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
  using refused = rawClient(front.port, expecting.replace("/", "/no"));
  assert.match(await refused.incoming.ended(), /^HTTP\/1\.1 413 /);
});

test("a server that never says 100 gets the content after a while", async () => {
  await using upstream = await startRawServer(async (socket, _, incoming) => {
    await incoming.got(/hello$/);
    socket.write(OK);
  });
  await using front = await startProxy({ target: upstream.origin, timeouts: { continueMilliseconds: 5 } });
  const lines = ["PUT / HTTP/1.1", "host: a", "connection: close", "content-length: 5", "expect: 100-continue"];
  using client = rawClient(front.port, `${lines.join("\r\n")}\r\n\r\n`);
  await client.incoming.got(/ 100 /);
  client.socket.write("hello");
  assert.match(await client.incoming.ended(), / 200 OK/);
});

test("an answer that comes before the content has ended is passed on, and the connection is used no more", async () => {
  await using upstream = await startRawServer((socket) => socket.write(OK));
  await using front = await startProxy({ target: upstream.origin });
  using client = rawClient(front.port, `${POST}3\r\none\r\n`);
  await client.incoming.got(/\r\n\r\nok$/);
  await (await fetch(front.origin)).text();
  assert.equal(upstream.connections, 2);
});
