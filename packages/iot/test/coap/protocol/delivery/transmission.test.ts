import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultTransmission, transmissionTimes } from "../../../../src/coap/protocol/delivery/index.ts";
import { completeTransmission } from "../../../../src/coap/protocol/delivery/transmission.ts";

describe("transmission parameters", () => {
  test("give the times of RFC 7252 section 4.8.2 by default", () => {
    assert.deepEqual(transmissionTimes(defaultTransmission), {
      maxTransmitSpanMilliseconds: 45_000,
      maxTransmitWaitMilliseconds: 93_000,
      exchangeLifetimeMilliseconds: 247_000,
      nonLifetimeMilliseconds: 145_000,
    });
  });

  test("are completed by those of RFC 7252 section 4.8", () => {
    assert.deepEqual(completeTransmission(), defaultTransmission);
    assert.equal(completeTransmission({ nstart: 4 }).nstart, 4);
    assert.equal(completeTransmission({ nstart: 4 }).maxRetransmit, 4);
  });

  const refused = [
    { ackTimeoutMilliseconds: 0 },
    { ackRandomFactor: 0.9 },
    { maxRetransmit: -1 },
    { maxRetransmit: 1.5 },
    { nstart: 0 },
    { probingRateBytesPerSecond: 0 },
    { maxLatencyMilliseconds: Number.NaN },
    { responseTimeoutMilliseconds: Number.POSITIVE_INFINITY },
  ] as const;
  for (const some of refused) {
    test(`are refused when they cannot be: ${Object.entries(some).join(" ")}`, () => {
      assert.throws(() => completeTransmission(some), RangeError);
    });
  }
});
