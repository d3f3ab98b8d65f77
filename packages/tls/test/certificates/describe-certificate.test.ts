import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import { UsageError } from "@fairlead/core";
import { describeCertificate, formatCertificate } from "../../src/certificates/index.ts";
import { readSignedTimestamps } from "../../src/certificates/signed-timestamps.ts";
import { limboCases } from "./limbo/cases.ts";
import { der, dns, integer, mint, mintKeys, name, oid } from "./mint.ts";

const { cases, blobs } = limboCases();
const keys = mintKeys();

describe("a certificate is described", () => {
  test("with everything that it says", () => {
    const site = cases.find(({ id }) => id === "online::cloudflare.com");
    const facts = describeCertificate(blobs[site?.leaf ?? 0] ?? Buffer.alloc(0));
    assert.partialDeepStrictEqual(facts, {
      subject: "CN=cloudflare.com",
      issuer: "C=US, O=Google Trust Services, CN=WE1",
      isSelfIssued: false,
      notAfter: "2026-06-10T21:59:46.000Z",
      key: "EC, P-256",
      signatureAlgorithm: "ECDSA with SHA-256",
      isAuthority: false,
      keyUsage: ["digitalSignature"],
      extendedKeyUsage: ["serverAuth"],
      policies: ["2.23.140.1.2.1"],
      issuerUrls: ["http://i.pki.goog/we1.crt"],
      ocspUrls: ["http://o.pki.goog/s/we1/WY0"],
      crlUrls: ["http://c.pki.goog/we1/V4D0AIkfl2I.crl"],
      mustStaple: false,
    });
    assert.deepEqual(
      facts.signedTimestamps.map(({ time }) => time),
      ["2026-03-12T21:59:52.178Z", "2026-03-12T21:59:52.225Z"],
    );
    assert.ok(facts.names.includes("DNS:*.ns.cloudflare.com"));
  });

  test("as Node describes it", () => {
    for (const blob of blobs) {
      let other: X509Certificate;
      try {
        other = new X509Certificate(blob);
      } catch {
        continue;
      }
      let facts;
      try {
        facts = describeCertificate(blob);
      } catch (error) {
        // What is not DER is refused here, and some of it read there.
        assert.ok(error instanceof UsageError);
        continue;
      }
      assert.equal(facts.fingerprints.sha256, other.fingerprint256.replaceAll(":", "").toLowerCase());
      assert.equal(facts.fingerprints.sha1, other.fingerprint.replaceAll(":", "").toLowerCase());
      assert.equal(Date.parse(facts.notAfter), other.validToDate.getTime());
    }
  });

  test("in lines for people, which a name in it cannot forge", () => {
    const facts = describeCertificate(
      mint({
        subject: "evil\nissuer: CN=Good \u202eRoot",
        keys,
        ca: true,
        pathLength: 0,
        extensions: {
          "2.5.29.17": {
            value: der(
              0x30,
              dns("a\r\n.test"),
              der(0x87, Buffer.of(192, 0, 2, 1)),
              der(0x81, Buffer.from("a@b.test")),
              der(0x86, Buffer.from("http://a.test/")),
            ),
          },
          "1.3.6.1.5.5.7.1.24": { value: der(0x30, integer(5)) },
          "2.5.29.31": { value: Buffer.from("nonsense") },
          "1.2.3.4": { critical: true, value: Buffer.of(5, 0) },
        },
      }),
    );
    assert.deepEqual(facts.names, ["DNS:a\\u{d}\\u{a}.test", "IP:192.0.2.1", "mail:a@b.test", "URI:http://a.test/"]);
    assert.deepEqual([facts.mustStaple, facts.crlUrls, facts.pathLength], [true, [], 0]);
    assert.ok(facts.extensions.some((each) => each.oid === "1.2.3.4" && each.critical));
    const text = formatCertificate(facts);
    assert.match(text, /^subject: +CN=evil\\u\{a\}issuer: CN=Good \\u\{202e\}Root$/m);
    assert.match(text, /^issuer: +itself$/m);
    assert.match(text, /^authority: +yes, of leaves only$/m);
    assert.match(text, /^must staple: +yes$/m);
    assert.equal(text.match(/^issuer:/gm)?.length, 1);
  });

  test("with the names that an authority may certify, and may not (RFC 5280 section 4.2.1.10)", () => {
    const facts = describeCertificate(
      constrained(
        der(
          0xa0,
          subtree(0x82, "a.test"),
          subtree(0x82, ""),
          subtree(0x81, ".mail.test"),
          subtree(0x86, "b\u202e.test"),
          subtree(0x87, Buffer.of(192, 0, 2, 0, 255, 255, 255, 0)),
          subtree(0x87, Buffer.of(10, 0, 0, 0, 255, 0, 255, 0)),
          subtree(0x87, Buffer.concat([Buffer.of(0x20, 0x01, 0x0d, 0xb8), Buffer.alloc(12), Buffer.alloc(16)])),
          subtree(0x87, Buffer.of(1, 2, 3)),
          subtree(0x88, Buffer.of(42)),
        ),
        der(0xa1, der(0x30, der(0xa4, name("Someone\nelse")))),
      ),
    );
    assert.deepEqual(facts.nameConstraints, {
      permitted: [
        "DNS:a.test",
        "DNS:",
        "mail:.mail.test",
        // It is no ASCII, and is read octet by octet.
        "URI:b\u00e2\\u{80}\u00ae.test",
        "IP:192.0.2.0/24",
        "IP:10.0.0.0/255.0.255.0",
        "IP:2001:db8::/0",
        "IP:010203",
        "other:8",
      ],
      excluded: ["directory:CN=Someone\\u{a}else"],
    });
    const text = formatCertificate(facts);
    assert.match(text, /^names permitted: +DNS:a\.test, DNS:, mail/m);
    assert.match(text, /^names excluded: +directory:CN=Someone\\u\{a\}else$/m);
  });

  test("with no name constraints where there are none, and where they cannot be read", () => {
    assert.equal(describeCertificate(mint({ subject: "Root", keys, ca: true })).nameConstraints, undefined);
    for (const parts of [[], [der(0xa0)], [der(0xa0, der(0x30))], [der(0xa2, subtree(0x82, "a.test"))]]) {
      const facts = describeCertificate(constrained(...parts));
      assert.equal(facts.nameConstraints, undefined);
      assert.ok(facts.extensions.some(({ oid }) => oid === "2.5.29.30"));
    }
  });

  test("with name constraints of 64 KiB, and with thousands of them; 100,000 are no certificate", () => {
    const long = `${"a".repeat(65_536)}.test`;
    assert.deepEqual(describeCertificate(constrained(der(0xa1, subtree(0x82, long)))).nameConstraints, {
      permitted: [],
      excluded: [`DNS:${long}`],
    });
    const many = (length: number): Buffer =>
      constrained(der(0xa0, Buffer.concat(Array.from({ length }, () => subtree(0x82, "")))));
    assert.equal(describeCertificate(many(5_000)).nameConstraints?.permitted.length, 5_000);
    assert.throws(() => describeCertificate(many(100_000)), UsageError);
  });

  test("or refused when it is none, whatever the bytes", () => {
    const real = blobs.slice(0, 50);
    fc.assert(
      fc.property(fc.constantFrom(...real), fc.nat(), fc.nat(255), (blob, at, byte) => {
        const changed = Uint8Array.from(blob);
        changed[at % changed.length] = byte;
        try {
          formatCertificate(describeCertificate(changed));
        } catch (error) {
          assert.ok(error instanceof UsageError && error.code === "OPTION_INVALID", String(error));
        }
      }),
      { numRuns: 500 },
    );
  });
});

function constrained(...parts: readonly Buffer[]): Buffer {
  const value = der(0x30, ...parts);
  return mint({ subject: "Root", keys, ca: true, extensions: { "2.5.29.30": { critical: true, value } } });
}

function subtree(tag: number, base: string | Buffer): Buffer {
  return der(0x30, der(tag, typeof base === "string" ? Buffer.from(base) : base));
}

test("signed timestamps are read as far as they go", () => {
  const one = Buffer.concat([
    Buffer.of(0),
    Buffer.alloc(32, 7),
    Buffer.from("0000018f00000000", "hex"),
    Buffer.from("0000040300020102", "hex"),
  ]);
  const entry = (bytes: Buffer): Buffer => Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes]);
  const list = entry(Buffer.concat([entry(one), entry(Buffer.concat([Buffer.of(1), one.subarray(1)])), entry(one)]));
  const expected = { log: "07".repeat(32), time: new Date(0x018f00000000).toISOString() };
  assert.deepEqual(readSignedTimestamps(list), [expected, expected]);
  for (let length = 0; length < list.length; length++)
    assert.ok(readSignedTimestamps(list.subarray(0, length)).length < 2);
  const endless = Buffer.concat([Buffer.of(0), Buffer.alloc(40, 0xff)]);
  assert.deepEqual(readSignedTimestamps(entry(entry(endless))), []);
});

test("an extension of an object identifier that nobody knows is shown by it", () => {
  const purpose = mint({ subject: "a.test", keys, extendedKeyUsage: ["1.2.3", "1.3.6.1.5.5.7.3.2"] });
  assert.deepEqual(describeCertificate(purpose).extendedKeyUsage, ["1.2.3", "clientAuth"]);
  assert.equal(oid("1.2.3").length, 4);
});
