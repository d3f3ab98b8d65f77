import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Deflater } from "../../src/websocket/deflater.ts";
import { Inflater } from "../../src/websocket/inflater.ts";

const SEED = 20_261_121;

for (const windowBits of [8, 9, 12, 15]) {
  for (const noContextTakeover of [false, true]) {
    const how = `a window of ${String(windowBits)} bits, ${noContextTakeover ? "each by itself" : "one behind the other"}`;
    test(`RFC 7692 section 7.2: messages come back as they were through ${how}`, async () => {
      const piece = fc.oneof(fc.uint8Array({ maxLength: 300, size: "max" }), fc.constant(new Uint8Array(200).fill(7)));
      // What comes again and again, nearer and farther, is what a compressor refers back to.
      const messages = fc
        .array(piece, { minLength: 1, maxLength: 20 })
        .map((pieces) => pieces.map((_, index) => Buffer.concat([...pieces.slice(index), ...pieces.slice(0, 2)])));
      await fc.assert(
        fc.asyncProperty(messages, async (messages) => {
          const compression = { windowBits, noContextTakeover };
          const deflater = new Deflater(compression);
          const inflater = new Inflater({ ...compression, messageBytes: 1_000_000, peer: undefined });
          for (const message of messages.filter(({ length }) => length > 0)) {
            const compressed = await new Promise<Buffer>((resolve, reject) => {
              deflater.take(message, (error, octets) => {
                if (error === undefined) resolve(octets);
                else reject(error);
              });
            });
            const back = await new Promise<unknown>((resolve) => {
              inflater.take(compressed, false, true, (failure, octets) => {
                resolve(failure ?? octets);
              });
            });
            assert.deepEqual(back, message);
          }
          deflater.close();
          inflater.close();
        }),
        { numRuns: 10, seed: SEED },
      );
    });
  }
}

test("nothing is told once a compressor or its counterpart is closed", async () => {
  const deflater = new Deflater({ windowBits: 15, noContextTakeover: false });
  const inflater = new Inflater({ windowBits: 15, noContextTakeover: false, messageBytes: 10, peer: undefined });
  let told = 0;
  deflater.take(Buffer.from("message"), () => (told += 1));
  inflater.take(Buffer.of(0xf2, 0x48), true, false, () => (told += 1));
  deflater.close();
  inflater.close();
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  assert.equal(told, 0);
});
