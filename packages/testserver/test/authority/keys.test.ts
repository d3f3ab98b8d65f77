import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import { type KeyAlgorithm, mintAuthority, mintCertificate } from "@fairlead/testserver/authority";

describe("an authority's key", () => {
  const algorithms: readonly (readonly [KeyAlgorithm, string])[] = [
    ["P-256", "ec"],
    ["P-384", "ec"],
    ["P-521", "ec"],
    ["secp256k1", "ec"],
    ["brainpoolP256r1", "ec"],
    ["Ed25519", "ed25519"],
    ["Ed448", "ed448"],
    ["RSA-2048", "rsa"],
    ["RSA-PSS-2048", "rsa-pss"],
  ];
  for (const [key, type] of algorithms) {
    test(`can be ${key}, and signs so that OpenSSL verifies it`, async () => {
      const root = await mintAuthority({ key });
      const leaf = new X509Certificate((await mintCertificate({ issuer: root, names: ["a.test"], key })).leaf);
      assert.equal(root.publicKey.asymmetricKeyType, type);
      assert.ok(leaf.verify(root.publicKey));
      assert.ok(leaf.checkIssued(new X509Certificate(root.certificate)));
    });
  }

  for (const bits of [8192, 16_384]) {
    test(`of ${bits} bits is made of small primes, and is as good as another to who has it`, async () => {
      const root = await mintAuthority({ key: `RSA-${bits}` });
      assert.equal(root.publicKey.asymmetricKeyDetails?.modulusLength, bits);
      assert.ok(new X509Certificate(root.certificate).verify(root.publicKey));
    });
  }

  test("signs with MD5 where it is RSA, and says so where it cannot", async () => {
    const issuer = await mintAuthority({ key: "RSA-2048" });
    await mintCertificate({ issuer, names: ["a.test"], hash: "md5" });
    await assert.rejects(mintCertificate({ names: ["a.test"], hash: "md5" }), RangeError);
  });
});

describe("an authority", () => {
  test("is certified again by another issuer, with its name and key", async () => {
    const [young, old] = [await mintAuthority({ commonName: "Young" }), await mintAuthority({ commonName: "Old" })];
    const cross = await mintAuthority({ sameAs: young, issuer: old });
    const certificate = new X509Certificate(cross.certificate);
    assert.deepEqual([certificate.subject, certificate.issuer], ["CN=Young", "CN=Old"]);
    assert.ok(certificate.verify(old.publicKey) && certificate.publicKey.equals(young.publicKey));
    const leaf = new X509Certificate((await mintCertificate({ issuer: cross, names: ["a.test"] })).leaf);
    assert.ok(leaf.verify(young.publicKey));
  });

  test("changes elements before it signs them", async () => {
    const issuer = await mintAuthority();
    const { leaf } = await mintCertificate({
      ...{ issuer, names: ["a.test"] },
      change: (elements) => ({ ...elements, version: new Uint8Array(), extensions: [] }),
    });
    const certificate = new X509Certificate(leaf);
    assert.equal(certificate.subjectAltName, undefined);
    assert.ok(certificate.verify(issuer.publicKey));
  });
});
