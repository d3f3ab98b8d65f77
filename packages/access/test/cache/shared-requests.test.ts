import { openNetworkAccessManager, type Reply } from "@fairlead/access";
import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { describe, test } from "node:test";
import { cacheOrigin, counting } from "./cache-origin.ts";

const fresh = { "cache-control": "max-age=60" };
/** More than is taken in before anybody reads. */
const LARGE = 2_000_000;

/** Answers that wait until a test lets them. */
function gated(): {
  readonly responses: ServerResponse[];
  readonly answer: (...args: [unknown, ServerResponse]) => void;
} {
  const responses: ServerResponse[] = [];
  return { responses, answer: (_request, response) => void responses.push(response) };
}

describe("requests for one resource", () => {
  test("go out once while the first is on its way", async () => {
    const gate = gated();
    await using origin = await cacheOrigin(gate.answer);
    await using manager = await openNetworkAccessManager();
    const replies = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? manager.request(origin.url) : manager.fetch(origin.url),
    );
    await origin.asked(1);
    gate.responses[0]?.writeHead(200, { ...fresh, "content-length": "4" }).end("body");
    for (const reply of await Promise.all(replies)) assert.equal(await reply.text(), "body");
    assert.equal(origin.requests.length, 1);
  });

  test("go out once, whatever the length", async () => {
    const gate = gated();
    await using origin = await cacheOrigin(gate.answer);
    await using manager = await openNetworkAccessManager();
    const replies = [1, 2, 3].map(() => manager.request(origin.url));
    await origin.asked(1);
    gate.responses[0]?.writeHead(200, fresh).write("bo");
    const first = await replies[0];
    gate.responses[0]?.end("dy");
    assert.equal(await first?.text(), "body");
    for (const reply of replies.slice(1)) assert.equal(await (await reply).text(), "body");
    assert.equal(origin.requests.length, 1);
  });

  test("each go out where the first response is for nobody else, the next time at once", async () => {
    const gate = gated();
    await using origin = await cacheOrigin(gate.answer);
    await using manager = await openNetworkAccessManager();
    const replies = [1, 2, 3].map(() => manager.request(origin.url));
    await origin.asked(1);
    gate.responses[0]?.writeHead(200, { "cache-control": "no-store" }).end("1");
    await origin.asked(3);
    for (const response of gate.responses.slice(1)) response.writeHead(200, { "cache-control": "no-store" }).end("2");
    const texts = await Promise.all(replies.map(async (reply) => (await reply).text()));
    assert.deepEqual(texts.sort(), ["1", "2", "2"]);
    const more = [1, 2, 3].map(() => manager.request(origin.url));
    await origin.asked(6);
    for (const response of gate.responses.slice(3)) response.writeHead(200, { "cache-control": "no-store" }).end("3");
    for (const reply of more) assert.equal(await (await reply).text(), "3");
  });

  test("each go out for a variant that differs", async () => {
    const gate = gated();
    await using origin = await cacheOrigin(gate.answer);
    await using manager = await openNetworkAccessManager();
    const replies = ["a", "b"].map((accept) => manager.request(origin.url, { headers: { accept } }));
    for (const index of [0, 1]) {
      await origin.asked(index + 1);
      gate.responses[index]?.writeHead(200, { ...fresh, vary: "Accept" }).end(origin.requests[index]?.headers.accept);
    }
    const texts = await Promise.all(replies.map(async (reply) => (await reply).text()));
    assert.deepEqual(texts, ["a", "b"]);
  });

  test("each go out where the first fails", async () => {
    await using origin = await cacheOrigin((_request, response, count) => {
      if (count === 1) response.destroy();
      else response.writeHead(200, fresh).end("body");
    });
    await using manager = await openNetworkAccessManager();
    const outcomes = await Promise.allSettled([1, 2, 3].map(async () => (await manager.request(origin.url)).text()));
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.status === "fulfilled" ? outcome.value : "failed")),
      ["failed", "body", "body"],
    );
  });

  test("go on when the first is given up before its head", async () => {
    const gate = gated();
    await using origin = await cacheOrigin(gate.answer);
    await using manager = await openNetworkAccessManager();
    const controller = new AbortController();
    const first = manager.request(origin.url, { signal: controller.signal });
    const others = [1, 2, 3].map(() => manager.request(origin.url));
    await origin.asked(1);
    controller.abort(new Error("given up"));
    await assert.rejects(first, { message: "given up" });
    await origin.asked(2);
    gate.responses[1]?.writeHead(200, { ...fresh, "content-length": "4" }).end("body");
    for (const reply of others) assert.equal(await (await reply).text(), "body");
    assert.equal(origin.requests.length, 2);
  });

  test("go on when the first is given up within its body, by signal or by discarding", async () => {
    for (const way of ["signal", "discard"] as const) {
      const gate = gated();
      await using origin = await cacheOrigin(gate.answer);
      await using manager = await openNetworkAccessManager();
      const controller = new AbortController();
      const first = manager.request(origin.url, { signal: controller.signal });
      await origin.asked(1);
      gate.responses[0]?.writeHead(200, { ...fresh, "content-length": "8" }).write("half");
      const leader = await first;
      const follower = await manager.request(origin.url);
      if (way === "signal") controller.abort();
      else leader.discard();
      gate.responses[0]?.end("rest");
      assert.equal(await follower.text(), "halfrest");
      assert.equal(await (await manager.request(origin.url)).text(), "halfrest");
      assert.equal(origin.requests.length, 1);
    }
  });

  test("end a signal's own request, and no other's, while it waits", async () => {
    const gate = gated();
    await using origin = await cacheOrigin(gate.answer);
    await using manager = await openNetworkAccessManager();
    const first = manager.request(origin.url);
    await origin.asked(1);
    const second = manager.request(origin.url, { signal: AbortSignal.abort(new Error("before")) });
    await assert.rejects(second, { message: "before" });
    const controller = new AbortController();
    const third = manager.request(origin.url, { signal: controller.signal });
    controller.abort(new Error("while waiting"));
    await assert.rejects(third, { message: "while waiting" });
    gate.responses[0]?.writeHead(200, fresh).end("body");
    assert.equal(await (await first).text(), "body");
  });

  for (const [kind, fields] of [
    ["of a known length", { "content-length": String(LARGE) }],
    ["of any length", {}],
  ] as const) {
    test(`${kind}: one that nobody reads does not hold up another`, async () => {
      await using origin = await cacheOrigin((_request, response) => {
        response.writeHead(200, { ...fresh, ...fields }).end(Buffer.alloc(LARGE, "x"));
      });
      await using manager = await openNetworkAccessManager();
      const unread = await manager.request(origin.url);
      const read = await manager.request(origin.url);
      assert.equal((await read.bytes()).length, LARGE);
      assert.equal((await unread.bytes()).length, LARGE);
      assert.equal(origin.requests.length, 1);
    });
  }

  test("a response that turns out too large is whole for each, and kept for none", async () => {
    await using origin = await cacheOrigin((_request, response) => {
      response.writeHead(200, fresh).end(Buffer.alloc(LARGE, "x"));
    });
    await using manager = await openNetworkAccessManager({ cache: { maxResponseBytes: LARGE / 2 } });
    const replies: Reply[] = await Promise.all([1, 2, 3].map(() => manager.request(origin.url)));
    for (const reply of replies) assert.equal((await reply.bytes()).length, LARGE);
    assert.equal(origin.requests.length, 3);
    assert.deepEqual(manager.cache?.usage(), { entries: 0, bytes: 0 });
  });

  test("an unread response does not take in its whole body", async () => {
    let sent = 0;
    await using origin = await cacheOrigin((_request, response) => {
      response.writeHead(200, fresh);
      const more = (): void => {
        while (sent < 64 * LARGE && response.write(Buffer.alloc(100_000))) sent += 100_000;
      };
      response.on("drain", more);
      more();
    });
    await using manager = await openNetworkAccessManager();
    const reply = await manager.request(origin.url);
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok((manager.cache?.usage().bytes ?? 0) < LARGE);
    assert.ok(sent < 64 * LARGE);
    reply.discard();
  });

  test("closing waits for those that wait", async () => {
    const gate = gated();
    await using origin = await cacheOrigin(gate.answer);
    const manager = await openNetworkAccessManager();
    const replies = [manager.request(origin.url), manager.request(origin.url)];
    await origin.asked(1);
    const closed = manager.close();
    gate.responses[0]?.writeHead(200, { ...fresh, "content-length": "4" }).end("body");
    for (const reply of replies) assert.equal(await (await reply).text(), "body");
    await closed;
  });

  test("destroying ends those that wait", async () => {
    await using origin = await cacheOrigin(gated().answer);
    const manager = await openNetworkAccessManager();
    const outcomes = Promise.allSettled([manager.request(origin.url), manager.request(origin.url)]);
    await origin.asked(1);
    await manager.destroy(new Error("enough"));
    for (const outcome of await outcomes) {
      assert.equal(outcome.status, "rejected");
      assert.equal((outcome.reason as Error).message, "enough");
    }
  });

  test("each go out where the cache is told not to be used", async () => {
    await using origin = await cacheOrigin(counting(fresh));
    await using manager = await openNetworkAccessManager();
    const replies = await Promise.all([1, 2, 3].map(() => manager.request(origin.url, { cache: "reload" })));
    for (const reply of replies) await reply.text();
    assert.equal(origin.requests.length, 3);
  });
});
