import type { NetworkAccessManager, Reply } from "@fairlead/access";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture } from "./network-fixture.ts";
import { answering, closed, response, scriptedServer } from "./scripted-server.ts";

const fixture = networkFixture();
const { open } = fixture;
const origin = (): string => fixture.network.https.origin;

const MEBIBYTE = 1_048_576;

async function textOf(manager: NetworkAccessManager, url: string): Promise<string> {
  return (await manager.request(url)).text();
}

async function* chunksOf(stream: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of stream) yield chunk as Buffer;
}

describe("limits", () => {
  test("a body read whole may not be larger than bodyLimitBytes", async () => {
    await using manager = await open({ bodyLimitBytes: 100_000 });
    assert.equal((await (await manager.request(`${origin()}/bytes/100000`)).bytes()).length, 100_000);
    for (const read of ["bytes", "text", "json"] as const) {
      const reply = await manager.request(`${origin()}/bytes/100001`);
      await assert.rejects(reply[read](), { name: "PolicyError", code: "BODY_LIMIT" });
    }
    const streamed = await buffer((await manager.request(`${origin()}/bytes/100001`)).stream());
    assert.equal(streamed.length, 100_001, "a stream has no limit");
  });

  test("one that is larger closes its connection, and no other", async () => {
    await using server = await scriptedServer(answering(() => response("x".repeat(200_000))));
    await using manager = await open({ bodyLimitBytes: 1_000 });
    const reply = await manager.request(server.origin);
    await assert.rejects(reply.bytes(), { code: "BODY_LIMIT" });
    await closed(await server.connection(1));
  });

  test("the limit is one of decoded bytes: a bomb is stopped, and takes no memory", async () => {
    await using manager = await open({ bodyLimitBytes: MEBIBYTE });
    const url = `${origin()}/compress/bomb?mebibytes=256`;
    const reply = await manager.request(url);
    const before = process.memoryUsage().arrayBuffers;
    await assert.rejects(reply.bytes(), { code: "BODY_LIMIT" });
    assert.ok(process.memoryUsage().arrayBuffers - before < 64 * MEBIBYTE);
  });

  test("a bomb that is streamed unfolds no faster than it is read", async () => {
    await using manager = await open({ contentExpansion: { ratio: Infinity } });
    const stream = (await manager.request(`${origin()}/compress/bomb?mebibytes=64`)).stream();
    await once(stream, "readable");
    for (let last = -1, same = 0; same < 50; ) {
      await textOf(manager, `${origin()}/json`);
      same = stream.readableLength === last ? same + 1 : 0;
      last = stream.readableLength;
    }
    assert.ok(stream.readableLength < MEBIBYTE, `${String(stream.readableLength)} bytes were decoded ahead`);
    let length = 0;
    for await (const chunk of chunksOf(stream)) length += chunk.length;
    assert.equal(length, 64 * MEBIBYTE);
  });

  for (const [who, start] of [
    ["nobody reads", () => undefined],
    [
      "a reader has stopped reading",
      (reply: Reply) => {
        const stream = reply.stream();
        stream.on("error", () => undefined);
        stream.read(0);
      },
    ],
  ] as const) {
    test(`the sender is held back when ${who}`, async () => {
      await using server = await scriptedServer((socket) => {
        socket.once("data", () => {
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${String(64 * MEBIBYTE)}\r\n\r\n`);
          socket.write(Buffer.alloc(64 * MEBIBYTE));
        });
      });
      await using other = await scriptedServer(answering(() => response("ok")));
      await using manager = await open();
      const reply = await manager.request(server.origin);
      start(reply);
      // Until nothing has come for many turns of the loop, each long enough for a whole exchange.
      const [hop] = reply.transaction.hops;
      for (let last = -1, same = 0; same < 50; ) {
        await textOf(manager, other.origin);
        same = hop?.bodyBytes === last ? same + 1 : 0;
        last = hop?.bodyBytes ?? 0;
      }
      assert.ok((hop?.bodyBytes ?? 0) < MEBIBYTE, `${String(hop?.bodyBytes)} bytes were taken in`);
      const socket = await server.connection(1);
      assert.ok(socket.writableLength > 0, "the peer still has most of it");
      await manager.destroy();
    });
  }
});
