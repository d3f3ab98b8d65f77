import assert from "node:assert/strict";
import { test } from "node:test";
import { describeCertificateNames } from "../../src/certificates/certificate-names.ts";

const table: readonly (readonly [title: string, subjectAltName: string | undefined, described: string])[] = [
  ["some", "DNS:a.test, DNS:*.b.test, IP Address:127.0.0.1", "it lists DNS:a.test, DNS:*.b.test, IP:127.0.0.1"],
  ["none", undefined, "it lists no names"],
  ["a name with a comma, which Node quotes", 'DNS:"a, DNS:b", DNS:c', 'it lists DNS:"a, DNS:b", DNS:c'],
  ["a line break", "DNS:a\nerror: all is well", "it lists DNS:a\\u{a}error: all is well"],
  ["a direction mark", "DNS:a\u202etset", "it lists DNS:a\\u{202e}tset"],
  ["a very long one", `DNS:${"a".repeat(300)}`, `it lists DNS:${"a".repeat(96)}…`],
  [
    "many",
    Array.from({ length: 10 }, (_, index) => `DNS:${String(index)}`).join(", "),
    "it lists DNS:0, DNS:1, DNS:2, DNS:3, DNS:4, DNS:5, DNS:6, DNS:7 and 2 more",
  ],
];
for (const [title, subjectAltName, described] of table) {
  test(`describes ${title}`, () => {
    assert.equal(describeCertificateNames({ subjectAltName }), described);
  });
}
