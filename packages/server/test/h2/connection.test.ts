import { clientFrames, readStatus } from "@fairlead/conformance/http2";
import { memoryPair } from "@fairlead/transport";
import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { defaultHttpLimits, type Exchange } from "../../src/exchange/index.ts";
import { speakHttp2 } from "../../src/h2/index.ts";
import { is, rawClient } from "./raw-client.ts";
import { echo, PLAIN, startServer } from "./server-fixture.ts";

const { data, Flag, frame, get, headers, numbers, post, PREFACE, request, settings, Type } = clientFrames;
const LIMIT = { timeout: 60_000 };
const NO_STREAM = 2 ** 31 - 1;

function hello(exchange: Exchange): void {
  exchange.respond({ status: 200, fields: [] }, "hello");
}

/** The code that a GOAWAY tells. */
function codeOf(payload: Buffer): number {
  return payload.readUInt32BE(4);
}

describe("a connection's limits", LIMIT, () => {
  for (const [what, status, code, ...frames] of [
    [
      "a target beyond its limit",
      414,
      "REQUEST_TARGET_TOO_LONG",
      headers(1, 1, ":method", "GET", ":scheme", "http", ":authority", "a", ":path", `/${"a".repeat(200)}`),
    ],
    ["fields beyond theirs", 431, "REQUEST_FIELDS_TOO_LARGE", get(1, "a", "b".repeat(400))],
    [
      "more fields than are taken",
      431,
      "REQUEST_FIELDS_TOO_LARGE",
      get(1, ...Array.from({ length: 12 }, () => ["a", "b"]).flat()),
    ],
    ["content that says that it is too large", 413, "REQUEST_BODY_TOO_LARGE", post(1, "content-length", "1001")],
    [
      "a tunnel to another host",
      501,
      "REQUEST_MALFORMED",
      headers(1, 0, ":method", "CONNECT", ":authority", "a.test:25"),
    ],
    ["an expectation that nobody meets", 417, "REQUEST_MALFORMED", get(1, "expect", "wonders")],
  ] as const) {
    test(`answer ${what} with ${String(status)}, and no handler sees it`, async (context) => {
      const server = await startServer(context, hello, {
        targetBytes: 100,
        fieldsBytes: 300,
        fields: 10,
        bodyBytes: 1_000,
      });
      const client = await rawClient(context, server.port, [[1, 0]]);
      client.send(...frames, get(3));
      assert.equal(readStatus((await client.until(is(Type.headers, 1))).payload), status);
      await client.until(is(Type.data, 3));
      assert.deepEqual(
        server.refusals.map((refusal) => [refusal.status, refusal.error.code]),
        [[status, code]],
      );
      assert.equal(server.ends.length, 1);
    });
  }

  test("cut content that grows too large: 413 where no answer has begun, and who reads is told", async (context) => {
    let reading: Promise<unknown> | undefined;
    const server = await startServer(
      context,
      (exchange) => {
        reading = (async () => {
          while ((await exchange.body?.read()) !== undefined);
        })();
        reading.catch(() => undefined);
      },
      { bodyBytes: 1_000 },
    );
    const client = await rawClient(context, server.port, [[1, 0]]);
    client.send(post(1), data(1, 0, Buffer.alloc(600)), data(1, 0, Buffer.alloc(600)));
    assert.equal(readStatus((await client.until(is(Type.headers, 1))).payload), 413);
    assert.equal((await client.until(is(Type.rstStream, 1))).payload.readUInt32BE(0), 0);
    await assert.rejects(reading ?? Promise.resolve(), { code: "REQUEST_BODY_TOO_LARGE" });
    assert.equal((server.ends[0]?.error as { code: string }).code, "REQUEST_BODY_TOO_LARGE");
  });

  for (const [what, limits] of [
    ["stops coming", { bodyIdleMilliseconds: 20 }],
    ["does not end in time", { bodyMilliseconds: 20 }],
  ] as const) {
    test(`answer content that ${what} with 408`, async (context) => {
      const server = await startServer(context, (exchange) => void echoLate(exchange), limits);
      const client = await rawClient(context, server.port, [[1, 0]]);
      client.send(post(1), data(1, 0, "abc"));
      assert.equal(readStatus((await client.until(is(Type.headers, 1))).payload), 408);
      assert.equal((server.ends[0]?.error as { code: string }).code, "TIMED_OUT");
    });
  }

  test("end a connection whose head does not become whole in time", async (context) => {
    const server = await startServer(context, hello, { headMilliseconds: 20 });
    const client = await rawClient(context, server.port);
    client.send(get(1).subarray(0, 20));
    assert.equal(codeOf((await client.until(is(Type.goAway, 0))).payload), 11);
    await client.ended;
    assert.equal(server.refusals[0]?.error.code, "TIMED_OUT");
  });

  test("end a connection that does not acknowledge the settings (RFC 9113 section 6.5.3)", async (context) => {
    const server = await startServer(context, hello, { headMilliseconds: 20 });
    const socket = connect(server.port, "127.0.0.1");
    socket.write(Buffer.concat([PREFACE, settings()]));
    const pieces: Buffer[] = [];
    for await (const piece of socket) pieces.push(piece as Buffer);
    const last = clientFrames.cutFrames(Buffer.concat(pieces)).frames.at(-1);
    assert.deepEqual([last?.type, last?.payload.readUInt32BE(4)], [Type.goAway, 4]);
  });

  test("end a connection on which nothing is asked, with GOAWAY", async (context) => {
    const server = await startServer(context, hello, { idleMilliseconds: 20 });
    const client = await rawClient(context, server.port);
    client.send(get(1));
    const goAway = await client.until(is(Type.goAway, 0));
    assert.deepEqual([goAway.payload.readUInt32BE(0), codeOf(goAway.payload)], [1, 0]);
    await client.ended;
    await server.drivers[0]?.closed;
    assert.deepEqual(server.refusals, []);
  });

  test("give up an answer that its client leaves no room for, and that alone", async (context) => {
    const server = await startServer(context, hello, { writeIdleMilliseconds: 20 });
    const client = await rawClient(context, server.port, [[4, 0]]);
    client.send(get(1), post(3));
    await client.until(is(Type.rstStream, 1));
    assert.equal((server.ends[0]?.error as { code: string }).code, "CONNECTION_TIMED_OUT");
    assert.equal(client.socket.destroyed, false);
  });

  test("end a connection whose client reads nothing, and hold little for it meanwhile", async () => {
    const [near, far] = memoryPair();
    let answered = 0;
    const driver = speakHttp2(near, new Uint8Array(0), {
      facts: PLAIN,
      limits: { ...defaultHttpLimits, writeIdleMilliseconds: 400 },
      onExchange: (exchange) => {
        // Too large for a table, and whole at once: no window holds it back.
        exchange.respond({ status: 204, fields: ["x-large", "a".repeat(3_000)] }, undefined);
        answered += 1;
      },
      onEnd: () => undefined,
      onRefusal: () => undefined,
    });
    far.on("error", () => undefined);
    far.write(Buffer.concat([PREFACE, settings(), frame(Type.settings, Flag.ack, 0)]));
    let sent = 0;
    const flood = (): void => {
      while (sent < 5_000) {
        sent += 1;
        if (!far.write(Buffer.concat([get(2 * sent - 1), frame(Type.windowUpdate, 0, 0, numbers(1_000))]))) return;
      }
    };
    far.on("drain", flood);
    flood();
    await driver.closed;
    // What came at once is answered; then nothing more is read.
    assert.ok(answered > 0 && answered < 1_500, String(answered));
  });

  test("let a connection have so many requests, and say that it was the last", async (context) => {
    const server = await startServer(context, hello, { requestsPerConnection: 2 });
    const client = await rawClient(context, server.port);
    client.send(get(1));
    await client.until(is(Type.data, 1));
    assert.equal(
      client.frames.some(({ type }) => type === Type.goAway),
      false,
    );
    client.send(get(3));
    const goAway = await client.until(is(Type.goAway, 0));
    assert.equal(goAway.payload.readUInt32BE(0), NO_STREAM);
    const ping = await client.until(is(Type.ping, 0));
    client.send(frame(Type.ping, Flag.ack, 0, ping.payload));
    await client.until(is(Type.data, 3));
    await client.ended;
  });

  test("refuse streams beyond their number, and take others when one has ended (RFC 9113 section 5.1.2)", async (context) => {
    const waiting: Exchange[] = [];
    const server = await startServer(context, (exchange) => waiting.push(exchange), { concurrentStreams: 2 });
    const client = await rawClient(context, server.port);
    client.send(get(1), get(3), get(5));
    assert.equal((await client.until(is(Type.rstStream, 5))).payload.readUInt32BE(0), clientFrames.Code.refusedStream);
    assert.equal(waiting.length, 2);
    const [first] = waiting;
    if (first !== undefined) hello(first);
    await client.until(is(Type.data, 1));
    client.send(get(7), get(9));
    await client.until(is(Type.rstStream, 9));
    assert.deepEqual(
      waiting.map(({ head }) => head.path),
      ["/", "/", "/"],
    );
  });

  test("cut a flood off, and tell whose it was", async (context) => {
    const server = await startServer(context, () => undefined);
    const client = await rawClient(context, server.port);
    for (let count = 0; count < 300; count += 1) {
      client.send(get(2 * count + 1), frame(Type.rstStream, 0, 2 * count + 1, numbers(8)));
    }
    assert.equal(codeOf((await client.until(is(Type.goAway, 0))).payload), 11);
    await client.ended;
    assert.deepEqual(
      server.refusals.map(({ status, error }) => [status, error.code]),
      [[undefined, "HTTP2_FLOOD"]],
    );
    assert.ok(server.ends.length <= 260 && server.drivers[0]?.active === 0);
  });
});

describe("a connection that drains (RFC 9113 section 6.8)", LIMIT, () => {
  test("answers what is under way and what came before its client knew, and closes", async (context) => {
    const waiting: Exchange[] = [];
    const server = await startServer(context, (exchange) => waiting.push(exchange));
    const client = await rawClient(context, server.port);
    client.send(get(1));
    await client.until(is(Type.settings, 0));
    while (waiting.length < 1) await client.until(() => true).then(() => new Promise(setImmediate));
    const driver = server.drivers[0];
    driver?.drain();
    const first = await client.until(is(Type.goAway, 0));
    assert.equal(first.payload.readUInt32BE(0), NO_STREAM);
    client.send(get(3), frame(Type.ping, Flag.ack, 0, (await client.until(is(Type.ping, 0))).payload));
    await client.until((seen) => is(Type.goAway, 0)(seen) && seen.payload.readUInt32BE(0) === 3);
    client.send(get(5));
    assert.equal(driver?.active, 2);
    for (const exchange of waiting) hello(exchange);
    await client.until(is(Type.data, 1));
    await client.until(is(Type.data, 3));
    await client.ended;
    await driver.closed;
    assert.equal(waiting.length, 2);
    assert.deepEqual(
      server.ends.map(({ error }) => error),
      [undefined, undefined],
    );
  });

  test("does not wait for a client that says nothing", async (context) => {
    const server = await startServer(context, hello);
    const client = await rawClient(context, server.port);
    client.send(get(1));
    await client.until(is(Type.data, 1));
    server.drivers[0]?.drain();
    await client.ended;
  });
});

describe("a connection that is lost", LIMIT, () => {
  test("tells every exchange, and closes once", async (context) => {
    const signals: AbortSignal[] = [];
    const server = await startServer(context, (exchange) => signals.push(exchange.signal));
    const client = await rawClient(context, server.port);
    client.send(get(1), get(3), request(5, "POST", 0));
    while (signals.length < 3) await new Promise(setImmediate);
    client.socket.resetAndDestroy();
    await server.drivers[0]?.closed;
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, true, true],
    );
    assert.equal(server.ends.length, 3);
    server.drivers[0]?.destroy(new Error("again"));
  });

  test("is told by who destroys it as well", async (context) => {
    const server = await startServer(context, () => undefined);
    const client = await rawClient(context, server.port);
    client.send(get(1));
    while (server.drivers[0]?.active !== 1) await new Promise(setImmediate);
    const reason = new Error("for a test");
    server.drivers[0].destroy(reason);
    await client.ended;
    assert.equal((server.ends[0]?.error as { cause: unknown }).cause, reason);
  });
});

async function echoLate(exchange: Exchange): Promise<void> {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const piece = await exchange.body?.read().catch(() => undefined);
    if (piece === undefined) return;
    pieces.push(piece);
  }
}

test("an answer in pieces is echoed over a pair in memory as over a socket", LIMIT, async () => {
  const [near, far] = memoryPair();
  const opening = Buffer.concat([PREFACE, settings(), post(1), data(1, 0, "ab"), data(1, Flag.endStream, "cd")]);
  const driver = speakHttp2(near, opening.subarray(0, 30), {
    facts: PLAIN,
    limits: defaultHttpLimits,
    onExchange: (exchange) => void echo(exchange),
    onEnd: () => undefined,
    onRefusal: () => undefined,
  });
  far.write(opening.subarray(30));
  let frames: readonly clientFrames.SeenFrame[] = [];
  let bytes: Buffer = Buffer.alloc(0);
  for await (const piece of far) {
    bytes = Buffer.concat([bytes, piece as Buffer]);
    ({ frames } = clientFrames.cutFrames(bytes));
    if (frames.some((seen) => is(Type.data, 1)(seen) && (seen.flags & 1) === 1)) break;
  }
  assert.equal(Buffer.concat(frames.filter(is(Type.data, 1)).map(({ payload }) => payload)).toString(), "abcd");
  await driver.closed;
});
