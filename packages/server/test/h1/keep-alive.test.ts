import assert from "node:assert/strict";
import { test } from "node:test";
import { greet, serveOverMemory } from "./serving.ts";

test("one connection serves one request after another, RFC 9112 section 9.3", async () => {
  const serving = serveOverMemory(greet);
  serving.client.write("GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n");
  const first = await serving.got(/hello \/a$/);
  assert.match(
    first,
    /^HTTP\/1\.1 200 OK\r\ncontent-type: text\/plain\r\ncontent-length: 8\r\ndate: [^\r]+ GMT\r\n\r\nhello \/a$/,
  );
  serving.client.write("GET /b HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n");
  const all = await serving.received;
  assert.match(all.slice(first.length), /\r\nconnection: close\r\ndate: [^\r]+\r\n\r\nhello \/b$/);
  serving.client.end();
  await serving.driver.closed;
  assert.deepEqual(
    serving.ends.map(({ exchange, end }) => [exchange.head.path, end]),
    ["/a", "/b"].map((path) => [path, { status: 200, bytesIn: 0, bytesOut: 8, error: undefined }]),
  );
});

test("content that is read piece by piece ends without another octet, RFC 9112 section 6.3", async () => {
  const serving = serveOverMemory((exchange) => {
    void (async () => {
      const piece = await exchange.body?.read();
      // The end is asked for when all that has come was read.
      await new Promise(setImmediate);
      const end = await exchange.body?.read();
      exchange.respond({ status: 200, fields: [] }, `${String(piece?.length)} ${String(end)}`);
    })();
  });
  serving.client.write("POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\n\r\nabc");
  await serving.got(/\r\n\r\n3 undefined$/);
  serving.client.destroy();
});
