import { isCodedError } from "@fairlead/core";
import type { BodySource, Exchange } from "@fairlead/server";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { greet, serveOverMemory } from "./serving.ts";

const GET = "GET / HTTP/1.1\r\nHost: a.example\r\n";
const POST = "POST / HTTP/1.1\r\nHost: a.example\r\n";
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`;

async function readAll(body: BodySource | undefined): Promise<string> {
  let text = "";
  for (let piece = await body?.read(); piece !== undefined; piece = await body?.read()) {
    text += Buffer.from(piece).toString("latin1");
  }
  return text;
}

function echo(exchange: Exchange): void {
  void readAll(exchange.body).then((text) => {
    exchange.respond({ status: 200, fields: [] }, `<${text}>`);
  });
}

/** The code of what a promise rejects with. */
async function codeOf(promise: Promise<unknown> | undefined): Promise<string | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return isCodedError(error) ? error.code : String(error);
  }
}

describe("Expect: 100-continue, RFC 9110 section 10.1.1", () => {
  const head = `${POST}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n`;

  test("is answered with 100 when the content is first read, and not before", async () => {
    const exchanges: Exchange[] = [];
    const serving = serveOverMemory((exchange) => exchanges.push(exchange));
    serving.client.write(head);
    await serving.taken(1);
    assert.equal(serving.text, "");
    const text = readAll(exchanges[0]?.body);
    assert.equal(await serving.got(/\r\n\r\n/), "HTTP/1.1 100 Continue\r\n\r\n");
    serving.client.write("hello");
    assert.equal(await text, "hello");
    exchanges[0]?.respond({ status: 200, fields: [] }, "ok");
    assert.doesNotMatch(await serving.got(/ok$/), /connection: close/);
    serving.client.destroy();
  });

  test("an answer before that asks for no content, and ends the connection: who knows whether it comes", async () => {
    const serving = serveOverMemory((exchange) => {
      exchange.respond({ status: 403, fields: [] }, "no");
    });
    serving.client.write(`${head}GET / HTTP/1.1\r\nHost: smuggled\r\n\r\n`);
    assert.match(await serving.received, /^HTTP\/1\.1 403 Forbidden\r\ncontent-length: 2\r\nconnection: close\r\n/);
    assert.equal(serving.ends.length, 1);
    serving.client.destroy();
  });

  test("who begins a good answer before there is content is sent that meanwhile", async () => {
    const serving = serveOverMemory((exchange) => {
      const sink = exchange.begin({ status: 200, fields: [] });
      void readAll(exchange.body).then((text) => {
        sink.write(Buffer.from(text));
        sink.end();
      });
    });
    serving.client.write(head);
    await serving.got(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    serving.client.write("hello");
    await serving.got(/\r\n5\r\nhello\r\n0\r\n\r\n$/);
    serving.client.destroy();
  });

  test("content that came with its head is not asked for", async () => {
    const serving = serveOverMemory(echo);
    serving.client.write(`${head}hello`);
    assert.match(await serving.got(/<hello>$/), /^HTTP\/1\.1 200 OK/);
    serving.client.destroy();
  });
});

describe("content of a request", () => {
  test("comes as it is sent, and no further than it is read", async () => {
    const exchanges: Exchange[] = [];
    const serving = serveOverMemory((exchange) => exchanges.push(exchange), { bodyBytes: Infinity });
    const length = 1_000_000;
    serving.client.write(`${POST}Content-Length: ${String(length)}\r\n\r\n`);
    serving.client.write(Buffer.alloc(length, "a"));
    await serving.taken(1);
    const body = exchanges[0]?.body;
    assert.equal(body?.length, length);
    await serving.settled();
    assert.ok(serving.client.writableLength > 500_000, "what is not read stays with the client");
    assert.equal((await readAll(body)).length, length);
    exchanges[0]?.respond({ status: 200, fields: [] }, "ok");
    await serving.got(/ok$/);
    assert.equal(serving.ends[0]?.end.bytesIn, length);
    serving.client.destroy();
  });

  test("has trailers behind it", async () => {
    const exchanges: Exchange[] = [];
    const serving = serveOverMemory((exchange) => exchanges.push(exchange));
    serving.client.write(`${CHUNKED}2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n`);
    await serving.taken(1);
    const body = exchanges[0]?.body;
    assert.ok(body !== undefined);
    assert.deepEqual(body.trailers, []);
    assert.equal(await readAll(body), "ok");
    assert.deepEqual(body.trailers, ["x-sum", "1"]);
    serving.client.destroy();
  });

  test("that nobody reads is dropped when it is little, and its connection kept", async () => {
    const serving = serveOverMemory(greet);
    for (const request of [
      `${POST}Content-Length: 5\r\n\r\n`,
      "hello",
      `${CHUNKED}5\r\nhello\r\n0\r\n\r\n`,
      `${GET}\r\n`,
    ]) {
      serving.client.write(request);
    }
    const answers = await serving.got(/(?:hello \/[^]*){3}/);
    assert.doesNotMatch(answers, /connection: close/);
    serving.client.destroy();
  });

  for (const [what, request] of [
    ["a large length", `${POST}Content-Length: 1000000\r\n\r\n`],
    ["many chunks", CHUNKED],
  ] as const) {
    test(`that nobody reads ends its connection when it is much: ${what}`, async () => {
      const serving = serveOverMemory(greet);
      serving.client.write(request);
      await serving.got(/hello \/$/);
      const chunk = Buffer.from(`400\r\n${"a".repeat(1_024)}\r\n`);
      for (let count = 0; count < 100; count += 1) serving.client.write(chunk);
      serving.client.write(`0\r\n\r\n${GET}\r\n`);
      assert.equal((await serving.received).match(/hello/g)?.length, 1);
      serving.client.destroy();
      await serving.driver.closed;
    });
  }

  test("can be given up by its reader", async () => {
    const exchanges: Exchange[] = [];
    const serving = serveOverMemory((exchange) => exchanges.push(exchange));
    serving.client.write(`${POST}Content-Length: 10\r\n\r\nhello`);
    await serving.taken(1);
    const body = exchanges[0]?.body;
    await body?.read();
    const waiting = codeOf(body?.read());
    body?.cancel();
    body?.cancel();
    assert.equal(await waiting, "STREAM_CLOSED");
    assert.equal(await codeOf(body?.read()), "STREAM_CLOSED");
    exchanges[0]?.respond({ status: 200, fields: [] }, "first");
    serving.client.write(`world${GET}\r\n`);
    await serving.taken(2);
    serving.client.destroy();
  });

  for (const [what, rest, status, code] of [
    ["breaks a rule", "x\r\n", 400, "REQUEST_MALFORMED"],
    ["is too large", `40\r\n${"a".repeat(64)}\r\n`, 413, "REQUEST_BODY_TOO_LARGE"],
  ] as const) {
    test(`that ${what} is answered with ${String(status)}, whatever its handler says later`, async () => {
      const exchanges: Exchange[] = [];
      const serving = serveOverMemory((exchange) => exchanges.push(exchange), { bodyBytes: 50 });
      serving.client.write(`${CHUNKED}2\r\nok\r\n`);
      await serving.taken(1);
      const [exchange] = exchanges;
      const { signal } = exchange ?? {};
      const reading = codeOf(readAll(exchange?.body));
      serving.client.write(rest);
      assert.equal(await reading, code);
      assert.ok(isCodedError(signal?.reason) && signal.reason.code === code);
      exchange?.respond({ status: 200, fields: [] }, "too late");
      exchange?.begin({ status: 200, fields: [] }).end();
      assert.match(
        await serving.received,
        new RegExp(`^HTTP/1\\.1 ${String(status)} [\\w ]+\\r\\ncontent-length: 0\\r\\nconnection: close\\r\\n`),
      );
      assert.deepEqual(
        serving.ends.map(({ end }) => [end.status, isCodedError(end.error) && end.error.code]),
        [[status, code]],
      );
      assert.deepEqual(serving.refusals, []);
      serving.client.destroy();
    });
  }

  test("that breaks a rule while its answer is under way lets that end, and its connection with it", async () => {
    const exchanges: Exchange[] = [];
    const serving = serveOverMemory((exchange) => exchanges.push(exchange));
    serving.client.write(CHUNKED);
    await serving.taken(1);
    const sink = exchanges[0]?.begin({ status: 200, fields: [] });
    const reading = codeOf(exchanges[0]?.body?.read());
    serving.client.write("x\r\n");
    assert.equal(await reading, "REQUEST_MALFORMED");
    sink?.write(Buffer.from("done"));
    sink?.end();
    assert.match(await serving.received, /\r\n4\r\ndone\r\n0\r\n\r\n$/);
    assert.ok(isCodedError(serving.ends[0]?.end.error));
    serving.client.destroy();
  });
});

describe("requests in a row, RFC 9112 section 9.3.2", () => {
  test("are answered in order, however long each takes, and one at a time", async () => {
    const exchanges: Exchange[] = [];
    const serving = serveOverMemory((exchange) => exchanges.push(exchange));
    serving.client.write([1, 2, 3].map((n) => `GET /${String(n)} HTTP/1.1\r\nHost: a\r\n\r\n`).join(""));
    for (const n of [1, 2, 3]) {
      await serving.taken(n);
      assert.equal(exchanges.length, n);
      assert.equal(serving.driver.active, 1);
      exchanges.at(-1)?.respond({ status: 200, fields: [] }, `answer ${String(n)}`);
    }
    assert.match(await serving.got(/answer 3$/), /answer 1[^]*answer 2[^]*answer 3/);
    assert.equal(serving.driver.active, 0);
    serving.client.destroy();
  });

  test("are held no further than a limit while one of them is answered", async () => {
    const exchanges: Exchange[] = [];
    const serving = serveOverMemory((exchange) => exchanges.push(exchange));
    for (let count = 0; count < 4; count += 1) serving.client.write(`${GET}\r\n`.repeat(2_000));
    await serving.taken(1);
    await serving.settled();
    assert.ok(serving.server.isPaused());
    assert.ok(serving.client.writableLength > 50_000, "the rest waits with the client");
    serving.client.destroy();
    exchanges[0]?.respond({ status: 200, fields: [] }, "nobody reads it");
    await serving.driver.closed;
  });

  test("a client that does not read gets no further answers made", async () => {
    let answers = 0;
    const serving = serveOverMemory(
      (exchange) => {
        answers += 1;
        exchange.respond({ status: 200, fields: [] }, Buffer.alloc(200_000));
      },
      {},
      { reads: false },
    );
    for (let count = 0; count < 50; count += 1) serving.client.write(`${GET}\r\n`);
    await serving.taken(1);
    await serving.settled();
    assert.ok(answers <= 2, `${String(answers)} answers`);
    assert.ok(serving.server.writableLength <= 300_000);
    serving.client.destroy();
    await serving.driver.closed;
  });

  test("end with the last that a connection may have", async () => {
    const serving = serveOverMemory(greet, { requestsPerConnection: 2 });
    serving.client.write(`${GET}\r\n`.repeat(3));
    const all = await serving.received;
    assert.match(all, /^[^]*hello \/HTTP[^]*\r\nconnection: close\r\n[^]*hello \/$/);
    assert.equal(serving.ends.length, 2);
    serving.client.destroy();
  });
});

test("a refusal is told, with its status and without what the client wrote", async () => {
  const serving = serveOverMemory(greet);
  serving.client.write("GET / HTTP/1.1\r\nHost: a\r\nX-s3cr3t s3cr3t\r\n\r\n");
  assert.match(
    await serving.received,
    /^HTTP\/1\.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\ndate: /,
  );
  const [refusal] = serving.refusals;
  assert.equal(refusal?.status, 400);
  assert.equal(refusal.error.code, "REQUEST_MALFORMED");
  assert.match(refusal.error.message, /^serve 192\.0\.2\.1:4000: .*\(a field line without a colon\)/);
  assert.doesNotMatch(refusal.error.message, /s3cr3t/);
  serving.client.destroy();
});
