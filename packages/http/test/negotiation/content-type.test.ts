import { isJsonType, parseMediaType } from "@fairlead/http/negotiation";
import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";

const READ: readonly (readonly [value: string, type: string, parameters: Readonly<Record<string, string>>])[] = [
  ["text/html", "text/html", {}],
  [" Text/HTML ; Charset=UTF-8", "text/html", { charset: "UTF-8" }],
  ['text/plain;charset="utf-\\8"; ;x=";"', "text/plain", { charset: "utf-8", x: ";" }],
  ["text/plain; charset=utf-8; charset=latin1", "text/plain", { charset: "utf-8" }],
  ["text/plain; charset=; charset = utf-8; boundary=a", "text/plain", { boundary: "a" }],
  ["multipart/form-data; boundary=----WebKit'x", "multipart/form-data", { boundary: "----WebKit'x" }],
  ["application/vnd.github.v3+json; charset=utf-8", "application/vnd.github.v3+json", { charset: "utf-8" }],
];

for (const [value, type, parameters] of READ) {
  test(`${value} is ${type} (RFC 9110 section 8.3.1)`, () => {
    const read = parseMediaType(value);
    assert.deepEqual(
      { type: read?.type, parameters: Object.fromEntries(read?.parameters ?? []) },
      { type, parameters },
    );
  });
}

for (const value of ["", "text", "text/", "/html", "text html", "text/html, text/plain", "a/b/c", "text/ht\nml"]) {
  test(`${JSON.stringify(value)} is no media type`, () => {
    assert.equal(parseMediaType(value), undefined);
  });
}

test("what is JSON says so by its name", () => {
  const named = ["application/json", "text/json", "application/problem+json", "application/vnd.api+json"];
  assert.ok(named.every(isJsonType));
  assert.ok(!["application/jsonp", "text/html", "application/json-seq", "application/x-ndjson"].some(isJsonType));
});

test("whatever a field says, it is read or none", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const read = parseMediaType(`text/plain;${text}`);
      assert.ok(read === undefined || read.type === "text/plain");
    }),
  );
});
