import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readNonce, readTokenRefusal } from "../../../src/authenticator/protocol/token-refusal.ts";

test("why a service refuses is read from its status and its challenges (RFC 6750 section 3.1, RFC 9449 section 9)", () => {
  const nonce = { type: "nonce" };
  const token = { type: "token" };
  const other = { type: "other" };
  const scope = (error: string, ...wanted: string[]): unknown => ({ type: "scope", scope: wanted, error });
  for (const [status, field, expected] of [
    [401, undefined, token],
    [401, "Bearer", token],
    [401, 'Bearer realm="x", error="invalid_token"', token],
    [401, 'Basic realm="x"', token],
    [401, 'DPoP error="use_dpop_nonce", algs="ES256"', nonce],
    [401, ["Bearer", 'DPoP error="use_dpop_nonce"'], nonce],
    [401, 'DPoP error="invalid_dpop_proof"', token],
    [403, 'Bearer error="insufficient_scope", scope="read  write"', scope("insufficient_scope", "read", "write")],
    [403, 'Bearer error="insufficient_scope"', scope("insufficient_scope")],
    [401, 'Bearer error="insufficient_user_authentication", max_age=5', scope("insufficient_user_authentication")],
    [403, undefined, other],
    [403, 'Bearer error="invalid_token"', other],
    [403, 'DPoP error="use_dpop_nonce"', other],
    [400, 'DPoP error="use_dpop_nonce"', other],
    [404, undefined, other],
    [401, "=,;\u0000", token],
  ] as const) {
    const fields = field === undefined ? {} : { "www-authenticate": field };
    assert.deepEqual(readTokenRefusal(status, fields), expected, JSON.stringify([status, field]));
  }
  fc.assert(
    fc.property(fc.constantFrom(401, 403), fc.array(fc.string()), (status, field) => {
      assert.ok(
        ["nonce", "token", "scope", "other"].includes(readTokenRefusal(status, { "www-authenticate": field }).type),
      );
    }),
  );
});

test("a nonce is what RFC 9449 section 8.1 lets through, and nothing that would break a proof or fill our memory", () => {
  assert.equal(readNonce({ "dpop-nonce": "eyJ7S_zG.eyJH0-Z~HX4w-7v" }), "eyJ7S_zG.eyJH0-Z~HX4w-7v");
  for (const wrong of [undefined, "", 'a"b', "a b", "a\\b", "ü", "a".repeat(1_025), ["a", "b"]]) {
    assert.equal(readNonce({ "dpop-nonce": wrong }), undefined, String(wrong).slice(0, 20));
  }
});
