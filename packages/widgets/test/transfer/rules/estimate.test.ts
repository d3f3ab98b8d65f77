import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { estimateTransfer, type TransferEstimate, type TransferSample } from "../../../src/transfer/rules/estimate.ts";

const SAMPLE: TransferSample = { at: 0, bytes: 0, totalBytes: 1_000_000, attempt: 0, isMoving: true };

function feed(samples: readonly Partial<TransferSample>[]): TransferEstimate {
  const estimate = samples.reduce<TransferEstimate | undefined>(
    (before, each) => estimateTransfer(before, { ...SAMPLE, ...each }),
    undefined,
  );
  assert.ok(estimate !== undefined);
  return estimate;
}

/** What comes with so many bytes a millisecond, looked at every so often. */
function steady(perMillisecond: number, every: number, until: number): readonly Partial<TransferSample>[] {
  return Array.from({ length: Math.floor(until / every) + 1 }, (_, index) => ({
    at: index * every,
    bytes: index * every * perMillisecond,
  }));
}

describe("the estimate of a transfer", () => {
  test("has no rate and no remaining time at first", () => {
    assert.equal(feed([{}]).rate, undefined);
    assert.equal(feed([{}, { at: 500, bytes: 5_000 }]).rate, undefined);
    const early = feed([{}, { at: 1_000, bytes: 10_000 }]);
    assert.equal(Math.round(early.rate ?? 0), 10_000);
    assert.equal(early.remainingMilliseconds, undefined);
  });

  test("has the rate of what comes steadily, from the first on, and the time that the rest takes", () => {
    const { rate, remainingMilliseconds } = feed(steady(10, 250, 20_000));
    assert.equal(Math.round(rate ?? 0), 10_000);
    assert.equal(Math.round(remainingMilliseconds ?? 0), 80_000);
  });

  test("counts down where all is steady", () => {
    let before: TransferEstimate | undefined;
    for (const each of steady(10, 100, 90_000)) {
      const now = estimateTransfer(before, { ...SAMPLE, ...each });
      if (before?.remainingMilliseconds !== undefined) {
        assert.ok((now.remainingMilliseconds ?? Number.NaN) < before.remainingMilliseconds);
      }
      before = now;
    }
  });

  test("corrects the remaining time when it is wrong by a third, and not before", () => {
    const told = feed(steady(10, 1_000, 10_000));
    const slightlySlower = estimateTransfer(told, { ...SAMPLE, at: 15_000, bytes: 140_000 });
    assert.equal(slightlySlower.remainingMilliseconds, (told.remainingMilliseconds ?? 0) - 5_000);
    const muchSlower = estimateTransfer(told, { ...SAMPLE, at: 15_000, bytes: 101_000 });
    assert.ok((muchSlower.remainingMilliseconds ?? 0) > (told.remainingMilliseconds ?? 0));
  });

  test("stays below the whole until the state says that it is done", () => {
    assert.equal(feed([{ bytes: 1_000_000 }]).fraction, 0.99);
  });

  test("believes no announced length of which more came, even if another is announced", () => {
    const outgrown = feed([
      {},
      { at: 1_000, bytes: 1_000_001 },
      { at: 5_000, bytes: 1_000_002, totalBytes: 9_000_000 },
    ]);
    assert.equal(outgrown.fraction, undefined);
    assert.equal(outgrown.remainingMilliseconds, undefined);
    assert.ok(outgrown.rate !== undefined);
  });

  test("has stalled when nothing came for ten seconds, and goes on with the next byte", () => {
    const stalled = feed([...steady(10, 1_000, 5_000), { at: 14_999, bytes: 50_000 }, { at: 15_000, bytes: 50_000 }]);
    assert.equal(stalled.isStalled, true);
    assert.equal(stalled.silentMilliseconds, 10_000);
    assert.equal(stalled.rate, undefined);
    const again = estimateTransfer(stalled, { ...SAMPLE, at: 16_000, bytes: 50_001 });
    assert.equal(again.isStalled, false);
    assert.equal(feed([...steady(10, 1_000, 5_000), { at: 14_999, bytes: 50_000 }]).isStalled, false);
  });

  test("does not count the time of a rest", () => {
    const rested = feed([
      ...steady(10, 1_000, 5_000),
      { at: 5_000, bytes: 50_000, isMoving: false },
      { at: 500_000, bytes: 50_000 },
      { at: 502_000, bytes: 70_000 },
    ]);
    assert.equal(rested.isStalled, false);
    assert.equal(Math.round(rested.rate ?? 0), 10_000);
  });

  test("goes back to the beginning with another attempt alone", () => {
    assert.equal(feed([{ bytes: 500_000 }, { bytes: 0 }]).fraction, 0.5);
    assert.equal(feed([{ bytes: 500_000 }, { bytes: 0, attempt: 1 }]).fraction, 0);
  });

  test("counts what came while its clock stood still, or went back", () => {
    const still = feed([{}, { bytes: 5_000 }, { at: 2_000, bytes: 20_000 }]);
    assert.equal(Math.round(still.rate ?? 0), 10_000);
    const back = feed([{ at: 9_000 }, { at: 1_000, bytes: 5_000 }, { at: 3_000, bytes: 20_000 }]);
    assert.equal(Math.round(back.rate ?? 0), 10_000);
  });

  test("comes to the same rate however often it is fed", () => {
    const spans = fc.array(
      fc.record({ milliseconds: fc.integer({ min: 10, max: 5_000 }), bytes: fc.integer({ min: 1, max: 1_000_000 }) }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(spans, fc.integer({ min: 2, max: 10 }), (pieces, parts) => {
        const whole: Partial<TransferSample>[] = [{}];
        const cut: Partial<TransferSample>[] = [{}];
        let [at, bytes] = [0, 0];
        for (const piece of pieces) {
          for (let part = 1; part <= parts; part++) {
            cut.push({ at: at + (piece.milliseconds * part) / parts, bytes: bytes + (piece.bytes * part) / parts });
          }
          at += piece.milliseconds;
          bytes += piece.bytes;
          whole.push({ at, bytes });
        }
        const [one, other] = [feed(whole).rate ?? 0, feed(cut).rate ?? 0];
        assert.ok(Math.abs(one - other) <= 1e-6 * Math.max(1, one), `${one} is not ${other}`);
      }),
    );
  });

  test("whatever is fed, all numbers are finite, none is negative, and the fraction does not fall", () => {
    const anything = fc.oneof(
      fc.double(),
      fc.integer({ min: -10, max: 2_000_000 }),
      fc.constantFrom(0, 1e-320, Number.MAX_VALUE, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    );
    const sample = fc.record({
      at: anything,
      bytes: anything,
      totalBytes: fc.option(anything, { nil: undefined }),
      attempt: fc.integer({ min: 0, max: 1 }),
      isMoving: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 50 }), (samples) => {
        let before: TransferEstimate | undefined;
        for (const each of samples) {
          const now = estimateTransfer(before, each);
          for (const value of Object.values(now)) {
            if (typeof value === "number") assert.ok(Number.isFinite(value), JSON.stringify(now));
          }
          const { fraction, rate = 0, remainingMilliseconds = 0, silentMilliseconds } = now;
          assert.ok(rate >= 0 && remainingMilliseconds >= 0 && silentMilliseconds >= 0 && now.bytes >= 0);
          if (fraction !== undefined) assert.ok(fraction >= 0 && fraction <= 0.99);
          if (before?.attempt === now.attempt) {
            assert.ok(now.bytes >= before.bytes);
            if (before.fraction !== undefined && fraction !== undefined) assert.ok(fraction >= before.fraction);
          }
          before = now;
        }
      }),
    );
  });
});
