import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { UsageError } from "@fairlead/core";
import { readCertificates } from "../../src/certificates/index.ts";
import { der, integer, mint, mintKeys, oid } from "./mint.ts";

const keys = mintKeys();
const [first, second] = [mint({ subject: "First", keys, ca: true }), mint({ subject: "Second", keys, ca: true })];
const inOrder = [first, second];

test("certificates are read from PEM, whatever stands between the blocks", () => {
  const text = `# the first\r\n${pem(first).replaceAll("\n", "\r\n")}issuer: nobody\n${pem(second)}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n`;
  same(readCertificates(text), inOrder);
  same(readCertificates(Buffer.from(text)), inOrder);
});

test("one certificate is read from DER", () => {
  same(readCertificates(first), [first]);
});

test("certificates are read from PKCS #7, as OpenSSL writes it in DER and in PEM", () => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-pkcs7-"));
  try {
    writeFileSync(join(folder, "in.pem"), inOrder.map(pem).join(""));
    for (const form of ["DER", "PEM"]) {
      execFileSync("openssl", [
        "crl2pkcs7",
        "-nocrl",
        "-certfile",
        join(folder, "in.pem"),
        "-outform",
        form,
        "-out",
        join(folder, form),
      ]);
      const found = readCertificates(readFileSync(join(folder, form)));
      same([...found].sort(compare), [...inOrder].sort(compare));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("PKCS #7 may have lengths that are found out at its end, and strings in pieces (BER)", () => {
  const indefinite = (tag: number, ...parts: readonly Buffer[]): Buffer =>
    Buffer.concat([Buffer.of(tag, 0x80), ...parts, Buffer.alloc(2)]);
  const pieces = indefinite(0x24, der(0x04, Buffer.from("a")), der(0x04, Buffer.from("b")));
  const content = indefinite(0x30, oid("1.2.840.113549.1.7.1"), indefinite(0xa0, pieces));
  const signedData = indefinite(0x30, integer(1), der(0x31), content, indefinite(0xa0, ...inOrder), der(0x31));
  same(readCertificates(indefinite(0x30, oid("1.2.840.113549.1.7.2"), indefinite(0xa0, signedData))), inOrder);
});

test("what holds no certificate, or one that cannot be read, is refused", () => {
  const empty = der(
    0x30,
    oid("1.2.840.113549.1.7.2"),
    der(0xa0, der(0x30, integer(1), der(0x31), der(0x30, oid("1.2.840.113549.1.7.1")))),
  );
  for (const bad of [
    "",
    "nonsense",
    pem(Buffer.from("nonsense")),
    pem(first) + pem(first.subarray(1)),
    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
  ]) {
    refused(bad);
  }
  for (const bad of [empty, first.subarray(0, -1), Buffer.alloc(2 << 20), der(0x30, oid("1.2.840.113549.1.7.1"))])
    refused(bad);
});

test("whatever the bytes are, certificates are read or the file is refused", () => {
  const message = Buffer.from(pem(first) + pem(second));
  fc.assert(
    fc.property(fc.nat(), fc.nat(255), fc.boolean(), (at, byte, binary) => {
      const bytes = Uint8Array.from(binary ? first : message);
      bytes[at % bytes.length] = byte;
      try {
        assert.ok(readCertificates(bytes).length > 0);
      } catch (error) {
        assert.ok(error instanceof UsageError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});

function refused(file: Uint8Array | string): void {
  assert.throws(
    () => readCertificates(file),
    (error) => error instanceof UsageError && error.code === "OPTION_INVALID",
  );
}

function same(found: readonly Uint8Array[], expected: readonly Buffer[]): void {
  assert.deepEqual(
    found.map((each) => Buffer.from(each)),
    expected,
  );
}

function compare(left: Uint8Array, right: Uint8Array): number {
  return Buffer.compare(left, right);
}

function pem(certificate: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
}
