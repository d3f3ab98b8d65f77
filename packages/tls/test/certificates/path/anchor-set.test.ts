import assert from "node:assert/strict";
import { test } from "node:test";
import { getCACertificates } from "node:tls";
import { anchorSet, parseCertificate, verifyPath } from "../../../src/certificates/index.ts";
import { decodePem } from "../../../src/certificates/pem.ts";
import { der, mint, mintKeys, oid } from "../mint.ts";

const keys = mintKeys();
const root = { subject: "Root Authority", keys, ca: true };
const other = mint({ subject: "Other", keys: mintKeys(), ca: true });
const question = { intermediates: [], host: "a.test", time: Date.parse("2030-01-01"), purpose: "server" } as const;

test("an anchor is found by its name, whatever stands around it, and what cannot be read anchors nothing", () => {
  const leaf = mint({ subject: "a.test", keys: mintKeys(), by: root, names: ["a.test"] });
  const anchors = anchorSet([Buffer.of(1, 2, 3), other, mint(root), Buffer.alloc(0)]);
  assert.equal(verifyPath({ ...question, leaf, anchors }).type, "trusted");
  assert.equal(
    verifyPath({ ...question, leaf, anchors: anchorSet([other, mint(root).subarray(0, 200)]) }).type,
    "refused",
  );
});

test("an anchor is found by a name that is written in another way (RFC 5280 section 7.1)", () => {
  const leaf = mint({
    subject: "a.test",
    keys: mintKeys(),
    by: { subject: "root  AUTHORITY", keys },
    names: ["a.test"],
  });
  const anchors = anchorSet([other, mint(root)]);
  assert.equal(verifyPath({ ...question, leaf, anchors }).type, "trusted");
  assert.equal(verifyPath({ ...question, leaf, anchors: [other, mint(root)] }).type, "trusted");
});

test("a leaf that is itself an anchor is trusted", () => {
  const leaf = mint({ subject: "a.test", keys, names: ["a.test"] });
  assert.equal(verifyPath({ ...question, leaf, anchors: anchorSet([leaf]) }).type, "trusted");
  assert.equal(verifyPath({ ...question, leaf, anchors: anchorSet([other]) }).type, "refused");
});

test("every root of Node is found by its own name", () => {
  const roots = getCACertificates("bundled").flatMap((pem) => decodePem(pem, "CERTIFICATE"));
  const anchors = anchorSet(roots);
  for (const certificate of roots.map((each) => parseCertificate(each))) {
    assert.ok(certificate !== undefined);
    assert.ok(anchors.named(certificate.subject).some(({ der: found }) => Buffer.from(found).equals(certificate.der)));
  }
});

test("the form of an anchor can be excused, its dates and constraints not", () => {
  const careless = { ...root, extensions: { "2.5.29.14": undefined } };
  const leaf = mint({ subject: "a.test", keys: mintKeys(), by: root, names: ["a.test"] });
  const verdict = (anchor: Buffer, anchorForm: "judged" | "excused"): readonly string[] => {
    const found = verifyPath({ ...question, leaf, anchors: [anchor], anchorForm });
    return found.type === "trusted" ? [] : found.problems.map(({ code }) => code);
  };
  assert.deepEqual(verdict(mint(careless), "judged"), ["KEY_IDENTIFIER_MISSING"]);
  assert.deepEqual(verdict(mint(careless), "excused"), []);
  assert.deepEqual(verdict(mint({ ...careless, notAfter: "2029-01-01" }), "excused"), ["EXPIRED"]);
  // The leaf is judged, and be it an anchor itself.
  const names = ["a_b.test"];
  const own = mint({ subject: "a_b.test", keys, names });
  const found = verifyPath({ ...question, host: "a_b.test", leaf: own, anchors: [own], anchorForm: "excused" });
  assert.deepEqual(found.type === "refused" && found.problems.map(({ code }) => code), ["NAME_NOT_PREFERRED"]);
});

test("the rules can depend on the anchor that a path ends in", () => {
  const strange = mint(root);
  const leaf = mint({
    subject: "not among the names",
    keys: mintKeys(),
    by: root,
    names: ["a.test"],
    extensions: { "2.5.29.37": { value: der(0x30, oid("1.3.6.1.5.5.7.3.1")) } },
  });
  const verdict = (profile: "path" | "web"): string =>
    verifyPath({
      ...question,
      leaf,
      anchors: [strange],
      profile: (anchor) => (Buffer.from(anchor.der).equals(strange) ? profile : "rfc5280"),
    }).type;
  assert.equal(verdict("path"), "trusted");
  assert.equal(verdict("web"), "refused");
});
