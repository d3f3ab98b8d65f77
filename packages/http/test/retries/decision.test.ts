import {
  decideRetry,
  DEFAULT_RETRY_POLICY,
  RetryBudget,
  retryPolicyFault,
  type FailedAttempt,
} from "@fairlead/http/retries";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);
const failure: FailedAttempt = {
  method: "GET",
  isRepeatable: true,
  attempt: 1,
  outcome: { type: "failure", retryHelps: true },
};
const busy = (retryAfter?: string): FailedAttempt => ({
  ...failure,
  outcome: { type: "response", status: 503, retryAfter },
});
const decide = (failed: FailedAttempt, random = 0, policy = {}): ReturnType<typeof decideRetry> =>
  decideRetry({ ...DEFAULT_RETRY_POLICY, ...policy }, failed, random, NOW);

describe("whether a request is made again", () => {
  const stops: readonly (readonly [what: string, failed: Partial<FailedAttempt>, policy: object, reason: string])[] = [
    ["a failure that comes again", { outcome: { type: "failure", retryHelps: false } }, {}, "outcome"],
    ["a status that is an answer", { outcome: { type: "response", status: 404, retryAfter: "1" } }, {}, "outcome"],
    ["RFC 9110 9.2.2: a method that may do something twice", { method: "POST" }, {}, "method"],
    ["a method that changes something, where safe ones are meant", { method: "PUT" }, { methods: "safe" }, "method"],
    ["RFC 9110 9.1: a method in another case is another method", { method: "get" }, {}, "method"],
    ["a body that was read", { isRepeatable: false }, {}, "body"],
    ["the last attempt", { attempt: 3 }, {}, "attempts"],
  ];
  for (const [what, failed, policy, reason] of stops) {
    test(`not after ${what}`, () => {
      assert.deepEqual(decide({ ...failure, ...failed }, 0, policy), { type: "stop", reason });
    });
  }

  test("a method that the application names", () => {
    assert.equal(decide({ ...failure, method: "POST" }, 0, { methods: ["POST"] }).type, "retry");
  });
  for (const status of DEFAULT_RETRY_POLICY.statuses) {
    test(`status ${String(status)}`, () => {
      assert.equal(decide({ ...failure, outcome: { type: "response", status, retryAfter: undefined } }).type, "retry");
    });
  }
});

describe("how long is waited", () => {
  test("a random part of a bound that doubles, up to a limit", () => {
    const bounds = [1, 2, 3, 6, 7, 60].map((attempt) => decide({ ...failure, attempt }, 1, { attempts: 100 }));
    assert.deepEqual(
      bounds.map((decision) => decision.type === "retry" && decision.afterMilliseconds),
      [250, 500, 1000, 8000, 10_000, 10_000],
    );
    assert.deepEqual(decide(failure, 0.5), { type: "retry", afterMilliseconds: 125 });
  });

  test("RFC 9110 10.2.3: as long as the server says, in seconds or until a date, and a little more", () => {
    assert.deepEqual(decide(busy("7")), { type: "retry", afterMilliseconds: 7000 });
    assert.deepEqual(decide(busy("7"), 1), { type: "retry", afterMilliseconds: 7250 });
    assert.deepEqual(decide(busy("Sat, 21 Nov 2026 12:00:09 GMT")), { type: "retry", afterMilliseconds: 9000 });
    assert.deepEqual(decide(busy("Sat, 21 Nov 2026 11:00:00 GMT")), { type: "retry", afterMilliseconds: 0 });
  });

  test("not at all where the server wants more time than the policy gives", () => {
    assert.deepEqual(decide(busy("61")), { type: "stop", reason: "retry-after" });
    assert.deepEqual(decide(busy("9".repeat(400))), { type: "stop", reason: "retry-after" });
  });

  test("for no longer than a timer takes, which would fire at once", () => {
    const longest = 2 ** 31 - 1;
    const policy = { retryAfterLimitMilliseconds: longest, backoffMilliseconds: 10_000 };
    const seconds = String(Math.floor(longest / 1000));
    assert.deepEqual(decide(busy(seconds), 1, policy), { type: "retry", afterMilliseconds: longest });
  });

  for (const nonsense of ["", "soon", "-1", "1.5", "1e3", "0x10", "7 seconds"]) {
    test(`as without the field where it says ${JSON.stringify(nonsense)}`, () => {
      assert.deepEqual(decide(busy(nonsense)), { type: "retry", afterMilliseconds: 0 });
    });
  }

  test("never a time that a timer cannot take, whatever the server says", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        ),
        (text) => {
          const decision = decide(busy(text), 1);
          if (decision.type === "stop") return;
          const { afterMilliseconds } = decision;
          assert.ok(afterMilliseconds >= 0 && afterMilliseconds <= 70_000, String(afterMilliseconds));
        },
      ),
    );
  });
});

test("a policy names what cannot be", () => {
  assert.equal(retryPolicyFault(DEFAULT_RETRY_POLICY), undefined);
  for (const attempts of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.equal(retryPolicyFault({ ...DEFAULT_RETRY_POLICY, attempts }), "attempts");
  }
  for (const name of ["backoffMilliseconds", "backoffLimitMilliseconds", "retryAfterLimitMilliseconds"] as const) {
    for (const value of [-1, Number.NaN, 2 ** 31]) {
      assert.equal(retryPolicyFault({ ...DEFAULT_RETRY_POLICY, [name]: value }), name);
    }
  }
});

test("a budget lets an outage cost a reserve at first, and then a tenth more requests", () => {
  const budget = new RetryBudget();
  let retries = 0;
  for (let request = 0; request < 1_000; request += 1) {
    budget.earn();
    while (budget.spend()) retries += 1;
  }
  assert.ok(retries >= 105 && retries <= 110, String(retries));
});
