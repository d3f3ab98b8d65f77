import { isSecretName, redactField } from "@fairlead/http/redaction";
import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";

const redacted: readonly (readonly [name: string, value: string, without: string])[] = [
  ["Authorization", "Bearer 6f1c", "Bearer REDACTED"],
  ["authorization", "6f1c", "REDACTED"],
  ["Authorization", "6f1c 2a", "REDACTED"],
  ["Proxy-Authorization", 'Digest username="me", response="1"', "Digest REDACTED"],
  ["WWW-Authenticate", "Negotiate YIIK, Basic realm=x", "Negotiate REDACTED, Basic realm=x"],
  ["Cookie", "sid=1; theme=dark", "sid=REDACTED; theme=REDACTED"],
  ["Cookie", "nameless", "REDACTED"],
  ["Set-Cookie", "sid=1; Path=/; Secure; Priority=High", "sid=REDACTED; Path=/; Secure; Priority=High"],
  ["Set-Cookie", "sid=1; 2; HttpOnly", "sid=REDACTED; HttpOnly"],
  ["Authentication-Info", 'rspauth="1"', "REDACTED"],
  ["DPoP", "eyJ0eXAiOiJkcG9wK2p3dCJ9.e30.c2ln", "REDACTED"],
  ["X-Api-Key", "1", "REDACTED"],
  ["X-Amz-Security-Token", "1", "REDACTED"],
  ["Location", "https://me:1@a.example/?token=2", "https://REDACTED:REDACTED@a.example/?token=REDACTED"],
  ["Content-Type", "text/plain; charset=utf-8", "text/plain; charset=utf-8"],
  ["Cache-Control", "max-age=60", "max-age=60"],
  [
    "Sec-WebSocket-Protocol",
    "v4.channel.k8s.io, base64url.bearer.authorization.k8s.io.6f1c",
    "v4.channel.k8s.io, REDACTED",
  ],
  ["Sec-WebSocket-Protocol", "graphql-transport-ws,access_token,6f1c", "graphql-transport-ws, access_token, REDACTED"],
  ["Sec-WebSocket-Protocol", `chat, ${"6f1c".repeat(16)}`, "chat, REDACTED"],
  ["Sec-WebSocket-Protocol", "mqtt", "mqtt"],
];

for (const [name, value, without] of redacted) {
  test(`${name}: ${value} becomes ${without}`, () => {
    assert.equal(redactField(name, value), without);
  });
}

test("names of secrets are told by their words, however they are joined", () => {
  for (const name of [
    "access_token",
    "accessToken",
    "ACCESS-TOKEN",
    "X-Api-Key",
    "apikey",
    "clientSecret",
    "SAMLResponse",
  ]) {
    assert.ok(isSecretName(name), name);
  }
  for (const name of ["author", "monkey", "passage", "country_code", "tokenizer", "Accept", "ETag"]) {
    assert.ok(!isSecretName(name), name);
  }
});

test("no secret is left in a field that is for secrets", () => {
  const secret = fc.string({ minLength: 8, unit: fc.constantFrom("a", "b", "c", "d", "0", "1", "2", "3") });
  const fields = fc.constantFrom("Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Auth-Token");
  const shape = fc.constantFrom("$", "Bearer $", "x=$", "x=$; y=$", "Basic $ $", "$; Path=/; $");
  fc.assert(
    fc.property(fields, shape, secret, (name, form, text) => {
      assert.ok(!redactField(name, form.replaceAll("$", text)).includes(text));
    }),
  );
});
