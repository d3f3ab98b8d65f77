import { GatheredChunks } from "../src/gathered-chunks.ts";
import { openNetworkAccessManager } from "@fairlead/access";
import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { answering, scriptedServer } from "./scripted-server.ts";

test("a body that comes byte by byte is held in few pieces", () => {
  const chunks = new GatheredChunks();
  for (let byte = 0; byte < 1_000_000; byte += 1) chunks.push(Uint8Array.of(byte % 256));
  assert.equal(chunks.length, 1_000_000);
  assert.ok(chunks.pieces < 200, String(chunks.pieces));
  const whole = Buffer.concat(chunks.take());
  assert.ok(whole.every((byte, index) => byte === index % 256));
  assert.equal(chunks.length, 0);
});

test("few pieces, and large ones, are held as they came", () => {
  const chunks = new GatheredChunks();
  const pieces = [...Array.from({ length: 64 }, () => Buffer.from("x")), Buffer.alloc(2_000)];
  for (const piece of pieces) chunks.push(piece);
  assert.ok(chunks.take().every((piece, index) => piece === pieces[index]));
});

test("whatever the pieces are, their bytes come out in order", () => {
  const size = fc.oneof(fc.nat({ max: 20 }), fc.integer({ min: 1_000, max: 1_050 }), fc.constant(40_000));
  fc.assert(
    fc.property(fc.array(size, { maxLength: 300, minLength: 60 }), fc.nat({ max: 300 }), (sizes, taken) => {
      const chunks = new GatheredChunks();
      const out: Uint8Array[] = [];
      const expected = sizes.map((length, index) => Buffer.alloc(length, index));
      for (const [index, piece] of expected.entries()) {
        chunks.push(piece);
        if (index === taken) out.push(...chunks.take());
      }
      assert.ok(Buffer.concat([...out, ...chunks.take()]).equals(Buffer.concat(expected)));
    }),
    { numRuns: 100, seed: 20_261_121 },
  );
});

test("a response in chunks of one byte is read like any other", async () => {
  const body = "chunk by chunk ".repeat(2_000);
  const chunks = body.replace(/[^]/g, (character) => `1\r\n${character}\r\n`);
  await using server = await scriptedServer(
    answering(() => `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`),
  );
  await using manager = await openNetworkAccessManager();
  assert.equal(await (await manager.request(server.origin)).text(), body);
  assert.equal(await (await manager.fetch(server.origin)).text(), body);
});
