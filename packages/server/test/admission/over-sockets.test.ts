import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { Hono } from "hono";
import { mount } from "hono/mount";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import {
  rateLimit,
  serve,
  staticFiles,
  type AdmissionOptions,
  type RequestContext,
  type RunningServer,
  type ServeOptions,
} from "@fairlead/server";

/** A server, and the codes of those whom it turned away. */
async function served(
  admission: AdmissionOptions,
  options: Partial<ServeOptions> = {},
): Promise<{ running: RunningServer; refused: string[] }> {
  const refused: string[] = [];
  const running = await serve({
    fetch: () => new Response("hello"),
    admission,
    host: "127.0.0.1",
    observers: [{ onConnectionFailure: (error) => refused.push("code" in error ? String(error.code) : error.message) }],
    ...options,
  });
  return { running, refused };
}

async function connected(running: RunningServer): Promise<Socket> {
  const socket = connect(running.port ?? 0, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** A connection that has been served, and stays. */
async function staying(running: RunningServer): Promise<Socket> {
  const socket = await connected(running);
  socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await once(socket, "data");
  return socket;
}

describe("admission over sockets", { timeout: 60_000 }, () => {
  for (const [what, admission, code] of [
    ["in all", { connections: 2, retryAfterSeconds: 3 }, "CONNECTION_LIMIT"],
    ["of one host", { connectionsPerHost: 2, retryAfterSeconds: 3 }, "HOST_CONNECTION_LIMIT"],
  ] as const) {
    test(`one connection more than the limit ${what} is told 503, and when to come back`, async () => {
      const { running, refused } = await served(admission);
      await using server = running;
      const [first] = [await staying(server), await staying(server)];
      const third = await connected(server);
      third.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      const answer = await text(third);
      assert.match(answer, /^HTTP\/1\.1 503 Service Unavailable\r\n/);
      assert.match(answer, /\r\nRetry-After: 3\r\n/);
      assert.deepEqual(refused, [code]);
      // When one has gone there is room again, as soon as the server has seen it go.
      const gone = once(first, "close");
      first.destroy();
      await gone;
      while (server.server.load.connections > 1) await new Promise(setImmediate);
      await staying(server);
    });
  }

  test("over TLS, one more than the limit is cut off before anything is said", async () => {
    const identity = await mintCertificate({ issuer: await mintAuthority(), names: ["localhost"] });
    const { running, refused } = await served({ connections: 0 }, { tls: { identity } });
    await using server = running;
    const socket = connect(server.port ?? 0, "127.0.0.1");
    socket.on("error", () => undefined);
    let bytes = 0;
    socket.on("data", (chunk) => (bytes += chunk.length));
    await once(socket, "close");
    assert.deepEqual([bytes, refused], [0, ["CONNECTION_LIMIT"]]);
  });

  test("who may not connect is cut off without a word", async () => {
    for (const admission of [{ deny: ["127.0.0.0/8"] }, { allow: ["10.0.0.0/8"] }]) {
      const { running, refused } = await served(admission);
      await using server = running;
      const socket = connect(server.port ?? 0, "127.0.0.1");
      socket.on("error", () => undefined);
      assert.equal(await text(socket).catch(() => ""), "");
      assert.deepEqual(refused, ["ADDRESS_REFUSED"]);
    }
  });
});

test("a rate limit answers 429 over a socket, before the handler is asked, and says so in its fields", async () => {
  let handled = 0;
  const fetchHandler = (): Response => {
    handled += 1;
    return new Response("hello");
  };
  await using running = await serve({
    fetch: fetchHandler,
    plugins: [rateLimit({ requests: 2, seconds: 1_000 })],
  });
  const ask = (): Promise<Response> => fetch(`http://127.0.0.1:${running.port ?? 0}/`);
  const [first, second, third] = [await ask(), await ask(), await ask()];
  assert.deepEqual([first.status, second.status, third.status, handled], [200, 200, 429, 2]);
  assert.match(first.headers.get("ratelimit") ?? "", /^"default";r=1;t=500$/);
  assert.equal(third.headers.get("retry-after"), "500");
});

test("files come over a socket with ranges, and a path is what the client has written", async () => {
  await using running = await serve({ fetch: staticFiles({ root: import.meta.dirname }) });
  const raw = async (path: string, fields = ""): Promise<string> => {
    const socket = await connected(running);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields}\r\n`);
    return text(socket);
  };
  const part = await raw("/over-sockets.test.ts", "Range: bytes=0-5\r\n");
  assert.match(part, /^HTTP\/1\.1 206 /);
  assert.match(part, /\r\ncontent-length: 6\r\n/i);
  assert.match(part, /\r\n\r\nimport$/);
  assert.match(await raw("/protocol/../over-sockets.test.ts"), /^HTTP\/1\.1 404 /);
  assert.match(await raw("/../../../../../../../../etc/passwd"), /^HTTP\/1\.1 404 /);
});

test("files are served where Hono has mounted them, and by a route of Hono", async () => {
  const root = import.meta.dirname;
  const routed = staticFiles({ root, prefix: "/routed" });
  const app = new Hono<{ Bindings: RequestContext }>()
    .all("/mounted/*", mount(staticFiles({ root })))
    .all("/routed/*", (c) => routed(c.req.raw, c.env));
  await using running = await serve({ fetch: app.fetch });
  for (const place of ["mounted", "routed"]) {
    const url = `${running.url ?? ""}/${place}/over-sockets.test.ts`;
    const response = await fetch(url, { headers: { range: "bytes=0-5" } });
    assert.deepEqual([response.status, await response.text()], [206, "import"], place);
    assert.equal((await fetch(`${url}.not`)).status, 404);
  }
});
