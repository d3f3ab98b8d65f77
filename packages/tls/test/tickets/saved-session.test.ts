import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { sessionFacts } from "../../src/index.ts";
import { readSavedSession, writeSavedSession } from "../../src/tickets/protocol/saved-session.ts";

const session = {
  version: "TLSv1.3",
  createdSeconds: 1_800_000_000,
  lifetimeSeconds: 7_200,
  peerCertificate: Uint8Array.of(0x30, 0),
  bytes: Uint8Array.of(1, 2, 3),
} as const;

describe("a saved session of an engine", () => {
  test("is read as it was written", () => {
    assert.deepEqual(readSavedSession(writeSavedSession(session)), session);
    assert.deepEqual(readSavedSession(Buffer.concat([Buffer.alloc(9), writeSavedSession(session)]).subarray(9)), {
      ...session,
      peerCertificate: Buffer.from(session.peerCertificate),
      bytes: Buffer.from(session.bytes),
    });
  });

  test("tells its facts like any other session", () => {
    assert.deepEqual(sessionFacts(writeSavedSession(session)), {
      version: "TLSv1.3",
      createdAt: 1_800_000_000_000,
      lifetimeSeconds: 7_200,
      verified: true,
      peerCertificate: session.peerCertificate,
    });
  });

  test("that is cut before its certificate's end, or anything else, is none, and never throws", () => {
    const whole = writeSavedSession(session);
    for (let length = 0; length < whole.length - session.bytes.length; length += 1) {
      assert.equal(readSavedSession(whole.subarray(0, length)), undefined);
    }
    fc.assert(fc.property(fc.uint8Array(), (bytes) => readSavedSession(bytes) === undefined));
  });
});
