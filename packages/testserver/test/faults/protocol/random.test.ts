import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { randomFrom } from "../../../src/faults/protocol/random.ts";

describe("chance from a seed", () => {
  test("is the same in every version: seeds that people wrote down stay good", () => {
    const random = randomFrom(7, 4, 1);
    const drawn = Array.from({ length: 4 }, () => Math.floor(random() * 2 ** 32));
    assert.deepEqual(drawn, [1_319_443_359, 2_328_853_702, 2_823_680_212, 47_861_568]);
  });

  test("differs by seed, by stream and by index", () => {
    const firsts = [randomFrom(1), randomFrom(2), randomFrom(1, 1), randomFrom(1, 0, 1)].map((random) => random());
    assert.equal(new Set(firsts).size, 4);
  });

  test("is even, over one sequence and over the first numbers of many", () => {
    const one = randomFrom(1);
    const sequence = Array.from({ length: 20_000 }, () => one());
    const firsts = Array.from({ length: 20_000 }, (_, index) => randomFrom(1, 5, index)());
    for (const numbers of [sequence, firsts]) {
      const buckets = Array.from({ length: 10 }, () => 0);
      for (const number of numbers) buckets[Math.floor(number * 10)] = (buckets[Math.floor(number * 10)] ?? 0) + 1;
      // Of 2,000 in each the standard deviation is 42.
      for (const count of buckets) assert.ok(Math.abs(count - 2_000) < 250, buckets.join(" "));
    }
  });
});
