import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { mayBeTls } from "../../../src/engine/protocol/first-bytes.ts";

describe("the first bytes of a stream (RFC 8446 section 5.1)", () => {
  for (const bytes of [[], [22], [21], [22, 3], [22, 3, 1], [21, 3, 3]]) {
    test(`may be TLS: ${JSON.stringify(bytes)}`, () => assert.equal(mayBeTls(Uint8Array.from(bytes)), true));
  }
  for (const bytes of [[0], [20], [23, 3], [22, 2], [22, 84], [72, 84, 84, 80], [0x80, 0x2e, 1]]) {
    test(`are not TLS: ${JSON.stringify(bytes)}`, () => assert.equal(mayBeTls(Uint8Array.from(bytes)), false));
  }
});
