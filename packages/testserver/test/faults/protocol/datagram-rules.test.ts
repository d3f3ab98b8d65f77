import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Fault } from "../../../src/faults/fault.ts";
import { datagramChance, datagramRule, type Flight } from "../../../src/faults/protocol/datagram-rules.ts";

/** Takes datagrams, one a millisecond from 0, through a fault that hits them all. */
function carry(fault: Fault, count: number, sizeBytes = 10): readonly Flight<number>[] {
  const rule = datagramRule<number>(fault, datagramChance(fault.seed ?? 7, 1, "up"), 0);
  assert.ok(rule !== undefined);
  const landed: Flight<number>[] = [];
  for (let route = 0; route < count; route += 1) {
    if ((rule.dueAt?.() ?? Number.POSITIVE_INFINITY) <= route) landed.push(...(rule.expire?.() ?? []));
    landed.push(...rule.carry({ bytes: new Uint8Array(sizeBytes), at: route, route }));
  }
  landed.push(...(rule.expire?.() ?? []));
  return landed;
}

function routes(landed: readonly Flight<number>[]): readonly number[] {
  return landed.map(({ route }) => route);
}

describe("what faults do to datagrams", () => {
  test("burst-loss loses as much as its model says, in bursts as long as it says", () => {
    const fault: Fault = { type: "burst-loss", toBad: 0.05, toGood: 0.25, seed: 1 };
    const came = new Set(routes(carry(fault, 50_000)));
    // In the long run 0.05 / (0.05 + 0.25) of the time is bad.
    assert.ok(Math.abs(1 - came.size / 50_000 - 1 / 6) < 0.01, `${came.size} came`);
    let bursts = 0;
    for (let index = 1; index < 50_000; index += 1) if (!came.has(index) && came.has(index - 1)) bursts += 1;
    const length = (50_000 - came.size) / bursts;
    assert.ok(Math.abs(length - 4) < 0.3, `bursts of ${length}`);
  });

  test("burst-loss that is never bad loses nothing, and one that is always bad all", () => {
    assert.equal(carry({ type: "burst-loss", toBad: 0 }, 1_000).length, 1_000);
    assert.equal(carry({ type: "burst-loss", toBad: 1, toGood: 0 }, 1_000).length, 0);
    assert.equal(carry({ type: "burst-loss", toBad: 0, lossWhenGood: 1 }, 10).length, 0);
  });

  test("reorder lets so many overtake, one at a time", () => {
    assert.deepEqual(routes(carry({ type: "reorder" }, 6)), [1, 0, 3, 2, 5, 4]);
    assert.deepEqual(routes(carry({ type: "reorder", behind: 2 }, 6)), [1, 2, 0, 4, 5, 3]);
    assert.deepEqual(routes(carry({ type: "reorder" }, 3)), [1, 0, 2], "the last goes when its time is up");
    assert.deepEqual(routes(carry({ type: "reorder", behind: 9, milliseconds: 2 }, 4)), [1, 0, 3, 2]);
  });

  test("duplicate, bandwidth, limit and truncate count", () => {
    const twice = carry({ type: "duplicate", copies: 1, milliseconds: 5 }, 2);
    assert.deepEqual(
      twice.map(({ route, at }) => [route, at]),
      [
        [0, 0],
        [0, 5],
        [1, 1],
        [1, 6],
      ],
    );
    assert.deepEqual(
      carry({ type: "bandwidth", bytesPerSecond: 1_000 }, 3).map(({ at }) => at),
      [10, 20, 30],
    );
    assert.deepEqual(routes(carry({ type: "limit", bytes: 25 }, 5)), [0, 1]);
    assert.deepEqual(routes(carry({ type: "limit", datagrams: 3 }, 5)), [0, 1, 2]);
    assert.deepEqual(routes(carry({ type: "limit", milliseconds: 2 }, 5)), [0, 1]);
    assert.deepEqual(
      carry({ type: "truncate", bytes: 4 }, 1).map(({ bytes }) => bytes.length),
      [4],
    );
  });

  test("corrupt flips one bit, and leaves the sender's own bytes alone", () => {
    const sent = new Uint8Array(100);
    const rule = datagramRule<undefined>({ type: "corrupt" }, datagramChance(1, 1, "up"), 0);
    for (let turn = 0; turn < 50; turn += 1) {
      const [flight] = rule?.carry({ bytes: sent, at: 0, route: undefined }) ?? [];
      const wrong = [...(flight?.bytes ?? [])].filter((byte) => byte !== 0);
      assert.equal(wrong.length, 1);
    }
    assert.ok(sent.every((byte) => byte === 0));
    assert.deepEqual(rule?.carry({ bytes: new Uint8Array(0), at: 0, route: undefined })[0]?.bytes.length, 0);
  });

  test("is the same again by the same seed, and nothing comes that was not sent", () => {
    const fault: fc.Arbitrary<Fault> = fc.oneof(
      fc.record({ type: fc.constant("latency" as const), milliseconds: fc.nat(9), jitterMilliseconds: fc.nat(20) }),
      fc.record({ type: fc.constant("burst-loss" as const), seed: fc.nat() }),
      fc.record({ type: fc.constant("reorder" as const), behind: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ type: fc.constant("corrupt" as const), seed: fc.nat() }),
      fc.record({ type: fc.constant("duplicate" as const), copies: fc.integer({ min: 1, max: 4 }) }),
    );
    fc.assert(
      fc.property(fault, fc.integer({ min: 0, max: 40 }), (one, count) => {
        const landed = carry(one, count);
        assert.deepEqual(carry(one, count), landed);
        for (const { route, at } of landed) assert.ok(route < count && at >= route);
      }),
    );
  });
});
