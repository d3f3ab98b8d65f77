import { decodeTokenRecord, encodeTokenRecord, tokenKey, type TokenRecord } from "@fairlead/http/authentication";
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";

const coordinate = "A".repeat(43);
const whole: TokenRecord = {
  issuer: "https://login.example/realms/one",
  clientId: "a tool & more",
  account: "ada",
  login: "9f",
  keptAt: 1,
  tokens: {
    accessToken: "a",
    tokenType: "dpop",
    expiresAt: 2,
    refreshToken: "r",
    scope: ["openid"],
    claims: { iss: "https://login.example/realms/one", sub: "1", name: "Ada" },
    idToken: "i",
  },
  proofKey: { kty: "EC", crv: "P-256", x: coordinate, y: coordinate, d: coordinate },
};
const key = tokenKey(whole, "tokens");

test("a record of tokens is read as it was written, under its own key alone", () => {
  for (const purpose of ["tokens", "turn"] as const) {
    assert.deepEqual(decodeTokenRecord(tokenKey(whole, purpose), encodeTokenRecord(whole)), whole);
  }
  assert.equal(
    decodeTokenRecord(tokenKey({ ...whole, account: "bob" }, "tokens"), encodeTokenRecord(whole)),
    undefined,
  );
  assert.equal(decodeTokenRecord(key.replace("tokens", "other"), encodeTokenRecord(whole)), undefined);
  const unbound: TokenRecord = { ...whole, tokens: { ...whole.tokens, tokenType: "bearer" }, proofKey: undefined };
  assert.deepEqual(decodeTokenRecord(key, encodeTokenRecord(unbound)), unbound);
});

test("the keys of different owners are different, whatever they are called", () => {
  const keys = [
    tokenKey({ issuer: "https://a.example/", clientId: "a b", account: "" }, "tokens"),
    tokenKey({ issuer: "https://a.example/", clientId: "a", account: "b" }, "tokens"),
    tokenKey({ issuer: "https://a.example/", clientId: "a%20b", account: "" }, "tokens"),
    tokenKey({ issuer: "https://a.example/", clientId: "a", account: "b" }, "turn"),
  ];
  assert.equal(new Set(keys).size, keys.length);
});

test("what is no record is none", () => {
  const { tokens } = whole;
  for (const changed of [
    { issuer: "login" },
    { login: 1 },
    { keptAt: "1" },
    { tokens: undefined },
    { tokens: { ...tokens, accessToken: "" } },
    { tokens: { ...tokens, accessToken: "a\r\nb: c" } },
    { tokens: { ...tokens, refreshToken: "ü" } },
    { tokens: { ...tokens, tokenType: "mac" } },
    { tokens: { ...tokens, expiresAt: "soon" } },
    { tokens: { ...tokens, scope: "openid" } },
    { tokens: { ...tokens, scope: [1] } },
    { tokens: { ...tokens, claims: {} } },
    { tokens: { ...tokens, idToken: 1 } },
    { proofKey: undefined },
    { proofKey: { ...whole.proofKey, d: "short" } },
    { proofKey: { ...whole.proofKey, crv: "P-384" } },
  ]) {
    assert.equal(decodeTokenRecord(key, JSON.stringify({ ...whole, ...changed })), undefined, JSON.stringify(changed));
  }
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      assert.equal(decodeTokenRecord(key, text), undefined);
    }),
  );
});
