import assert from "node:assert/strict";
import { test } from "node:test";
import { endPointHash } from "../../../../src/certificates/path/protocol/algorithms.ts";

test("a certificate is bound to by its signature's hash, and by SHA-256 where that is MD5 or SHA-1 (RFC 5929 section 4.1)", () => {
  for (const [oid, hash] of [
    ["1.2.840.113549.1.1.4", "sha256"],
    ["1.2.840.113549.1.1.5", "sha256"],
    ["1.2.840.113549.1.1.14", "sha224"],
    ["1.2.840.113549.1.1.11", "sha256"],
    ["1.2.840.113549.1.1.12", "sha384"],
    ["1.2.840.113549.1.1.13", "sha512"],
    ["1.2.840.10045.4.1", "sha256"],
    ["1.2.840.10045.4.3.3", "sha384"],
    // Ed25519 and Ed448 have none of their own; the last is nobody's.
    ["1.3.101.112", undefined],
    ["1.3.101.113", undefined],
    ["1.2.3.4", undefined],
  ] as const) {
    assert.equal(endPointHash({ oid, parameters: undefined, raw: new Uint8Array() }), hash, oid);
  }
});
