import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { readSession, writeSession } from "../../src/protocol/remembered-session.ts";

const byteText = fc.string({ maxLength: 255, unit: fc.nat(255).map((code) => String.fromCharCode(code)) });

describe("a session that is remembered", () => {
  test("is read as it was written", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(0xffff_ffff), byteText, byteText, (data, capacity, alpn, name) => {
        const session = { data, earlyCapacity: capacity, alpnProtocol: alpn, serverName: name };
        assert.deepEqual(readSession(writeSession(session)), session);
      }),
    );
  });

  test("is none where it is cut, and nothing makes it throw", () => {
    const whole = writeSession({
      data: Uint8Array.of(),
      earlyCapacity: 1,
      alpnProtocol: "h2",
      serverName: "a.example",
    });
    for (let length = 0; length < whole.length; length += 1) {
      assert.equal(readSession(whole.subarray(0, length)), undefined);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        readSession(bytes);
      }),
    );
  });
});
