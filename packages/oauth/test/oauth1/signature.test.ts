import { isSignedBy, signBaseString, bodyHash } from "../../src/oauth1/signature.ts";
import { sharedKey, type SignatureMethod } from "../../src/oauth1/protocol/signature-method.ts";
import { readRequest } from "../../src/oauth1/protocol/received-request.ts";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { example, oauthCore, photos, publicKey, rsaExample, twitter, type SignedExample } from "./examples.ts";

describe("a signature of OAuth 1", () => {
  for (const { name, parts, consumerSecret, tokenSecret, method = "HMAC-SHA1", signature } of [
    ...photos,
    ...oauthCore,
    ...twitter,
  ] as readonly SignedExample[]) {
    it(`is that of ${name}`, () => {
      const received = readRequest(parts);
      assert.ok(received.type === "signed");
      assert.equal(received.signature, signature);
      const key = { type: "shared", consumerSecret, tokenSecret } as const;
      assert.equal(signBaseString(method, received.baseString, key), signature);
      assert.ok(isSignedBy(received.claims.method, received.baseString, key, signature));
    });
  }

  it("is that of RFC 5849 section 3.4.1.1, as erratum 2550 has it", () => {
    const received = readRequest(example);
    assert.ok(received.type === "signed");
    const { consumerSecret, tokenSecret } = example;
    const key = { type: "shared", consumerSecret, tokenSecret } as const;
    assert.equal(signBaseString("HMAC-SHA1", received.baseString, key), received.signature);
  });

  it("is that of RFC 5849 section 3.1, where the same request is a GET", () => {
    const received = readRequest({
      ...example,
      method: "GET",
      authorization: example.authorization.replace(/(oauth_signature=").*"/, '$1bYT5CMsGcbgUdFHObYMEfcx6bsw%3D"'),
    });
    assert.ok(received.type === "signed");
    const { consumerSecret, tokenSecret } = example;
    const key = { type: "shared", consumerSecret, tokenSecret } as const;
    assert.equal(signBaseString("HMAC-SHA1", received.baseString, key), received.signature);
  });

  it("is keyed with both secrets, encoded, and the & between them also where one is empty (section 3.4.2)", () => {
    const table = [
      ["cs", "", "egQqG5AJep5sJ7anhXju1unge2I="],
      ["cs", "ts", "VZVjXceV7JgPq/dOTnNmEfO0Fv8="],
    ] as const;
    for (const [consumerSecret, tokenSecret, signature] of table) {
      assert.equal(signBaseString("HMAC-SHA1", "bs", { type: "shared", consumerSecret, tokenSecret }), signature);
    }
    assert.equal(sharedKey("a&b", "c d"), "a%26b&c%20d");
    assert.equal(sharedKey("", ""), "&");
  });

  it("is the key itself with PLAINTEXT (sections 2.1 and 3.4.4)", () => {
    const key = { type: "shared", consumerSecret: "ja893SD9", tokenSecret: "" } as const;
    assert.equal(signBaseString("PLAINTEXT", "whatever", key), "ja893SD9&");
    assert.equal(
      signBaseString("PLAINTEXT", "", { ...key, tokenSecret: "xyz4992k83j47x0b" }),
      "ja893SD9&xyz4992k83j47x0b",
    );
  });

  it("is that of RSA-SHA1 by the key of the OAuth test cases (section 3.4.3)", () => {
    const received = readRequest(rsaExample);
    assert.ok(received.type === "signed");
    const key = { type: "public", key: createPublicKey(publicKey) } as const;
    assert.ok(isSignedBy("RSA-SHA1", received.baseString, key, received.signature));
    assert.ok(!isSignedBy("RSA-SHA1", `${received.baseString} `, key, received.signature));
  });

  it("is never taken by a key of another kind", () => {
    const { privateKey, publicKey: key } = generateKeyPairSync("rsa", { modulusLength: 1_024 });
    const pem = key.export({ type: "spki", format: "pem" }).toString();
    const byPublicKey = signBaseString("HMAC-SHA1", "bs", { type: "shared", consumerSecret: pem, tokenSecret: "" });
    assert.ok(!isSignedBy("HMAC-SHA1", "bs", { type: "public", key }, byPublicKey));
    const byPrivateKey = signBaseString("RSA-SHA1", "bs", { type: "private", key: privateKey });
    assert.ok(isSignedBy("RSA-SHA1", "bs", { type: "public", key }, byPrivateKey));
    assert.ok(!isSignedBy("RSA-SHA1", "bs", { type: "shared", consumerSecret: "", tokenSecret: "" }, byPrivateKey));
    assert.throws(() => signBaseString("HMAC-SHA256", "bs", { type: "private", key: privateKey }), TypeError);
  });

  it("has a hash of content by the hash of its method (Request Body Hash extension)", () => {
    const table: readonly (readonly [SignatureMethod, string])[] = [
      ["HMAC-SHA1", "Lve95gjOVATpfV8EL5X4nxwjKHE="],
      ["RSA-SHA1", "Lve95gjOVATpfV8EL5X4nxwjKHE="],
      ["HMAC-SHA256", "f4OxZX/x/FO5LcGBSKHWXfwtSx+j1ncoSt3SABJtkGk="],
    ];
    for (const [method, hash] of table) assert.equal(bodyHash(method, "Hello World!"), hash);
    assert.equal(bodyHash("HMAC-SHA1", new Uint8Array()), "2jmj7l5rSw0yVb/vlWAYkK/YBwk=");
  });
});
