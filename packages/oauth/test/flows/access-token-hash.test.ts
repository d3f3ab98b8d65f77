import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { accessTokenHashMatches } from "../../src/flows/access-token-hash.ts";

function idTokenOf(alg: string): string {
  return `${Buffer.from(JSON.stringify({ alg })).toString("base64url")}.claims.signature`;
}

test("the hash of OpenID Connect Core's example is that of its access token (appendix A.3)", () => {
  const accessToken = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
  assert.ok(accessTokenHashMatches(accessToken, "77QmUPtjPfzWtF2AnpK9RQ", idTokenOf("RS256")));
  assert.ok(!accessTokenHashMatches(`${accessToken}x`, "77QmUPtjPfzWtF2AnpK9RQ", idTokenOf("RS256")));
});

test("the hash is the left half of the one that the signature uses", () => {
  const algorithms = { ES256: "sha256", PS384: "sha384", RS512: "sha512", EdDSA: "sha512", Ed25519: "sha512" };
  for (const [alg, hash] of Object.entries(algorithms)) {
    const digest = createHash(hash).update("token").digest();
    const half = digest.subarray(0, digest.length / 2).toString("base64url");
    assert.ok(accessTokenHashMatches("token", half, idTokenOf(alg)), alg);
    assert.ok(!accessTokenHashMatches("token", digest.toString("base64url"), idTokenOf(alg)), alg);
    assert.ok(!accessTokenHashMatches("token", 1, idTokenOf(alg)), alg);
  }
});

test("what makes no claim, or one by a hash that nobody has decided on, is not refused for it", () => {
  assert.ok(accessTokenHashMatches("token", undefined, idTokenOf("ES256")));
  assert.ok(accessTokenHashMatches("token", "any", idTokenOf("ML-DSA-44")));
});
