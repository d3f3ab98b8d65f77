import assert from "node:assert/strict";
import { test } from "node:test";
import { formatRequestHead } from "@fairlead/http/h1";
import { memoryPair } from "@fairlead/transport";
import { UpstreamConnection } from "../../src/relay/upstream-connection.ts";
import type { UpstreamRequest } from "../../src/relay/upstream-request.ts";

const timeouts = {
  connectMilliseconds: 1_000,
  responseMilliseconds: 1_000,
  idleMilliseconds: 1_000,
  continueMilliseconds: 1_000,
};

const request: UpstreamRequest = {
  method: "GET",
  head: formatRequestHead({ method: "GET", target: "/", host: "a", fields: [], content: "none" }),
  upgrade: undefined,
  body: undefined,
  waitsForContinue: false,
  timeouts,
  signal: new AbortController().signal,
  onInterim: () => undefined,
  onOver: () => undefined,
};

test("a connection knows how far a request came that it lost", async () => {
  const [near, far] = memoryPair();
  const told: string[] = [];
  const connection = new UpstreamConnection(near, "a:80", {
    onFree: () => told.push("free"),
    onGone: () => told.push("gone"),
  });
  far.on("data", () => far.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"));
  const answer = await connection.send(request);
  assert.ok(answer.type === "response");
  assert.equal(Buffer.from((await answer.content.read()) ?? []).toString(), "ok");
  assert.equal(await answer.content.read(), undefined);
  assert.equal(connection.progress, "heard");
  const lost = connection.send(request);
  near.destroy();
  await assert.rejects(lost, { code: "CONNECTION_RESET" });
  assert.equal(connection.progress, "unsent");
  assert.deepEqual(told, ["free", "gone"]);
});

test("the content of an answer is what was said, however it is cut", async () => {
  const text = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nx-sum: 1\r\n\r\n";
  for (let size = 1; size <= text.length; size += 7) {
    const [near, far] = memoryPair();
    const connection = new UpstreamConnection(near, "a:80", { onFree: () => undefined, onGone: () => undefined });
    far.resume();
    const sending = connection.send(request);
    for (let at = 0; at < text.length; at += size) {
      await new Promise((resolve) => far.write(text.slice(at, at + size), resolve));
    }
    const answer = await sending;
    assert.ok(answer.type === "response");
    let content = "";
    for (;;) {
      const piece = await answer.content.read();
      if (piece === undefined) break;
      content += Buffer.from(piece).toString();
    }
    assert.equal(content, "abcde");
    assert.deepEqual(answer.content.trailers, ["x-sum", "1"]);
    connection.end();
  }
});
