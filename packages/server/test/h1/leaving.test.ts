import { isCodedError, TimeoutError } from "@fairlead/core";
import type { Exchange } from "@fairlead/server";
import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { greet, serveOverMemory } from "./serving.ts";

const GET = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";
const POST = "POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 10\r\n\r\n";

const codeOf = (error: unknown): string | undefined => (isCodedError(error) ? error.code : undefined);

describe("a client that leaves", () => {
  test("is told of by the signal, and what is sent to it is dropped", async () => {
    const exchanges: Exchange[] = [];
    const serving = serveOverMemory((exchange) => exchanges.push(exchange));
    serving.client.write(GET);
    await serving.taken(1);
    const [exchange] = exchanges;
    const { signal } = exchange ?? {};
    serving.client.destroy();
    if (signal?.aborted === false) await once(signal, "abort");
    assert.equal(codeOf(signal?.reason), "CLIENT_GONE");
    await serving.settled();
    exchange?.respond({ status: 200, fields: [] }, "nobody reads it");
    exchange?.inform(103, []);
    await serving.driver.closed;
    assert.equal(serving.ends.length, 1);
  });

  test("by a reset fails its exchange", async () => {
    const exchanges: Exchange[] = [];
    const serving = serveOverMemory((exchange) => exchanges.push(exchange));
    serving.client.write(GET);
    await serving.taken(1);
    serving.client.resetAndDestroy();
    await serving.driver.closed;
    assert.equal(codeOf(exchanges[0]?.signal.reason), "CLIENT_GONE");
    exchanges[0]?.respond({ status: 200, fields: [] }, "nobody reads it");
    const sink = exchanges[0]?.begin({ status: 200, fields: [] });
    assert.ok(sink !== undefined);
    assert.ok(sink.write(Buffer.from("nor this")));
    await assert.rejects(sink.drained(), { code: "CLIENT_GONE" });
    sink.end();
    exchanges[0]?.abort(new Error("nor this"));
    assert.deepEqual(
      serving.ends.map(({ end }) => [end.status, codeOf(end.error)]),
      [[undefined, "CLIENT_GONE"]],
    );
  });

  test("in the middle of its content fails the content", async () => {
    const exchanges: Exchange[] = [];
    const serving = serveOverMemory((exchange) => exchanges.push(exchange));
    serving.client.end(`${POST}hello`);
    await serving.taken(1);
    const body = exchanges[0]?.body;
    assert.equal(String(await body?.read()), "hello");
    await assert.rejects(async () => body?.read(), { code: "CLIENT_GONE" });
    await serving.driver.closed;
    assert.equal(serving.ends[0]?.end.bytesIn, 5);
    assert.equal(codeOf(serving.ends[0].end.error), "CLIENT_GONE");
    serving.client.destroy();
  });

  test("in the middle of a head is a refusal without an answer", async () => {
    const serving = serveOverMemory(greet);
    serving.client.end("GET / HT");
    assert.equal(await serving.received, "");
    await serving.driver.closed;
    assert.deepEqual(
      serving.refusals.map(({ status, error }) => [status, error.code]),
      [[undefined, "CLIENT_GONE"]],
    );
  });

  test("between requests is nothing", async () => {
    const serving = serveOverMemory(greet);
    serving.client.write(GET);
    await serving.got(/hello/);
    serving.client.end();
    await serving.driver.closed;
    assert.deepEqual([serving.ends.length, serving.refusals], [1, []]);
  });

  test("with its writing side only is still answered, all that it asked for", async () => {
    const exchanges: Exchange[] = [];
    const serving = serveOverMemory((exchange) => exchanges.push(exchange));
    serving.client.end(GET + POST + "helloworld");
    await serving.taken(1);
    await serving.settled();
    exchanges[0]?.respond({ status: 200, fields: [] }, "first");
    await serving.taken(2);
    assert.equal(String(await exchanges[1]?.body?.read()), "helloworld");
    const sink = exchanges[1]?.begin({ status: 200, fields: [] });
    sink?.write(Buffer.from("second"));
    await serving.settled();
    sink?.end();
    assert.match(await serving.received, /first[^]*connection: close[^]*6\r\nsecond\r\n0\r\n\r\n$/);
    await serving.driver.closed;
    assert.deepEqual(
      serving.ends.map(({ end }) => end.error),
      [undefined, undefined],
    );
  });
});

describe("an exchange that is aborted", () => {
  test("loses its connection, and its client sees that the answer is not whole", async () => {
    const reason = new Error("gave up");
    const exchanges: Exchange[] = [];
    const serving = serveOverMemory((exchange) => exchanges.push(exchange));
    serving.client.write(GET + GET);
    await serving.taken(1);
    exchanges[0]?.begin({ status: 200, fields: [] }).write(Buffer.from("half"));
    await serving.got(/half/);
    exchanges[0]?.abort(reason);
    exchanges[0]?.abort(reason);
    assert.doesNotMatch(await serving.received, /0\r\n\r\n$/);
    await serving.driver.closed;
    assert.equal(serving.ends[0]?.end.error, reason);
    assert.equal(serving.ends.length, 1);
  });
});

describe("a connection that is to drain", () => {
  test("answers what is under way, says so, and closes", async () => {
    const exchanges: Exchange[] = [];
    const serving = serveOverMemory((exchange) => exchanges.push(exchange));
    serving.client.write(GET);
    await serving.taken(1);
    serving.driver.drain();
    exchanges[0]?.respond({ status: 200, fields: [] }, "last");
    assert.match(await serving.received, /\r\nconnection: close\r\n[^]*last$/);
    serving.client.end();
    await serving.driver.closed;
  });

  test("answers a request that was on its way", async () => {
    const serving = serveOverMemory(greet);
    serving.client.write(GET);
    const first = await serving.got(/hello/);
    serving.driver.drain();
    serving.client.write(GET);
    assert.match((await serving.received).slice(first.length), /\r\nconnection: close\r\n[^]*hello \/$/);
    serving.client.end();
    await serving.driver.closed;
  });

  test("closes soon when there is none", async () => {
    const serving = serveOverMemory(greet);
    serving.driver.drain();
    assert.equal(await serving.received, "");
    serving.client.end();
    await serving.driver.closed;
  });

  test("is destroyed with its reason, which what is under way ends with", async () => {
    const reason = new Error("the deadline of the server passed");
    const exchanges: Exchange[] = [];
    const serving = serveOverMemory((exchange) => exchanges.push(exchange));
    serving.client.write(GET);
    await serving.taken(1);
    serving.driver.destroy(reason);
    await serving.driver.closed;
    assert.equal(serving.ends[0]?.end.error, reason);
    assert.equal(codeOf(exchanges[0]?.signal.reason), "CLIENT_GONE");
    serving.client.destroy();
  });
});

/** Waits until a connection that has been idle for so long is closed. */
async function idleFor(idleMilliseconds: number): Promise<void> {
  const other = serveOverMemory(greet, { idleMilliseconds });
  await other.received;
  other.client.destroy();
}

describe("a client that is too slow", () => {
  const soon = 30;

  test("to begin a request loses its connection, without a word", async () => {
    const serving = serveOverMemory(greet, { idleMilliseconds: soon });
    assert.equal(await serving.received, "");
    assert.deepEqual(serving.refusals, []);
    serving.client.end();
    await serving.driver.closed;
  });

  test("to begin another one, too", async () => {
    const serving = serveOverMemory(greet, { idleMilliseconds: soon });
    serving.client.write(GET);
    assert.match(await serving.received, /hello \/$/);
    serving.client.end();
    await serving.driver.closed;
  });

  test("with a head is answered with 408, though it sends octet after octet", async () => {
    const serving = serveOverMemory(greet, { headMilliseconds: soon });
    serving.client.write("GET / HTTP/1.1\r\nHost: a\r\n");
    const drip = setInterval(() => serving.client.write("X: 1\r\n"), 5);
    try {
      assert.match(await serving.received, /^HTTP\/1\.1 408 Request Timeout\r\n[^]*connection: close\r\n/);
    } finally {
      clearInterval(drip);
    }
    const [refusal] = serving.refusals;
    assert.equal(refusal?.status, 408);
    assert.ok(refusal.error instanceof TimeoutError && refusal.error.phase === "request");
    serving.client.destroy();
    await serving.driver.closed;
  });

  for (const [what, limits, drips] of [
    ["that stops", { bodyIdleMilliseconds: soon }, false],
    ["that never ends", { bodyMilliseconds: 3 * soon }, true],
  ] as const) {
    test(`with content ${what} is answered with 408, and the reader told`, async () => {
      const failures: unknown[] = [];
      const serving = serveOverMemory((exchange) => {
        void (async () => {
          try {
            while ((await exchange.body?.read()) !== undefined);
          } catch (error) {
            failures.push(error);
          }
        })();
      }, limits);
      serving.client.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      const drip = setInterval(() => drips && serving.client.write("1\r\na\r\n"), 5);
      try {
        assert.match(await serving.received, /^HTTP\/1\.1 408 /);
      } finally {
        clearInterval(drip);
      }
      assert.ok(failures[0] instanceof TimeoutError && failures[0].phase === "body");
      assert.deepEqual(
        serving.ends.map(({ end }) => [end.status, end.error]),
        [[408, failures[0]]],
      );
      serving.client.destroy();
      await serving.driver.closed;
    });
  }

  test("with content that nobody waits for is not", async () => {
    const exchanges: Exchange[] = [];
    const serving = serveOverMemory((exchange) => exchanges.push(exchange), { bodyIdleMilliseconds: soon });
    serving.client.write(POST);
    await serving.taken(1);
    await idleFor(2 * soon);
    exchanges[0]?.respond({ status: 200, fields: [] }, "answered all the same");
    assert.match(await serving.got(/same$/), /^HTTP\/1\.1 200 OK/);
    serving.client.destroy();
  });

  test("to read its answer loses its connection", async () => {
    const serving = serveOverMemory(
      (exchange) => {
        exchange.respond({ status: 200, fields: [] }, Buffer.alloc(1_000_000));
      },
      { writeIdleMilliseconds: soon },
      { reads: false },
    );
    serving.client.write(GET);
    await serving.driver.closed;
    const { error } = serving.ends[0]?.end ?? {};
    assert.ok(error instanceof TimeoutError && error.phase === "response");
    serving.client.destroy();
  });

  test("but reads some of it now and then keeps it", async () => {
    const serving = serveOverMemory(
      (exchange) => {
        exchange.respond({ status: 200, fields: [] }, Buffer.alloc(1_500_000));
      },
      { writeIdleMilliseconds: 10 * soon },
      { reads: false },
    );
    serving.client.write(GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    let octets = 0;
    // In all it takes longer than it may take without reading.
    for (let turn = 0; turn < 20; turn += 1) {
      await idleFor(soon);
      octets += (serving.client.read() as Buffer | null)?.length ?? 0;
    }
    serving.client.on("data", (piece: Buffer) => (octets += piece.length));
    await serving.received;
    assert.ok(octets > 1_500_000);
    assert.equal(serving.ends[0]?.end.error, undefined);
    serving.client.destroy();
  });

  test("to read what refuses it can still do so while it goes on writing, RFC 9112 section 9.6", async () => {
    const serving = serveOverMemory(greet, { targetBytes: 100 }, { reads: false });
    serving.client.write(`GET /${"a".repeat(50_000)}`);
    serving.client.write(Buffer.alloc(1_000_000, "a"));
    while (serving.client.writableLength > 0) await once(serving.client, "drain");
    assert.match(String(serving.client.read()), /^HTTP\/1\.1 414 URI Too Long\r\n/);
    serving.client.destroy();
    await serving.driver.closed;
  });
});
