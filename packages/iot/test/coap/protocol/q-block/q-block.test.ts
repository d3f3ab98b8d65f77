import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  BlockCollection,
  type CoapBlock,
  readMissingBlocks,
  wantedBlocks,
  writeMissingBlocks,
} from "@fairlead/iot/coap/protocol";
import fc from "fast-check";

describe("a list of missing blocks (RFC 9177 section 5)", () => {
  test("is a sequence of CBOR's integers, as short as they can be", () => {
    const numbers = [0, 23, 24, 255, 256, 65_535, 65_536, 1_048_575];
    const bytes = writeMissingBlocks(numbers, 1_000);
    assert.equal(Buffer.from(bytes).toString("hex"), "0017181818ff19010019ffff1a000100001a000fffff");
    assert.deepEqual(readMissingBlocks(bytes), numbers);
    assert.deepEqual(readMissingBlocks(new Uint8Array(0)), []);
  });

  test("has as many as fit (property)", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_048_575)), fc.nat(100), (numbers, maxBytes) => {
        const bytes = writeMissingBlocks(numbers, maxBytes);
        const read = readMissingBlocks(bytes);
        assert.ok(bytes.length <= maxBytes);
        assert.deepEqual(read, numbers.slice(0, read?.length));
      }),
    );
  });

  for (const [what, ...bytes] of [
    ["text", 0x61, 0x61],
    ["a negative number", 0x20],
    ["a number that is cut", 0x19, 1],
    ["a number of eight bytes", 0x1b, 0, 0, 0, 0, 0, 0, 0, 1],
    ["a number that no block has", 0x1a, 0, 0x10, 0, 0],
    ["no number at all", 0x1c],
  ] as const) {
    test(`is not ${what}`, () => {
      assert.equal(readMissingBlocks(Uint8Array.from(bytes)), undefined);
    });
  }

  test("is read from any bytes without an exception (property)", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        for (const number of readMissingBlocks(bytes) ?? []) assert.ok(number <= 1_048_575);
      }),
    );
  });
});

describe("blocks that Q-Block2 asks for (RFC 9177 section 4.4)", () => {
  const cases: readonly (readonly [wanted: string, count: number, blocks: readonly number[] | undefined])[] = [
    ["0 more", 25, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ["0 more", 3, [0, 1, 2]],
    ["0", 3, [0]],
    ["10 more", 12, [10, 11]],
    ["7 more", 25, [7, 8, 9]],
    ["3, 5", 25, [3, 5]],
    ["5, 3, 3", 25, [3, 5]],
    ["8 more, 9, 2", 25, [2, 8, 9]],
    ["3", 3, undefined],
    ["0, 30", 3, undefined],
    ["0, 1 of 32", 3, undefined],
  ];
  for (const [wanted, count, blocks] of cases) {
    test(`by ${wanted} of ${count} are ${blocks?.join(" ") ?? "none"}`, () => {
      const values = wanted.split(", ").map((each): CoapBlock => {
        const sizeBytes = each.endsWith("of 32") ? 32 : 16;
        return { number: Number.parseInt(each, 10), more: each.endsWith("more"), sizeBytes };
      });
      assert.deepEqual(wantedBlocks(values, count, 10), blocks);
    });
  }

  test("are one set at most", () => {
    const values = Array.from({ length: 100 }, (_, number): CoapBlock => ({ number, more: true, sizeBytes: 16 }));
    assert.equal(wantedBlocks(values, 1_000, 10)?.length, 10);
  });
});

describe("a collection of blocks", () => {
  test("is whole in whatever order they come, and however often (property)", () => {
    const sizes = fc.tuple(fc.nat(300), fc.constantFrom(16, 32, 64));
    fc.assert(
      fc.property(sizes, fc.array(fc.nat(30)), fc.infiniteStream(fc.nat()), ([total, sizeBytes], more, random) => {
        const body = Uint8Array.from({ length: total }, (_, index) => index & 255);
        const blocks = new BlockCollection(total, sizeBytes);
        const order = Array.from({ length: blocks.blockCount }, (_, index) => ({
          index,
          key: Number(random.next().value),
        }));
        const numbers = [...more, ...order.sort((one, other) => one.key - other.key).map(({ index }) => index)];
        for (const number of numbers) {
          assert.equal(
            blocks.take(number, body.subarray(number * sizeBytes, (number + 1) * sizeBytes)),
            number < blocks.blockCount,
          );
        }
        assert.ok(blocks.isWhole);
        assert.deepEqual(blocks.bytes, body);
        assert.deepEqual(blocks.missing(Number.POSITIVE_INFINITY), []);
      }),
    );
  });

  test("takes none that is longer or shorter than its place", () => {
    const blocks = new BlockCollection(40, 16);
    const taken = [
      [0, 15],
      [0, 17],
      [2, 16],
      [2, 7],
      [3, 0],
    ].map(([number = 0, length]) => blocks.take(number, new Uint8Array(length ?? 0)));
    assert.deepEqual(taken, [false, false, false, false, false]);
    assert.deepEqual(blocks.missing(2), [0, 1]);
    assert.deepEqual(blocks.missing(9, 1), [0]);
  });
});
