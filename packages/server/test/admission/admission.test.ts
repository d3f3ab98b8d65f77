import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { admission, type AdmissionDecision } from "../../src/admission/index.ts";

function outcome(decision: AdmissionDecision): string {
  if (decision.type === "admit") return "admitted";
  const { error, answer } = decision;
  return answer === undefined
    ? `${error.code} cut`
    : `${error.code} ${answer.status} after ${answer.retryAfterSeconds}`;
}

describe("who may connect", () => {
  test("everybody, unless something is said", () => {
    assert.equal(outcome(admission()({ address: "203.0.113.9" })), "admitted");
  });

  test("those who are allowed, and of them not those who are denied", () => {
    const admit = admission({ allow: ["10.0.0.0/8"], deny: ["10.1.0.0/16"] });
    assert.equal(outcome(admit({ address: "10.2.0.1" })), "admitted");
    assert.equal(outcome(admit({ address: "10.1.0.1" })), "ADDRESS_REFUSED cut");
    assert.equal(outcome(admit({ address: "::ffff:10.1.0.1" })), "ADDRESS_REFUSED cut");
    assert.equal(outcome(admit({ address: "192.0.2.1" })), "ADDRESS_REFUSED cut");
    assert.equal(outcome(admit({ address: "2001:db8::1" })), "ADDRESS_REFUSED cut");
    assert.equal(outcome(admit(undefined)), "admitted", "a Unix socket has no address");
  });

  test("as many as the limit, and another when one has gone", () => {
    const admit = admission({ connections: 2, retryAfterSeconds: 7 });
    const first = admit({ address: "192.0.2.1" });
    assert.equal(outcome(admit(undefined)), "admitted");
    assert.equal(outcome(admit({ address: "192.0.2.3" })), "CONNECTION_LIMIT 503 after 7");
    assert.ok(first.type === "admit");
    first.release();
    first.release();
    assert.equal(outcome(admit({ address: "192.0.2.3" })), "admitted");
    assert.equal(outcome(admit({ address: "192.0.2.3" })), "CONNECTION_LIMIT 503 after 7");
  });

  test("as many of one host as its limit, a /64 being one host", () => {
    const admit = admission({ connectionsPerHost: 1 });
    const first = admit({ address: "2001:db8::1" });
    assert.equal(outcome(admit({ address: "2001:db8::2" })), "HOST_CONNECTION_LIMIT 503 after 10");
    assert.equal(outcome(admit({ address: "2001:db8:0:1::2" })), "admitted");
    assert.equal(outcome(admit({ address: "127.0.0.1" })), "admitted");
    assert.equal(outcome(admit({ address: "::ffff:127.0.0.1" })), "HOST_CONNECTION_LIMIT 503 after 10");
    assert.ok(first.type === "admit");
    first.release();
    assert.equal(outcome(admit({ address: "2001:db8::2" })), "admitted");
  });

  test("a thousand of one host by default, and any number from loopback and Unix sockets", () => {
    const admit = admission();
    for (const client of [{ address: "192.0.2.1" }, { address: "127.0.0.2" }, { address: "::1" }, undefined]) {
      for (let count = 0; count < 1_000; count += 1) admit(client);
    }
    assert.equal(outcome(admit({ address: "192.0.2.1" })), "HOST_CONNECTION_LIMIT 503 after 10");
    assert.equal(outcome(admit({ address: "127.0.0.2" })), "admitted");
    assert.equal(outcome(admit({ address: "::1" })), "admitted");
    assert.equal(outcome(admit(undefined)), "admitted");
  });

  test("nobody by options that cannot be", () => {
    assert.throws(() => admission({ connections: -1 }), { code: "OPTION_INVALID" });
    assert.throws(() => admission({ connectionsPerHost: 1.5 }), { code: "OPTION_INVALID" });
    assert.throws(() => admission({ deny: ["10.0.0.0/64"] }), { code: "OPTION_INVALID" });
  });
});
