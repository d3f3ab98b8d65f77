import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { nextSeed } from "../../../src/stress/protocol/seed.ts";
import {
  describeStress,
  type Phase,
  planStress,
  type StressBounds,
  stressKindNames,
} from "../../../src/stress/protocol/stress-plan.ts";

const seeds = fc.nat({ max: 0xffff_ffff });
const mebibyte = 2 ** 20;
const bounds: StressBounds = { processors: [0, 1, 5], availableBytes: 8192 * mebibyte, durationMilliseconds: 1000 };

describe("a plan of stress", () => {
  test("is the same for the same seed, and another for another", () => {
    const plan = planStress(stressKindNames, 7, bounds);
    assert.deepEqual(planStress(stressKindNames, 7, bounds), plan);
    for (const kind of stressKindNames) {
      const others = [8, 9, 10, 11].map((seed) => JSON.stringify(planStress([kind], seed, bounds)[kind]));
      assert.ok(
        others.some((other) => other !== JSON.stringify(plan[kind])),
        kind,
      );
    }
  });

  test("has for each kind what it has for that kind alone, and nothing that was not asked for", () => {
    fc.assert(
      fc.property(seeds, fc.subarray([...stressKindNames]), (seed, kinds) => {
        const plan = planStress(kinds, seed, bounds);
        for (const kind of stressKindNames) {
          const alone = kinds.includes(kind) ? planStress([kind], seed, bounds)[kind] : undefined;
          assert.deepEqual(plan[kind], alone);
        }
        assert.equal(describeStress(plan).length, kinds.length);
      }),
    );
  });

  test("stays within its bounds", () => {
    const machines = fc.record({
      processors: fc.uniqueArray(fc.nat({ max: 127 }), { minLength: 1, maxLength: 128 }),
      availableBytes: fc.nat({ max: 2 ** 40 }),
      durationMilliseconds: fc.nat(),
    });
    fc.assert(
      fc.property(seeds, machines, (seed, machine) => {
        const { cpu = [], memory, fd, scheduling, ...rest } = planStress(stressKindNames, seed, machine);
        assert.ok(cpu.length >= 1 && cpu.length <= machine.processors.length);
        for (const bursts of cpu) assert.ok(shareOf(bursts) <= 0.9);

        const { holdBytes = -1 } = memory ?? {};
        assert.ok(holdBytes >= 0 && holdBytes <= Math.min(machine.availableBytes / 2, 4096 * mebibyte));
        assert.ok(holdBytes === 0 || machine.availableBytes - holdBytes >= 512 * mebibyte);

        assert.ok(fd !== undefined && fd.limit >= 40 && fd.limit <= 128);
        const skew = rest["clock-skew"];
        assert.ok(skew !== undefined && Math.abs(skew.offsetSeconds) <= 300 && Math.abs(skew.offsetSeconds) >= 5);
        assert.ok(skew.rate >= 0.9 && skew.rate <= 1.1);

        assert.ok(scheduling !== undefined && scheduling.niceness >= 0 && scheduling.niceness <= 19);
        assert.ok(scheduling.processor === undefined || machine.processors.includes(scheduling.processor));
        for (const { forMilliseconds, restMilliseconds } of scheduling.pauses) {
          assert.ok(forMilliseconds >= 1 && forMilliseconds <= 100 && restMilliseconds >= 20);
        }
      }),
    );
  });

  test("of one seed after another comes to no end soon: the first 10,000 are all different", () => {
    const seen = new Set<number>();
    for (let seed = 1; seen.size < 10_000; seed = nextSeed(seed)) {
      assert.ok(!seen.has(seed) && Number.isInteger(seed) && seed >= 0 && seed <= 0xffff_ffff);
      seen.add(seed);
    }
  });
});

function shareOf(bursts: readonly Phase[]): number {
  const sum = (of: (phase: Phase) => number): number => bursts.reduce((total, phase) => total + of(phase), 0);
  const busy = sum(({ forMilliseconds }) => forMilliseconds);
  return busy / (busy + sum(({ restMilliseconds }) => restMilliseconds));
}
