import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { unusedPort } from "@fairlead/conformance/peers";
import { startProxy } from "./proxied.ts";
import { startRawServer, type RawServer } from "./raw-peers.ts";

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

async function get(origin: string, init: RequestInit = {}): Promise<number> {
  const response = await fetch(origin, init);
  await response.text();
  return response.status;
}

describe("connections to a server", () => {
  test("serve one request after another", async () => {
    await using upstream = await startRawServer((socket) => socket.write(OK));
    await using front = await startProxy({ target: upstream.origin });
    for (let time = 0; time < 5; time += 1) assert.equal(await get(front.origin), 200);
    assert.equal(upstream.connections, 1);
  });

  test("are as many as the limit says, and other requests wait", async () => {
    const waiting: (() => void)[] = [];
    await using upstream = await startRawServer((socket) => {
      waiting.push(() => socket.write(OK));
      if (waiting.length === 2) for (const answer of waiting) answer();
      if (waiting.length > 2) socket.write(OK);
    });
    await using front = await startProxy({ target: upstream.origin, connections: 2 });
    const statuses = await Promise.all(Array.from({ length: 6 }, () => get(front.origin)));
    assert.deepEqual(statuses, [200, 200, 200, 200, 200, 200]);
    assert.equal(upstream.connections, 2);
  });

  test("that are all taken are a 503 for more requests than may wait", async () => {
    const held = Promise.withResolvers<() => void>();
    await using upstream = await startRawServer((socket) => {
      held.resolve(() => socket.write(OK));
    });
    await using front = await startProxy({ target: upstream.origin, connections: 1, waiting: 0 });
    const first = get(front.origin);
    const answer = await held.promise;
    const refused = await fetch(front.origin);
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get("retry-after"), "1");
    assert.equal(refused.headers.get("proxy-status"), "fairlead; error=connection_limit_reached");
    answer();
    assert.equal(await first, 200);
  });

  test("that their server has closed are found out before they are used", async () => {
    await using upstream = await startRawServer((socket) => socket.write(OK));
    await using front = await startProxy({ target: upstream.origin });
    assert.equal(await get(front.origin), 200);
    const [socket] = upstream.sockets;
    assert.ok(socket);
    const closed = once(socket, "close");
    socket.end();
    await closed;
    assert.equal(await get(front.origin, { method: "POST", body: "x" }), 200);
    assert.equal(upstream.connections, 2);
  });

  test("are kept no longer than their server says", async () => {
    await using upstream = await startRawServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nkeep-alive: timeout=1\r\ncontent-length: 2\r\n\r\nok");
    });
    await using front = await startProxy({ target: upstream.origin });
    await get(front.origin);
    await get(front.origin);
    assert.equal(upstream.connections, 2);
  });

  test("end with the proxy", async () => {
    await using upstream = await startRawServer((socket) => socket.write(OK));
    await using front = await startProxy({ target: upstream.origin });
    await get(front.origin);
    const [socket] = upstream.sockets;
    assert.ok(socket);
    const closed = once(socket, "close");
    await front.proxy.close();
    await closed;
    assert.equal(await get(front.origin), 503);
  });
});

describe("a request whose kept connection is lost before a word of the answer", () => {
  /** Answers the first request of a connection, and cuts it at the second. */
  function startFickle(): Promise<RawServer> {
    return startRawServer((socket, _, incoming) => {
      if (incoming.text.split(" HTTP/1.1\r\n").length > 2) socket.resetAndDestroy();
      else socket.write(OK);
    });
  }

  test("is made again once, when it may be", async () => {
    await using upstream = await startFickle();
    await using front = await startProxy({ target: upstream.origin });
    assert.equal(await get(front.origin), 200);
    assert.equal(await get(front.origin), 200);
    assert.equal(upstream.heads.length, 3);
    assert.deepEqual(front.failures, []);
  });

  test("is a 502 when the server may have acted on it", async () => {
    await using upstream = await startFickle();
    await using front = await startProxy({ target: upstream.origin });
    assert.equal(await get(front.origin), 200);
    assert.equal(await get(front.origin, { method: "POST", body: "x" }), 502);
    assert.equal(upstream.heads.length, 2);
  });
});

describe("several servers", () => {
  test("share the requests", async () => {
    await using one = await startRawServer((socket) => socket.write(OK));
    await using two = await startRawServer((socket) => socket.write(OK));
    await using front = await startProxy({ target: [one.origin, two.origin] });
    for (let time = 0; time < 10; time += 1) await get(front.origin);
    assert.deepEqual([one.heads.length, two.heads.length], [5, 5]);
  });

  test("stand in for one that is not there, for any method, and leave it out after a while", async () => {
    await using upstream = await startRawServer((socket) => socket.write(OK));
    const gone = `http://127.0.0.1:${String(await unusedPort())}`;
    await using front = await startProxy({ target: [gone, upstream.origin], health: { failures: 1 } });
    for (let time = 0; time < 4; time += 1) assert.equal(await get(front.origin, { method: "POST" }), 200);
    assert.equal(upstream.heads.length, 4);
    assert.deepEqual(front.failures, []);
  });

  test("take what one has lost without a word, where it may be made again", async () => {
    await using upstream = await startRawServer((socket) => socket.write(OK));
    await using mute = await startRawServer((socket) => socket.end());
    await using front = await startProxy({ target: [mute.origin, upstream.origin], health: { failures: 1 } });
    assert.equal(await get(front.origin), 200);
    assert.equal(mute.heads.length, 1);
    for (let time = 0; time < 4; time += 1) assert.equal(await get(front.origin), 200);
    assert.equal(mute.heads.length, 1);
  });

  test("are chosen for each request by a function, where there is one", async () => {
    await using one = await startRawServer((socket) => socket.write(OK));
    await using two = await startRawServer((socket) => socket.write(OK));
    const target = ({ url }: Request): string => (url.endsWith("/two") ? two.origin : one.origin);
    await using front = await startProxy({ target });
    await get(`${front.origin}/one`);
    await get(`${front.origin}/two`);
    await get(`${front.origin}/two`);
    assert.deepEqual([one.heads.length, two.heads.length], [1, 2]);
  });
});
