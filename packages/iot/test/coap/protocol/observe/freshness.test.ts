import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isFresher } from "@fairlead/iot/coap/protocol";
import fc from "fast-check";

describe("a notification is fresher than another (RFC 7641 section 3.4)", () => {
  const cases: readonly (readonly [next: number, newest: number, laterMilliseconds: number, isFresher: boolean])[] = [
    [1, 0, 0, true],
    [0, 0, 0, false],
    [0, 1, 0, false],
    [2 ** 23 - 1, 0, 0, true],
    [2 ** 23, 0, 0, false],
    [2 ** 23 + 1, 0, 0, false],
    [0, 2 ** 23, 0, false],
    [0, 2 ** 23 + 1, 0, true],
    [0, 2 ** 24 - 1, 0, true],
    [5, 7, 128_000, false],
    [5, 7, 128_001, true],
    [7, 7, 128_001, true],
  ];
  for (const [next, newest, later, fresher] of cases) {
    test(`${next} ${later} ms behind ${newest}: ${fresher ? "yes" : "no"}`, () => {
      assert.equal(isFresher({ sequence: next, receivedAt: later }, { sequence: newest, receivedAt: 0 }), fresher);
    });
  }

  test("or older, never both at once (property)", () => {
    const sequence = fc.integer({ min: 0, max: 2 ** 24 - 1 });
    fc.assert(
      fc.property(sequence, sequence, (one, other) => {
        const at = { receivedAt: 0 };
        const both =
          isFresher({ sequence: one, ...at }, { sequence: other, ...at }) &&
          isFresher({ sequence: other, ...at }, { sequence: one, ...at });
        assert.equal(both, false);
      }),
    );
  });
});
