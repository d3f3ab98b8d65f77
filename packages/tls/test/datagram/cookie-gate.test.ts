import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { manualClock } from "@fairlead/conformance/dtls";
import { cookieGate } from "../../src/datagram/cookie-gate.ts";

/** From a ClientHello that a client of OpenSSL sent, cut down to one cipher suite. */
const hello = Buffer.from(
  `16feff000000000000000000360100002a000000000000002afefd${"5a".repeat(32)}00000002c0a80100`,
  "hex",
);

function withCookie(cookie: Uint8Array): Buffer {
  const bytes = Buffer.concat([hello.subarray(0, 60), Buffer.of(cookie.length), cookie, hello.subarray(61)]);
  bytes.writeUInt16BE(bytes.length - 13, 11);
  bytes.writeUIntBE(bytes.length - 25, 14, 3);
  bytes.writeUIntBE(bytes.length - 25, 22, 3);
  return bytes;
}

describe("a cookie gate", () => {
  test("gives each address a cookie of its own, and each gate others", () => {
    const cookieOf = (gate: ReturnType<typeof cookieGate>, address: string): string => {
      const decision = gate.decide(hello, address);
      return decision.type === "verify" ? Buffer.from(decision.answer.subarray(28)).toString("hex") : assert.fail();
    };
    const [left, right] = [cookieGate(), cookieGate()];
    const cookies = [cookieOf(left, "192.0.2.1:1"), cookieOf(left, "192.0.2.1:2"), cookieOf(right, "192.0.2.1:1")];
    assert.equal(new Set(cookies).size, 3);
    assert.equal(cookieOf(left, "192.0.2.1:1"), cookies[0], "nothing is kept: the same question has the same answer");
    for (const cookie of cookies) assert.equal(cookie.length, 32);
  });

  for (const [milliseconds, holds] of [
    [0, true],
    [60_000, true],
    [180_000, false],
  ] as const) {
    test(`${holds ? "takes" : "does not take"} a cookie of ${String(milliseconds)} ms ago`, () => {
      const clock = manualClock();
      const gate = cookieGate(clock);
      const first = gate.decide(hello, "192.0.2.1:1");
      assert.ok(first.type === "verify");
      clock.advance(milliseconds);
      const second = gate.decide(withCookie(first.answer.subarray(28)), "192.0.2.1:1");
      assert.equal(second.type, holds ? "accept" : "verify");
    });
  }

  test("forgets a secret after less than three minutes, however often it is asked", () => {
    const clock = manualClock();
    const gate = cookieGate(clock);
    const first = gate.decide(hello, "192.0.2.1:1");
    assert.ok(first.type === "verify");
    for (let second = 0; second < 180; second += 1) {
      clock.advance(1_000);
      gate.decide(hello, "192.0.2.1:1");
    }
    assert.equal(gate.decide(withCookie(first.answer.subarray(28)), "192.0.2.1:1").type, "verify");
  });
});
