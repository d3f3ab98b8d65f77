import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { serve } from "@fairlead/server";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";

test("serves this machine alone when nothing else is said, by either of its addresses", async () => {
  await using running = await serve({ fetch: (request) => new Response(`you asked for ${request.url}`) });
  assert.match(running.url ?? "", /^http:\/\/localhost:\d+$/);
  for (const host of ["127.0.0.1", "[::1]"]) {
    const response = await fetch(`http://${host}:${String(running.port)}/a?b`);
    assert.equal(await response.text(), `you asked for http://${host}:${String(running.port)}/a?b`);
  }
});

test("tells what a handler throws, and its client nothing of it", async () => {
  const told: unknown[] = [];
  const boom = new Error("the password is 1234");
  const failing = (): Response => {
    throw boom;
  };
  await using running = await serve({ fetch: failing, onError: (error, request) => told.push(error, request?.url) });
  const response = await fetch(`${running.url ?? ""}/x`);
  assert.deepEqual([response.status, await response.text()], [500, "Internal Server Error"]);
  assert.deepEqual(told, [boom, `${running.url ?? ""}/x`]);
});

test("answers what is under way when it closes, and lets go of its port", async () => {
  const { promise: asked, resolve: onAsked } = Promise.withResolvers<undefined>();
  const { promise: goOn, resolve: answer } = Promise.withResolvers<Response>();
  const running = await serve({
    fetch: () => {
      onAsked(undefined);
      return goOn;
    },
  });
  const response = fetch(running.url ?? "");
  await asked;
  const closed = running.close();
  answer(new Response("late"));
  assert.equal(await (await response).text(), "late");
  await closed;
  const [error] = (await once(connect(running.port ?? 0, "127.0.0.1"), "error")) as [NodeJS.ErrnoException];
  assert.equal(error.code, "ECONNREFUSED");
});

test("has another handler answer from when it is replaced", async () => {
  await using running = await serve({ fetch: () => new Response("one") });
  assert.equal(await (await fetch(running.url ?? "")).text(), "one");
  running.server.replace(() => new Response("two"));
  assert.equal(await (await fetch(running.url ?? "")).text(), "two");
});

test("takes a client that leaves in the middle of its content for no failure of the handler", async () => {
  const told: unknown[] = [];
  const failed = Promise.withResolvers<undefined>();
  const fetch = async (request: Request): Promise<Response> => {
    try {
      return new Response(await request.bytes());
    } finally {
      failed.resolve(undefined);
    }
  };
  await using running = await serve({ fetch, onError: (error) => told.push(error) });
  for (const leave of ["end", "destroy", "resetAndDestroy"] as const) {
    const socket = connect(running.port ?? 0, "127.0.0.1");
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nten octets", () => socket[leave]());
    await once(socket, "close");
  }
  await failed.promise;
  await running.close();
  assert.deepEqual(told, []);
});

test("can be reached from this machine alone without TLS, unless a host is named", async () => {
  // An address of loopback that only those answer who listen on all addresses.
  const another = "127.0.0.2";
  await using local = await serve({ fetch: () => new Response("hello") });
  await assert.rejects(once(connect(local.port ?? 0, another), "connect"), { code: "ECONNREFUSED" });
  await using open = await serve({ fetch: () => new Response("hello"), host: "0.0.0.0" });
  assert.equal(await (await fetch(`http://${another}:${String(open.port)}/`)).text(), "hello");
});

test("has a line of the log for a handler that throws, where nobody hears of it: with its path, and no query", async () => {
  const warned = once(process, "warning") as Promise<[Error]>;
  await using running = await serve({
    fetch: () => {
      throw new Error("for a test");
    },
  });
  assert.equal((await fetch(`${running.url ?? ""}/path?token=1234`)).status, 500);
  const [warning] = await warned;
  assert.equal(warning.name, "FairleadServerWarning");
  assert.equal(warning.message, "a handler failed: for a test (GET /path)");
});

test("an app in the place of its handler is refused at once, not by every answer", async () => {
  const app = { fetch: () => new Response("hello") };
  await assert.rejects(serve({ fetch: app as unknown as typeof app.fetch }), { code: "OPTION_INVALID" });
  await using running = await serve({ fetch: app.fetch });
  assert.throws(() => running.server.replace(app as unknown as typeof app.fetch), { code: "OPTION_INVALID" });
});

test("hears what an observer fails with that waits", async () => {
  const { promise: told, resolve } = Promise.withResolvers<unknown>();
  // The type forbids it, which JavaScript does not read.
  const observer: object = { onExchange: () => Promise.reject(new Error("later")) };
  await using running = await serve({
    fetch: () => new Response("hello"),
    observers: [observer],
    onError: resolve,
  });
  assert.equal(await (await fetch(running.url ?? "")).text(), "hello");
  assert.equal(String(await told), "Error: later");
});

test("refuses at once a certificate that is none, and a key that is another's", async () => {
  const authority = await mintAuthority();
  const [one, other] = await Promise.all(
    ["a.example", "b.example"].map((name) => mintCertificate({ issuer: authority, names: [name] })),
  );
  assert.ok(one !== undefined && other !== undefined);
  for (const [certificate, privateKey] of [
    ["x", one.privateKey],
    [one.certificate, "x"],
    [one.certificate, other.privateKey],
  ] as const) {
    const tls = { identity: { certificate, privateKey } };
    await assert.rejects(serve({ fetch: () => new Response("hello"), tls }), { code: "OPTION_INVALID" });
  }
});
