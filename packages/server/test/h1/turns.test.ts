import assert from "node:assert/strict";
import { test } from "node:test";
import { greet, serveOverMemory } from "./serving.ts";

test("requests in a row on one connection do not keep the others waiting until all are answered", async () => {
  let answered = 0;
  let answeredBefore = 0;
  const serving = serveOverMemory((exchange) => {
    if (answered === 0) {
      setImmediate(() => {
        answeredBefore = answered;
      });
    }
    answered += 1;
    greet(exchange);
  });
  serving.client.end("GET /a HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1_000));
  const text = await serving.received;
  assert.equal(text.split("hello /a").length - 1, 1_000);
  assert.ok(answeredBefore <= 200, `${String(answeredBefore)} came first`);
});
