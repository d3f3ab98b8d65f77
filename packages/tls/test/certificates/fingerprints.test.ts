import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { UsageError } from "@fairlead/core";
import { mintAuthority, mintCertificate, type Authority } from "@fairlead/testserver/authority";
import { identityFingerprint, trustFingerprint } from "../../src/index.ts";

describe("the fingerprint of trust", () => {
  let first: Authority;
  let second: Authority;
  before(async () => {
    first = await mintAuthority();
    second = await mintAuthority();
  });

  test("is the same for the same anchors, whatever their order, armour or number", () => {
    const expected = anchors(first.certificate, second.certificate);
    assert.match(expected, /^[0-9a-f]{64}$/);
    assert.equal(anchors(second.certificate, first.certificate), expected);
    assert.equal(anchors(`# a comment\r\n${first.certificate.replaceAll("\n", "\r\n")}`, second.certificate), expected);
    assert.equal(anchors(first.certificate + second.certificate), expected);
    assert.equal(anchors(first.certificate, second.certificate, first.certificate), expected);
  });

  test("is another for other anchors, more, fewer or none", () => {
    const all = [
      anchors(),
      anchors(first.certificate),
      anchors(second.certificate),
      anchors(first.certificate, second.certificate),
    ];
    assert.equal(new Set([...all, trustFingerprint()]).size, 5);
  });

  test("follows a list that is changed in place", () => {
    const certificates = [first.certificate];
    const trust = { type: "anchors", certificates } as const;
    const before = trustFingerprint(trust);
    certificates.push(second.certificate);
    assert.notEqual(trustFingerprint(trust), before);
  });

  test("follows the process's default when that is replaced", () => {
    const original = getCACertificates("default");
    const before = trustFingerprint();
    try {
      setDefaultCACertificates([first.certificate]);
      assert.notEqual(trustFingerprint(), before);
    } finally {
      setDefaultCACertificates(original);
    }
    assert.equal(trustFingerprint(), before);
  });

  test("is another where the same anchors are one's own, and judged by other rules", () => {
    assert.equal(trustFingerprint({ type: "bundled" }), trustFingerprint({ type: "bundled" }));
    assert.notEqual(trustFingerprint({ type: "bundled" }), anchors(...getCACertificates("bundled")));
  });

  test("is refused for an anchor without a certificate", () => {
    assert.throws(() => anchors("nothing"), UsageError);
  });

  function anchors(...certificates: readonly string[]): string {
    return trustFingerprint({ type: "anchors", certificates });
  }
});

test("the fingerprint of an identity is that of its certificates; the key takes no part", async () => {
  const issuer = await mintAuthority();
  const [one, other] = [
    await mintCertificate({ issuer, names: ["a"] }),
    await mintCertificate({ issuer, names: ["a"] }),
  ];
  assert.match(identityFingerprint(one), /^[0-9a-f]{64}$/);
  assert.equal(identityFingerprint({ ...one, privateKey: other.privateKey }), identityFingerprint(one));
  assert.notEqual(identityFingerprint(other), identityFingerprint(one));
  assert.throws(() => identityFingerprint({ ...one, certificate: "nothing" }), UsageError);
});
