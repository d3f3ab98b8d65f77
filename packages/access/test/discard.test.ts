import type { NetworkAccessManager } from "@fairlead/access";
import { once } from "node:events";
import { buffer } from "node:stream/consumers";
import { brotliCompressSync, gzipSync } from "node:zlib";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture } from "./network-fixture.ts";
import { answering, closed, response, scriptedServer, type ScriptedServer } from "./scripted-server.ts";

const fixture = networkFixture();
const { open } = fixture;

const HEAD_OF_TEN = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";

/** Two of three answers are whole; `/part` never ends. */
const partial = (): Promise<ScriptedServer> =>
  scriptedServer(answering((target) => (target === "/part" ? `${HEAD_OF_TEN}part` : response("whole"))));

async function textOf(manager: NetworkAccessManager, url: string): Promise<string> {
  return (await manager.request(url)).text();
}

describe("giving up", () => {
  test("discard closes a connection whose body has not all come", async () => {
    await using server = await partial();
    await using manager = await open();
    const reply = await manager.request(`${server.origin}/part`);
    reply.discard();
    reply.discard();
    await closed(await server.connection(1));
    await assert.rejects(reply.text(), TypeError);
  });

  test("and keeps one whose body has", async () => {
    await using server = await partial();
    await using manager = await open();
    (await manager.request(server.origin)).discard();
    const read = await manager.request(server.origin);
    await read.text();
    read.discard();
    assert.equal(await textOf(manager, server.origin), "whole");
    assert.equal(server.connections.length, 1);
    const discarded = await manager.request(server.origin);
    discarded.discard();
    await assert.rejects(discarded.text(), TypeError, "and never gives an empty body for one that was dropped");
  });

  test("await using does the same", async () => {
    await using server = await partial();
    await using manager = await open();
    {
      await using reply = await manager.request(`${server.origin}/part`);
      assert.equal(reply.status, 200);
    }
    await closed(await server.connection(1));
  });

  test("discard ends a reading that is under way", async () => {
    await using server = await partial();
    await using manager = await open();
    const reply = await manager.request(`${server.origin}/part`);
    const text = reply.text();
    reply.discard();
    await assert.rejects(text, { name: "AbortError" });
  });

  test("leaving the iteration closes the connection", async () => {
    await using server = await partial();
    await using manager = await open();
    for await (const piece of await manager.request(`${server.origin}/part`)) {
      assert.equal(Buffer.from(piece).toString(), "part");
      break;
    }
    await closed(await server.connection(1));
  });

  for (const [what, coding] of [
    ["as it is", "identity"],
    ["encoded", "gzip"],
    ["encoded twice", "gzip, br"],
  ] as const) {
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: 1000\r\n\r\n`;
    const encoded = gzipSync("x".repeat(100));
    const first = (coding === "gzip, br" ? brotliCompressSync(encoded) : encoded).subarray(0, 20).toString("latin1");
    for (const [when, bytes] of [
      ["before anything came", head],
      ["in the middle", head + first],
    ] as const) {
      test(`a stream of a body ${what} is destroyed ${when}: the connection is closed, without an error`, async () => {
        await using server = await scriptedServer(answering(() => bytes));
        await using manager = await open();
        const stream = (await manager.request(server.origin)).stream();
        const outcome = once(stream, "close").then(() => "closed");
        stream.destroy();
        assert.equal(await outcome, "closed");
        await closed(await server.connection(1));
      });

      test(`a reply whose body ${what} is being streamed is discarded ${when}: the same`, async () => {
        await using server = await scriptedServer(answering(() => bytes));
        await using manager = await open();
        const reply = await manager.request(server.origin);
        const stream = reply.stream();
        stream.resume();
        const outcome = once(stream, "close").then(() => "closed");
        reply.discard();
        assert.equal(await outcome, "closed");
        await closed(await server.connection(1));
      });

      test(`the peer breaks off a body ${what} ${when}: its reader is told, once`, async () => {
        await using server = await scriptedServer(answering((_, socket) => void socket.end(bytes, "latin1")));
        await using manager = await open();
        const stream = (await manager.request(server.origin)).stream();
        const errors: unknown[] = [];
        stream.on("error", (error) => errors.push(error));
        await new Promise((resolve) => stream.once("close", resolve));
        assert.deepEqual(
          errors.map((error) => (error as { code?: string }).code),
          ["RESPONSE_TRUNCATED"],
        );
      });
    }
  }

  test("a body that fails while nobody reads it is an error to whoever reads it then, and to nobody else", async () => {
    await using server = await scriptedServer((socket) => {
      socket.once("data", () => void socket.write(`${HEAD_OF_TEN}part`));
    });
    await using manager = await open();
    const first = await manager.request(server.origin);
    const second = await manager.request(server.origin);
    for (const socket of server.connections) socket.end();
    for (const socket of server.connections) await closed(socket);
    await assert.rejects(first.text(), { code: "RESPONSE_TRUNCATED" });
    await assert.rejects(buffer(second.stream()), { code: "RESPONSE_TRUNCATED" });
  });
});
