import {
  askedDelay,
  DEFAULT_RECONNECT_POLICY,
  reconnectAfter,
  reconnectPolicyFault,
} from "@fairlead/http/reconnection";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";

describe("when a connection is opened again", () => {
  const policy = { attempts: 5, delayMilliseconds: 100, delayLimitMilliseconds: 500 };

  test("is later with each attempt that failed, up to a limit", () => {
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5].map((failures) => reconnectAfter(policy, failures, 0)),
      [100, 200, 400, 500, 500, undefined],
    );
  });

  test("is up to half as much later, by chance", () => {
    assert.equal(reconnectAfter(policy, 0, 1), 150);
    assert.equal(reconnectAfter(policy, 4, 1), 750);
  });

  test("is never before what the server asked for, whatever the limit", () => {
    assert.equal(reconnectAfter({ ...policy, delayMilliseconds: 10_000 }, 1, 0), 10_000);
  });

  test("is half a second where the server wants less, unless the policy itself is quicker", () => {
    assert.deepEqual(
      [0, 499, 501, 9_000].map((asked) => askedDelay(asked, DEFAULT_RECONNECT_POLICY)),
      [500, 500, 501, 9_000],
    );
    assert.deepEqual(
      [0, 99, 101].map((asked) => askedDelay(asked, policy)),
      [100, 100, 101],
    );
  });

  test("is something that a timer takes", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.double({ min: 0, max: 2 ** 31 - 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, delay, random) => {
          const wait = reconnectAfter({ ...DEFAULT_RECONNECT_POLICY, delayMilliseconds: delay }, failures, random);
          assert.ok(wait !== undefined && wait >= delay && wait <= 2 ** 31 - 1);
        },
      ),
    );
  });
});

describe("a policy", () => {
  test("names what cannot be", () => {
    const sound = DEFAULT_RECONNECT_POLICY;
    assert.equal(reconnectPolicyFault(sound), undefined);
    assert.equal(reconnectPolicyFault({ ...sound, attempts: 0 }), "attempts");
    assert.equal(reconnectPolicyFault({ ...sound, attempts: 1.5 }), "attempts");
    assert.equal(reconnectPolicyFault({ ...sound, delayMilliseconds: Number.NaN }), "delayMilliseconds");
    assert.equal(reconnectPolicyFault({ ...sound, delayLimitMilliseconds: -1 }), "delayLimitMilliseconds");
  });
});
