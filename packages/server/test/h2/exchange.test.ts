import { clientFrames, readStatus } from "@fairlead/conformance/http2";
import type { BodySink, Exchange } from "@fairlead/server";
import assert from "node:assert/strict";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { describe, test } from "node:test";
import { is, rawClient } from "./raw-client.ts";
import { startServer } from "./server-fixture.ts";

const { data, Flag, frame, get, headers, numbers, post, request, Type } = clientFrames;
const SIGNAL = { timeout: 60_000 };

/** A handler that hands each exchange to the test. */
function collector(): { readonly handler: (exchange: Exchange) => void; readonly next: () => Promise<Exchange> } {
  const arrived: Exchange[] = [];
  let waiting: ((exchange: Exchange) => void) | undefined;
  return {
    handler: (exchange) => {
      if (waiting === undefined) arrived.push(exchange);
      else waiting(exchange);
      waiting = undefined;
    },
    next: async () =>
      arrived.shift() ??
      (await new Promise<Exchange>((resolve) => {
        waiting = resolve;
      })),
  };
}

async function readAll(exchange: Exchange): Promise<string> {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const piece = await exchange.body?.read();
    if (piece === undefined) return Buffer.concat(pieces).toString("latin1");
    pieces.push(piece);
  }
}

describe("an exchange", SIGNAL, () => {
  test("has a head as every version says it", async (context) => {
    const { handler, next } = collector();
    const { port } = await startServer(context, handler);
    (await rawClient(context, port)).send(get(1, "accept", "*/*"));
    const { head, body, connection } = await next();
    assert.deepEqual(head, {
      version: "2",
      method: "GET",
      scheme: "http",
      authority: "a.test",
      path: "/",
      fields: ["host", "a.test", "accept", "*/*"],
      upgrade: undefined,
    });
    assert.equal(body, undefined);
    assert.equal(connection.id, 1);
  });

  test("sends interim answers before the answer (RFC 9110 section 15.2)", async (context) => {
    const { handler, next } = collector();
    const { port } = await startServer(context, handler);
    const client = await rawClient(context, port, [[1, 0]]);
    client.send(get(1));
    const exchange = await next();
    exchange.inform(103, ["link", "</a.css>; rel=preload"]);
    exchange.respond({ status: 200, fields: [] }, "ok");
    exchange.inform(103, []);
    await client.until((seen) => is(Type.data, 1)(seen));
    const heads = client.frames.filter(is(Type.headers, 1)).map(({ payload }) => readStatus(payload));
    assert.deepEqual(heads, [103, 200]);
    assert.throws(() => {
      exchange.inform(101, []);
    }, /status/);
  });

  test("asks for content that waits only when somebody reads (RFC 9110 section 10.1.1)", async (context) => {
    const { handler, next } = collector();
    const { port } = await startServer(context, handler);
    const client = await rawClient(context, port, [[1, 0]]);
    client.send(post(1, "expect", "100-continue"), post(3, "expect", "100-continue"));
    (await next()).respond({ status: 403, fields: [] }, undefined);
    const reading = readAll(await next());
    assert.equal(readStatus((await client.until(is(Type.headers, 3))).payload), 100);
    assert.equal(readStatus((await client.until(is(Type.headers, 1))).payload), 403);
    client.send(data(3, Flag.endStream, "abc"));
    assert.equal(await reading, "abc");
  });

  test("reads content and what comes behind it", async (context) => {
    const { handler, next } = collector();
    const { port } = await startServer(context, handler);
    const client = await rawClient(context, port);
    client.send(post(1, "content-length", "6"), data(1, 0, "abc"), data(1, 0, "def"), headers(1, 1, "x-sum", "6"));
    const exchange = await next();
    assert.equal(exchange.body?.length, 6);
    assert.equal(await readAll(exchange), "abcdef");
    assert.deepEqual(exchange.body.trailers, ["x-sum", "6"]);
  });

  test("gives a client no room for content that nobody reads", async (context) => {
    const { handler, next } = collector();
    const { port } = await startServer(context, handler);
    const client = await rawClient(context, port);
    client.send(post(1), ...Array.from({ length: 4 }, () => data(1, 0, new Uint8Array(16_000))), get(3));
    const first = await next();
    (await next()).respond({ status: 200, fields: [] }, "ok");
    await client.until(is(Type.data, 3));
    assert.equal(client.frames.some(is(Type.windowUpdate, 1)), false);
    for (let count = 0; count < 64_000; count += (await first.body?.read())?.length ?? 0);
    await client.until(is(Type.windowUpdate, 1));
  });

  test("tells by its signal, and to who reads and writes, that the client has left", async (context) => {
    const { handler, next } = collector();
    const { port, ends } = await startServer(context, handler);
    const client = await rawClient(context, port, [[4, 0]]);
    client.send(post(1));
    const exchange = await next();
    const sink = exchange.begin({ status: 200, fields: [] });
    while (sink.write(new Uint8Array(16_384)));
    const writing = sink.drained();
    const reading = readAll(exchange);
    const left = once(exchange.signal, "abort");
    client.send(frame(Type.rstStream, 0, 1, numbers(8)));
    await left;
    assert.equal((exchange.signal.reason as { code: string }).code, "CLIENT_GONE");
    await assert.rejects(writing, { code: "CLIENT_GONE" });
    await assert.rejects(reading, { code: "CLIENT_GONE" });
    assert.equal(sink.write(Uint8Array.of(1)), false);
    await assert.rejects(sink.drained(), { code: "CLIENT_GONE" });
    sink.end();
    client.send(get(3));
    (await next()).respond({ status: 200, fields: [] }, undefined);
    await client.until(is(Type.headers, 3));
    assert.equal((ends[0]?.error as { code: string }).code, "CLIENT_GONE");
  });

  test("that its client leaves before it is looked at has a signal that has fired", async (context) => {
    const { handler, next } = collector();
    const { port } = await startServer(context, handler);
    const client = await rawClient(context, port);
    client.send(get(1), frame(Type.rstStream, 0, 1, numbers(8)), get(3));
    const exchange = await next();
    await next();
    assert.equal(exchange.signal.aborted, true);
    exchange.respond({ status: 200, fields: [] }, "to nobody");
    exchange.inform(103, []);
    exchange.abort(new Error("again"));
  });

  test("that is aborted ends its stream alone", async (context) => {
    const { handler, next } = collector();
    const { port, ends } = await startServer(context, handler);
    const client = await rawClient(context, port);
    client.send(get(1), get(3));
    const reason = new Error("of the handler");
    (await next()).abort(reason);
    (await next()).respond({ status: 200, fields: [] }, "ok");
    assert.equal((await client.until(is(Type.rstStream, 1))).payload.readUInt32BE(0), 2);
    await client.until(is(Type.data, 3));
    assert.equal(ends[0]?.error, reason);
  });

  test("is answered once", async (context) => {
    const { handler, next } = collector();
    const { port } = await startServer(context, handler);
    (await rawClient(context, port)).send(get(1));
    const exchange = await next();
    assert.equal(exchange.isAnswered, false);
    exchange.respond({ status: 200, fields: [] }, "ok");
    assert.equal(exchange.isAnswered, true);
    assert.throws(() => {
      exchange.respond({ status: 200, fields: [] }, "again");
    }, /answered already/);
  });

  for (const [what, fields, code] of [
    ["a name in upper case", ["X-Name", "a"], "HEADER_INVALID"],
    ["a line end in a value", ["x-name", "a\r\nb: c"], "HEADER_INVALID"],
    ["a field of the connection", ["connection", "close"], "HEADER_INVALID"],
    ["a pseudo-field", [":path", "/"], "HEADER_INVALID"],
    ["a length that is not the content's", ["content-length", "3"], "OPTION_INVALID"],
  ] as const) {
    test(`refuses to answer with ${what}, and can be answered still`, async (context) => {
      const { handler, next } = collector();
      const { port } = await startServer(context, handler);
      const client = await rawClient(context, port);
      client.send(get(1));
      const exchange = await next();
      assert.throws(
        () => {
          exchange.respond({ status: 200, fields }, "ok");
        },
        { code },
      );
      exchange.respond({ status: 500, fields: [] }, undefined);
      assert.equal(readStatus((await client.until(is(Type.headers, 1))).payload), 500);
    });
  }

  test("whose content is not as long as it said is cut, so that its client sees it", async (context) => {
    const { handler, next } = collector();
    const { port } = await startServer(context, handler);
    const client = await rawClient(context, port);
    client.send(get(1), get(3));
    const short = (await next()).begin({ status: 200, fields: ["content-length", "5"] });
    short.write(Buffer.from("abc"));
    short.end();
    const long = (await next()).begin({ status: 200, fields: ["content-length", "2"] });
    long.write(Buffer.from("abc"));
    await client.until(is(Type.rstStream, 1));
    await client.until(is(Type.rstStream, 3));
  });

  test("to HEAD, and with 204 or 304, has no content (RFC 9110 section 6.4.1)", async (context) => {
    const { handler, next } = collector();
    const { port } = await startServer(context, handler);
    const client = await rawClient(context, port);
    client.send(request(1, "HEAD", 1), get(3), get(5));
    (await next()).respond({ status: 200, fields: [] }, "content");
    for (const status of [204, 304]) {
      const sink = (await next()).begin({ status, fields: [] });
      sink.write(Buffer.from("content"));
      sink.end();
    }
    for (const stream of [1, 3, 5]) assert.equal((await client.until(is(Type.headers, stream))).flags & 1, 1);
    assert.equal(
      client.frames.some(({ type }) => type === Type.data),
      false,
    );
  });

  test("takes turns with others: a large answer holds no small one back", async (context) => {
    const { handler, next } = collector();
    const { port } = await startServer(context, handler);
    const client = await rawClient(context, port, [[4, 2 ** 31 - 1]]);
    client.send(frame(Type.windowUpdate, 0, 0, numbers(2 ** 30)), get(1), get(3));
    const [large, small] = [await next(), await next()];
    large.respond({ status: 200, fields: [] }, new Uint8Array(4 * 1024 * 1024));
    small.respond({ status: 200, fields: [] }, "small");
    await client.until((seen) => is(Type.data, 1)(seen) && (seen.flags & 1) === 1);
    const turn = client.frames.findIndex(is(Type.data, 3));
    const before = client.frames.slice(0, turn).filter(is(Type.data, 1));
    assert.ok(turn > 0 && before.length <= 1, String(before.length));
  });

  test("tells a writer to wait while its client takes nothing, and to go on when it does", async (context) => {
    const { handler, next } = collector();
    const { port } = await startServer(context, handler);
    const client = await rawClient(context, port, [[4, 0]]);
    client.send(get(1));
    const sink: BodySink = (await next()).begin({ status: 200, fields: [] });
    let written = 0;
    do written += 16_384;
    while (sink.write(new Uint8Array(16_384)));
    assert.ok(written <= 128 * 1024, String(written));
    const drained = sink.drained();
    client.send(frame(Type.windowUpdate, 0, 0, numbers(written)), frame(Type.windowUpdate, 0, 1, numbers(written)));
    await drained;
    sink.end(["x-sum", "1"]);
    const last = await client.until((seen) => is(Type.headers, 1)(seen) && (seen.flags & 1) === 1);
    assert.match(last.payload.toString("latin1"), /1$/);
  });
});

describe("a stream that is given to another protocol (RFC 8441)", SIGNAL, () => {
  const connect = (stream: number): Buffer =>
    headers(
      stream,
      0,
      ":method",
      "CONNECT",
      ":protocol",
      "websocket",
      ":scheme",
      "http",
      ":authority",
      "a.test",
      ":path",
      "/",
    );

  async function open(context: Parameters<typeof rawClient>[0]): Promise<{
    readonly client: Awaited<ReturnType<typeof rawClient>>;
    readonly tunnel: Duplex;
    readonly server: Awaited<ReturnType<typeof startServer>>;
  }> {
    const { handler, next } = collector();
    const server = await startServer(context, handler);
    const client = await rawClient(context, server.port);
    client.send(connect(1), data(1, 0, "early"));
    const exchange = await next();
    assert.equal(exchange.head.upgrade, "websocket");
    assert.equal(exchange.body, undefined);
    return { client, server, tunnel: exchange.upgrade(["sec-websocket-protocol", "chat"]) };
  }

  test("carries bytes both ways, those before it was granted first, and ends side by side", async (context) => {
    const { client, tunnel, server } = await open(context);
    assert.equal(readStatus((await client.until(is(Type.headers, 1))).payload), 200);
    client.send(data(1, 0, " and late"), data(1, Flag.endStream, ""));
    let text = "";
    tunnel.on("data", (piece) => {
      text += String(piece);
    });
    await once(tunnel, "end");
    assert.equal(text, "early and late");
    const closed = once(tunnel, "close");
    tunnel.end("answer");
    const last = await client.until((seen) => is(Type.data, 1)(seen) && (seen.flags & 1) === 1);
    assert.equal(last.payload.toString() || client.frames.find(is(Type.data, 1))?.payload.toString(), "answer");
    await closed;
    assert.equal(server.ends[0]?.error, undefined);
    assert.equal(server.ends[0]?.status, 200);
  });

  test("holds back who writes more than its client has room for", async (context) => {
    const { client, tunnel } = await open(context);
    while (tunnel.write(new Uint8Array(16_384)));
    await client.until(
      () => client.frames.filter(is(Type.data, 1)).reduce((sum, { payload }) => sum + payload.length, 0) === 65_535,
    );
    const drained = once(tunnel, "drain");
    client.send(frame(Type.windowUpdate, 0, 0, numbers(2 ** 20)), frame(Type.windowUpdate, 0, 1, numbers(2 ** 20)));
    await drained;
  });

  test("is broken off by a client that resets it, and nobody has to listen for that", async (context) => {
    const { client, tunnel, server } = await open(context);
    const closed = new Promise((resolve) => tunnel.on("close", resolve));
    client.send(frame(Type.rstStream, 0, 1, numbers(8)));
    await closed;
    while (server.ends.length === 0) await new Promise(setImmediate);
    assert.equal((tunnel.errored as { code?: string } | null)?.code, "CLIENT_GONE");
    assert.equal((server.ends[0]?.error as { code?: string }).code, "CLIENT_GONE");
  });

  test("is reset when it is destroyed here", async (context) => {
    const { client, tunnel } = await open(context);
    tunnel.destroy();
    assert.equal((await client.until(is(Type.rstStream, 1))).payload.readUInt32BE(0), 8);
  });

  test("can be refused as any request, and is not given to who did not ask", async (context) => {
    const { handler, next } = collector();
    const { port } = await startServer(context, handler);
    const client = await rawClient(context, port);
    client.send(connect(1), get(3));
    (await next()).respond({ status: 404, fields: [] }, undefined);
    assert.equal(readStatus((await client.until(is(Type.headers, 1))).payload), 404);
    const plain = await next();
    assert.throws(() => plain.upgrade([]), { code: "OPTION_INVALID" });
  });
});
