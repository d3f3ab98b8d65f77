import assert from "node:assert/strict";
import { test } from "node:test";
import { ArgumentsError } from "../../src/arguments.ts";
import { parseInspectTarget } from "../../src/tls/inspect-target.ts";

for (const [text, host, port, startTls] of [
  ["a.example", "a.example", 443, undefined],
  ["a.example:443", "a.example", 443, undefined],
  ["a.example:8443", "a.example", 8443, undefined],
  ["[::1]:8443", "::1", 8443, undefined],
  ["127.0.0.1", "127.0.0.1", 443, undefined],
  ["https://a.example/path?query", "a.example", 443, undefined],
  ["HTTPS://Münze.example", "xn--mnze-0ra.example", 443, undefined],
  ["smtp://a.example", "a.example", 25, "smtp"],
  ["smtp://a.example:443", "a.example", 443, "smtp"],
  ["submission://a.example", "a.example", 587, "smtp"],
  ["imaps://a.example", "a.example", 993, undefined],
  ["imap://[::1]", "::1", 143, "imap"],
  ["postgres://a.example/database", "a.example", 5432, "postgresql"],
  ["mysql://a.example:3307", "a.example", 3307, "mysql"],
] as const) {
  test(`${text} is inspected`, () => {
    const target = parseInspectTarget(text);
    assert.deepEqual([target.host, target.port, target.startTls], [host, port, startTls]);
  });
}

for (const text of [
  "",
  "gopher://a.example",
  "http://a.example",
  "https://",
  "a.example:99999",
  "postgres://u:p@a.example",
  "a b",
]) {
  test(`${JSON.stringify(text)} is no target`, () => {
    assert.throws(() => parseInspectTarget(text), ArgumentsError);
  });
}
