import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { draw, type Rate } from "../../../src/admission/protocol/token-bucket.ts";

const rate: Rate = { requests: 10, seconds: 1, burst: 3 };

describe("a token bucket", () => {
  test("gives its burst at once, and then as fast as it fills", () => {
    const times = [0, 0, 0, 0, 99, 100, 100, 400, 400, 400, 400];
    let fullAt: number | undefined;
    const allowed = times.map((now) => {
      const drawn = draw(rate, fullAt, now);
      fullAt = drawn.fullAt;
      return drawn.isAllowed;
    });
    assert.deepEqual(allowed, [true, true, true, false, false, true, false, true, true, true, false]);
  });

  test("says what is left, and how long to wait for the next", () => {
    const first = draw(rate, undefined, 1_000);
    assert.deepEqual([first.remaining, first.waitMilliseconds], [2, 0]);
    const third = draw(rate, draw(rate, first.fullAt, 1_000).fullAt, 1_000);
    assert.deepEqual([third.remaining, third.waitMilliseconds], [0, 100]);
    const refused = draw(rate, third.fullAt, 1_030);
    assert.deepEqual([refused.isAllowed, refused.remaining, refused.waitMilliseconds], [false, 0, 70]);
  });

  test("never gives more in any time than its burst and what it fills meanwhile", () => {
    const rates = fc.record({ requests: fc.integer({ min: 1, max: 50 }), seconds: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(
        rates,
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.nat(3_000)),
        ({ requests, seconds }, burst, gaps) => {
          const given = { requests, seconds, burst };
          let [now, fullAt, count]: [number, number | undefined, number] = [0, undefined, 0];
          for (const gap of gaps) {
            now += gap;
            const drawn = draw(given, fullAt, now);
            fullAt = drawn.fullAt;
            if (drawn.isAllowed) count += 1;
            assert.ok(drawn.remaining >= 0 && drawn.remaining < burst + 1);
            assert.ok(count <= burst + (now * requests) / (seconds * 1_000) + 1e-6);
          }
        },
      ),
    );
  });

  test("lets in at the time that it said", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 997 }), fc.integer({ min: 1, max: 61 }), (requests, seconds) => {
        const given = { requests, seconds, burst: 1 };
        const { fullAt, waitMilliseconds } = draw(given, undefined, 12_345.678);
        assert.ok(draw(given, fullAt, 12_345.678 + waitMilliseconds).isAllowed);
      }),
    );
  });
});
