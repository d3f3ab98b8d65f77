import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import http2, { type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from "node:http2";
import { buffer } from "node:stream/consumers";
import { describe, test, type TestContext } from "node:test";
import { echo, startServer } from "./server-fixture.ts";

function connect(context: TestContext, origin: string): ClientHttp2Session {
  const session = http2.connect(origin);
  session.on("error", () => undefined);
  context.after(() => {
    session.destroy();
  });
  return session;
}

async function respond(stream: ClientHttp2Stream): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
  const [headers] = (await once(stream, "response")) as [IncomingHttpHeaders];
  return { headers, body: await buffer(stream) };
}

describe("the client of node:http2 is served", { timeout: 60_000 }, () => {
  test("a head and content, and is told the length and the date", async (context) => {
    const { origin, ends } = await startServer(context, (exchange) => {
      exchange.respond({ status: 200, fields: ["content-type", "text/plain"] }, `${exchange.head.path} ok`);
    });
    const { headers, body } = await respond(connect(context, origin).request({ ":path": "/a?b" }));
    assert.equal(body.toString(), "/a?b ok");
    assert.equal(headers[":status"], 200);
    assert.equal(headers["content-length"], "7");
    assert.ok(Math.abs(Date.parse(headers.date ?? "") - Date.now()) < 60_000);
    assert.deepEqual(ends, [{ status: 200, bytesIn: 0, bytesOut: 7, error: undefined }]);
  });

  test("eight megabytes there and back on four streams at once, through windows of 64 KiB", async (context) => {
    const { origin } = await startServer(context, (exchange) => void echo(exchange));
    const session = connect(context, origin);
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        const content = randomBytes(2 * 1024 * 1024);
        const stream = session.request({ ":method": "POST", ":path": "/" });
        stream.end(content);
        assert.ok((await respond(stream)).body.equals(content));
      }),
    );
  });

  test("trailers both ways", async (context) => {
    const { origin } = await startServer(context, (exchange) => void echo(exchange));
    const stream = connect(context, origin).request({ ":method": "POST", ":path": "/" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => {
      stream.sendTrailers({ "x-sum": "6" });
    });
    stream.end("abc");
    const trailers = once(stream, "trailers") as Promise<[IncomingHttpHeaders]>;
    assert.equal((await respond(stream)).body.toString(), "abc");
    assert.equal((await trailers)[0]["x-sum"], "6");
  });
});
