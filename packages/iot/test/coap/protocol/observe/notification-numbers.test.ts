import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { isFresher } from "../../../../src/coap/protocol/observe/freshness.ts";
import { notificationNumbers } from "../../../../src/coap/protocol/observe/notification-numbers.ts";

describe("the number of a notification (RFC 7641 section 4.4)", () => {
  test("goes by the time, and on by one where that stands still", () => {
    const times = [1_000.9, 1_000.9, 1_001, 2_000];
    const next = notificationNumbers(() => times.shift() ?? 0);
    assert.deepEqual([next(), next(), next(), next(), next()], [1_000, 1_001, 1_002, 2_000, 2_001]);
  });

  test("begins again behind 2^24 - 1", () => {
    const next = notificationNumbers(() => 2 ** 24 - 1);
    assert.deepEqual([next(), next()], [2 ** 24 - 1, 0]);
  });

  test("is fresher than the one before it, for whoever judges by section 3.4 (property)", () => {
    const steps = fc.array(fc.nat({ max: 2 ** 23 + 1_000_000 }), { minLength: 2, maxLength: 50 });
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 41 }), steps, (start, waits) => {
        let time = start;
        const next = notificationNumbers(() => time);
        let newest = { sequence: next(), receivedAt: time };
        for (const wait of waits) {
          time += wait;
          const notification = { sequence: next(), receivedAt: time };
          assert.ok(isFresher(notification, newest));
          newest = notification;
        }
      }),
    );
  });
});
