import { FetchError } from "@fairlead/access";
import fc from "fast-check";
import { getEventListeners } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture } from "../network-fixture.ts";
import { answering, closed, response, scriptedServer } from "../scripted-server.ts";

const fixture = networkFixture();
const { open } = fixture;
const PART = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart";

describe("the body as a stream", () => {
  test("is one of bytes, into memory of the reader's own, too", async () => {
    await using server = await scriptedServer(answering(() => response("0123456789")));
    await using manager = await open();
    const { body } = await manager.fetch(server.origin);
    assert.ok(body);
    const reader = body.getReader({ mode: "byob" });
    const pieces: string[] = [];
    for (;;) {
      const { done, value } = await reader.read(new Uint8Array(4));
      if (done) break;
      pieces.push(Buffer.from(value).toString());
    }
    assert.equal(pieces.join(""), "0123456789");
  });

  test("is whole whatever its length, and both of a clone are", async () => {
    await using manager = await open();
    const { origin } = fixture.network.https;
    for (const size of [0, 1, 65_536, 300_000]) {
      const answer = await manager.fetch(`${origin}/bytes/${String(size)}`);
      const clone = answer.clone();
      assert.equal(clone.url, answer.url);
      for (const bytes of await Promise.all([answer.bytes(), clone.bytes()])) {
        assert.equal(bytes.length, size);
        assert.ok(bytes.every((byte, index) => byte === index % 251));
      }
    }
  });

  test("that was begun is not read in another way", async () => {
    await using server = await scriptedServer(answering(() => response("0123456789")));
    await using manager = await open();
    const answer = await manager.fetch(server.origin);
    const reader = answer.body?.getReader();
    await assert.rejects(answer.text(), TypeError);
    await reader?.read();
    assert.equal(answer.bodyUsed, true);
  });

  test("that is cancelled ends the connection", async () => {
    await using server = await scriptedServer(answering(() => PART));
    await using manager = await open();
    const { body } = await manager.fetch(server.origin);
    await body?.cancel(new Error("enough"));
    await closed(await server.connection(1));
  });

  test("that breaks off fails with the code", async () => {
    await using server = await scriptedServer(answering((_, socket) => void socket.end(PART)));
    await using manager = await open();
    const { body } = await manager.fetch(server.origin);
    const read = async (): Promise<void> => {
      assert.ok(body);
      for await (const chunk of body as AsyncIterable<Uint8Array>) assert.ok(chunk.length > 0);
    };
    await assert.rejects(read(), (error) => error instanceof FetchError && error.code === "RESPONSE_TRUNCATED");
  });
});

test("an abort counts until the body was handed over, although all of it has come", async () => {
  await using server = await scriptedServer(answering(() => response("ok")));
  await using manager = await open();
  for (const look of [(answer: Response) => answer.text(), (answer: Response) => answer.body?.getReader().read()]) {
    const controller = new AbortController();
    const answer = await manager.fetch(server.origin, { signal: controller.signal });
    controller.abort(new RangeError("enough"));
    await assert.rejects(async () => look(answer), { name: "RangeError", message: "enough" });
    assert.deepEqual(getEventListeners(controller.signal, "abort"), []);
  }
});

test("what an application does with its bytes changes nobody else's", async () => {
  await using server = await scriptedServer(answering(() => response("kept", "Cache-Control: max-age=1000")));
  await using manager = await open();
  for (let round = 0; round < 3; round += 1) {
    const bytes = await (await manager.fetch(server.origin)).bytes();
    assert.equal(Buffer.from(bytes).toString(), "kept");
    assert.equal(bytes.buffer.byteLength, bytes.length, "no memory of others comes along");
    bytes.fill(0);
  }
});

test("a response that nobody holds gives up its connection", async () => {
  setFlagsFromString("--expose-gc");
  // The flag adds the function to contexts made from then on.
  const collect = runInNewContext("gc") as () => void;
  await using server = await scriptedServer(answering(() => PART));
  await using manager = await open();
  for (const look of [() => undefined, (answer: Response) => answer.body]) {
    const number = server.connections.length + 1;
    await (async (): Promise<void> => {
      look(await manager.fetch(`${server.origin}/${String(number)}`));
    })();
    const socket = await server.connection(number);
    // Collected when the engine pleases: each turn of the loop asks it again.
    while (!socket.destroyed) {
      collect();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
});

test("whatever is sent comes back: text as the decoder of the standard has it", async () => {
  await using server = await scriptedServer((socket) => {
    socket.on("data", (data) => {
      const target = /^GET \/(\S*) /.exec(data.toString("latin1"))?.[1] ?? "";
      const body = Buffer.from(target, "hex");
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${String(body.length)}\r\n\r\n`);
      socket.write(body);
    });
  });
  await using manager = await open();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), async (bytes) => {
      const url = `${server.origin}/${Buffer.from(bytes).toString("hex")}`;
      assert.equal(await (await manager.fetch(url)).text(), new TextDecoder().decode(bytes));
      assert.deepEqual(await (await manager.fetch(url)).bytes(), bytes);
    }),
    { numRuns: 60 },
  );
});
