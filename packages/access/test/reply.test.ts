import type { NetworkAccessManager, Reply } from "@fairlead/access";
import { buffer } from "node:stream/consumers";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture } from "./network-fixture.ts";
import { answering, response, scriptedServer } from "./scripted-server.ts";

const fixture = networkFixture();
const { open } = fixture;
const origin = (): string => fixture.network.https.origin;

async function textOf(manager: NetworkAccessManager, url: string): Promise<string> {
  return (await manager.request(url)).text();
}

describe("a body is read once, in any of these ways", () => {
  const readers: [way: string, read: (reply: Reply) => Promise<Uint8Array>][] = [
    ["bytes", (reply) => reply.bytes()],
    ["text", async (reply) => Buffer.from(await reply.text(), "utf8")],
    ["json", async (reply) => Buffer.from(JSON.stringify(await reply.json()))],
    ["stream", (reply) => buffer(reply.stream())],
    ["asynchronous iteration", (reply) => buffer(reply)],
  ];
  for (const [way, read] of readers) {
    test(way, async () => {
      await using manager = await open();
      const reply = await manager.request(`${origin()}/json`);
      assert.equal((await read(reply)).length, 1_024);
      await assert.rejects(reply.bytes(), TypeError);
      await assert.rejects(reply.text(), TypeError);
      await assert.rejects(reply.json(), TypeError);
      assert.throws(() => reply.stream(), TypeError);
      assert.throws(() => reply[Symbol.asyncIterator](), TypeError);
    });
    test(`${way}, when all of it has come already, and when none has`, async () => {
      const body = JSON.stringify("x".repeat(1_022));
      await using server = await scriptedServer((socket) => {
        socket.once(
          "data",
          () => void socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${String(body.length)}\r\n\r\n`),
        );
      });
      await using manager = await open();
      const late = await manager.request(server.origin);
      const reading = read(late);
      (await server.connection(1)).write(body);
      assert.equal((await reading).length, body.length);
    });
  }

  test("large bodies come whole and in order", async () => {
    await using manager = await open();
    for (const size of [0, 1, 65_535, 65_536, 65_537, 1_000_000]) {
      for (const read of [(reply: Reply) => reply.bytes(), (reply: Reply) => buffer(reply.stream())]) {
        const bytes = await read(await manager.request(`${origin()}/bytes/${String(size)}`));
        assert.equal(bytes.length, size);
        assert.ok(bytes.every((byte, index) => byte === index % 251));
      }
    }
  });

  test("a byte order mark is no text, and what is no UTF-8 is replaced", async () => {
    const bodies: [bytes: string, text: string][] = [
      ["\xef\xbb\xbfmark", "mark"],
      ["\xef\xbb\xbf{}", "{}"],
      ["caf\xc3\xa9", "café"],
      ["caf\xe9", "caf\ufffd"],
      ["", ""],
    ];
    await using server = await scriptedServer(
      answering((target) => response(bodies[Number(target.slice(1))]?.[0] ?? "")),
    );
    await using manager = await open();
    for (const [index, [, text]] of bodies.entries()) {
      assert.equal(await textOf(manager, `${server.origin}/${String(index)}`), text);
    }
    assert.deepEqual(await (await manager.request(`${server.origin}/1`)).json(), {});
    await assert.rejects((await manager.request(`${server.origin}/4`)).json(), SyntaxError);
  });
});

describe("heads", () => {
  test("status, ok, url and fields; a repeated field is a list", async () => {
    const fields = ["X-One: 1", "Set-Cookie: a=1", "Set-Cookie: b=2", "__proto__: x", "constructor: y"];
    await using server = await scriptedServer(answering(() => response("ok", ...fields)));
    await using manager = await open();
    const reply = await manager.request(`${server.origin}/path?query#fragment`);
    assert.equal(reply.status, 200);
    assert.equal(reply.ok, true);
    assert.equal(reply.url, `${server.origin}/path?query#fragment`);
    assert.equal(reply.headers["x-one"], "1");
    assert.deepEqual(reply.headers["set-cookie"], ["a=1", "b=2"]);
    assert.equal(reply.headers.constructor, "y");
    await reply.text();
    const statuses = [];
    for (const status of [204, 299, 300, 404, 500]) {
      const { ok } = await manager.request(`${origin()}/status/${String(status)}`);
      statuses.push(ok);
    }
    assert.deepEqual(statuses, [true, true, false, false, false]);
  });

  test("trailers are there when the body has ended", async () => {
    const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Digest: abc\r\n\r\n";
    await using server = await scriptedServer(answering(() => chunked));
    await using manager = await open();
    const reply = await manager.request(server.origin);
    assert.equal(await reply.text(), "ok");
    assert.deepEqual(reply.trailers, { "x-digest": "abc" });
  });

  for (const [what, method, status] of [
    ["HEAD", "HEAD", "200 OK\r\nContent-Length: 10\r\nContent-Encoding: gzip"],
    ["204", "GET", "204 No Content"],
    ["304", "GET", "304 Not Modified\r\nContent-Length: 10\r\nETag: x"],
  ] as const) {
    test(`${what} has no body to wait for`, async () => {
      await using server = await scriptedServer(answering(() => `HTTP/1.1 ${status}\r\n\r\n`));
      await using manager = await open();
      const reply = await manager.request(server.origin, { method });
      assert.equal((await reply.bytes()).length, 0);
      assert.equal((await buffer((await manager.request(server.origin, { method })).stream())).length, 0);
    });
  }
});
