import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { contentOfType } from "../../../src/contract/protocol/content-of-type.ts";
import { pointerTo } from "../../../src/server/protocol/pointer.ts";
import { hasPrototypeName, mayHavePrototypeName } from "../../../src/server/protocol/prototype-name.ts";
import { relativeAddress } from "../../../src/server/protocol/relative-address.ts";
import { requestTarget } from "../../../src/server/protocol/request-target.ts";

describe("the target of a request", () => {
  test("is what the URL Standard says it is", () => {
    for (const url of [
      "http://a/",
      "http://a:80/b/c",
      "https://[::1]:8/b?c=d?e",
      "http://a/?",
      "http://a/b#c?d",
      "http://a/b?c#d?e",
      "http://a/../b/./c",
    ]) {
      const { href, pathname, search } = new URL(url);
      assert.deepEqual(requestTarget(href), { path: pathname, query: search.slice(1) }, url);
    }
  });

  test("is so for any path and query", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (text) => {
        const { href, pathname, search } = new URL(text);
        assert.deepEqual(requestTarget(href), { path: pathname, query: search.slice(1) });
      }),
    );
  });
});

test("a pointer escapes what it is made of, RFC 6901 sections 3 and 6", () => {
  assert.equal(pointerTo([]), "#");
  assert.equal(
    pointerTo(["items", 0, "a/b", "m~n", "c d", "e%f", "\ud800", ""]),
    "#/items/0/a~1b/m~0n/c%20d/e%25f/%EF%BF%BD/",
  );
});

test("an address is relative to the folder of where it is written", () => {
  const cases = [
    ["/openapi.json", "/", "."],
    ["/docs", "/openapi.json", "./openapi.json"],
    ["/a/docs", "/openapi.json", "../openapi.json"],
    ["/a/b/openapi.json", "/", "../.."],
  ] as const;
  for (const [from, to, address] of cases) {
    assert.equal(relativeAddress(from, to), address);
    assert.equal(
      new URL(address, `http://a/prefix${from}`).pathname.replace(/\/$/, ""),
      `/prefix${to}`.replace(/\/$/, ""),
    );
  }
});

test("content is known by its media type alone", () => {
  const json = { mediaType: "application/json" };
  const image = { mediaType: "image/*" };
  const offered = [json, image];
  const cases: readonly (readonly [string, object | undefined])[] = [
    ["application/json", json],
    ["Application/JSON; charset=utf-8", json],
    ["image/png", image],
    ["image/*", undefined],
    ["image/*; q=1", undefined],
    ["application/json; title*=utf-8''x", json],
    ["text/plain", undefined],
    ["application/jsonx", undefined],
    ["application/json, text/plain", undefined],
    ["text/plain; application/json", undefined],
    ["", undefined],
  ];
  for (const [contentType, content] of cases) assert.equal(contentOfType(offered, contentType), content, contentType);
});

test("the name of the prototype is found wherever it is, and however it is written", () => {
  for (const text of [
    '{"__proto__":1}',
    '[{"a":[{"\\u005f_proto__":null}]}]',
    '{"\\u005f\\u005f\\u0070roto\\u005f\\u005f":{}}',
  ]) {
    assert.ok(mayHavePrototypeName(text) && hasPrototypeName(JSON.parse(text)), text);
  }
  for (const text of ['{"a":"__proto__"}', '["\\u0041"]', "null", '{"constructor":{"prototype":1}}']) {
    assert.equal(mayHavePrototypeName(text) && hasPrototypeName(JSON.parse(text)), false, text);
  }
});
