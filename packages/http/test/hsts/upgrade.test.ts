import { decodeHstsEntry, encodeHstsEntry, secureUrl } from "@fairlead/http/hsts";
import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";

const cases: [url: string, secure: string | undefined][] = [
  ["http://example.com/", "https://example.com/"],
  ["http://example.com:80/a?b#c", "https://example.com/a?b#c"],
  ["http://example.com:8080/", "https://example.com:8080/"],
  ["http://example.com:443/", "https://example.com/"],
  ["ws://example.com/socket", "wss://example.com/socket"],
  ["ws://example.com:80/", "wss://example.com/"],
  ["ws://example.com:81/", "wss://example.com:81/"],
  ["http://user@example.com/", "https://user@example.com/"],
  ["https://example.com/", undefined],
  ["wss://example.com/", undefined],
  ["ftp://example.com/", undefined],
];

for (const [url, secure] of cases) {
  test(`RFC 6797 8.3: ${url} becomes ${secure ?? "nothing else"}`, () => {
    assert.equal(secureUrl(new URL(url))?.href, secure);
  });
}

test("the given URL is not changed", () => {
  const url = new URL("http://example.com/");
  secureUrl(url);
  assert.equal(url.href, "http://example.com/");
});

test("an entry survives its encoding, and anything else is refused", () => {
  for (const includeSubDomains of [true, false]) {
    assert.deepEqual(decodeHstsEntry(encodeHstsEntry({ includeSubDomains })), { includeSubDomains });
  }
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      assert.equal(decodeHstsEntry(bytes), undefined);
    }),
  );
  for (const text of ["null", "{}", '{"includeSubDomains":1}', "[true]"]) {
    assert.equal(decodeHstsEntry(new TextEncoder().encode(text)), undefined);
  }
});
