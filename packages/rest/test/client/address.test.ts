import { restClient } from "@fairlead/rest/client";
import type { TemplateValues } from "@fairlead/rest/client";
import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseBase, resolveAddress, withQuery } from "../../src/client/protocol/address.ts";

const base = parseBase("https://api.example.com/v1");

for (const [address, values, url] of [
  ["users", {}, "https://api.example.com/v1/users"],
  ["/users", {}, "https://api.example.com/users"],
  ["", {}, "https://api.example.com/v1"],
  ["?a=1", {}, "https://api.example.com/v1?a=1"],
  ["#a", {}, "https://api.example.com/v1#a"],
  ["users?next=https://other.example/../x", {}, "https://api.example.com/v1/users?next=https://other.example/../x"],
  // Methods of one's own, as Google's APIs have them.
  ["documents:commit", {}, "https://api.example.com/v1/documents:commit"],
  ["users/{id}", { id: "../admin" }, "https://api.example.com/v1/users/..%2Fadmin"],
  ["users/{id}", { id: "//evil.example" }, "https://api.example.com/v1/users/%2F%2Fevil.example"],
  ["users/{id}", { id: "a?b#c" }, "https://api.example.com/v1/users/a%3Fb%23c"],
  ["users/{id}", { id: "a\r\nX: y" }, "https://api.example.com/v1/users/a%0D%0AX%3A%20y"],
  ["users/{id}", { id: "a\\b" }, "https://api.example.com/v1/users/a%5Cb"],
  ["users/{id}", { id: "%2e%2e" }, "https://api.example.com/v1/users/%252e%252e"],
  ["users/{id}", { id: "..." }, "https://api.example.com/v1/users/..."],
  ["files/{+path}", { path: "a/b/c" }, "https://api.example.com/v1/files/a/b/c"],
  ["users{/id}", {}, "https://api.example.com/v1/users"],
  ["search?q={q}", { q: "" }, "https://api.example.com/v1/search?q="],
  ["https://other.example/{id}", { id: "x/y" }, "https://other.example/x%2Fy"],
  ["https://{region}.example.com/x", { region: "eu" }, "https://eu.example.com/x"],
  ["https://api.example.com{/path*}", { path: ["a", "b"] }, "https://api.example.com/a/b"],
  ["https://api.example.com/{+path}", { path: "a/../b" }, "https://api.example.com/b"],
] as readonly (readonly [string, TemplateValues, string])[]) {
  test(`${address} with ${JSON.stringify(values)} is ${url}`, () => {
    assert.equal(resolveAddress(base, address, values).url, url);
  });
}

for (const [address, values, code] of [
  ["..", {}, "URL_OUTSIDE_BASE"],
  ["../other", {}, "URL_OUTSIDE_BASE"],
  ["a/./b", {}, "URL_OUTSIDE_BASE"],
  ["a/%2e%2E/b", {}, "URL_OUTSIDE_BASE"],
  ["a/.%2e", {}, "URL_OUTSIDE_BASE"],
  ["a/..?b", {}, "URL_OUTSIDE_BASE"],
  ["a/..#b", {}, "URL_OUTSIDE_BASE"],
  ["a\\..\\b", {}, "URL_OUTSIDE_BASE"],
  ["a/.\t./b", {}, "URL_OUTSIDE_BASE"],
  ["a/b\r\nc", {}, "URL_OUTSIDE_BASE"],
  ["//evil.example/x", {}, "URL_OUTSIDE_BASE"],
  ["users/{id}", { id: ".." }, "URL_OUTSIDE_BASE"],
  ["users/{id}/keys", { id: "." }, "URL_OUTSIDE_BASE"],
  ["{a}{b}", { a: ".", b: "." }, "URL_OUTSIDE_BASE"],
  ["files/{+path}", { path: "../../admin" }, "URL_OUTSIDE_BASE"],
  ["files/{+path}", { path: "%2e%2e/admin" }, "URL_OUTSIDE_BASE"],
  ["{+path}", { path: "https://evil.example/" }, "URL_OUTSIDE_BASE"],
  ["{+path}", { path: "//evil.example/" }, "URL_OUTSIDE_BASE"],
  ["{/path*}", { path: ["", "evil.example"] }, "URL_OUTSIDE_BASE"],
  ["users/{id}", {}, "OPTION_INVALID"],
  ["users/{id}", { id: "" }, "OPTION_INVALID"],
  ["users/{id}", { id: [] }, "OPTION_INVALID"],
  ["https://api.example{+rest}", { rest: ".evil.example/" }, "URL_TEMPLATE_INVALID"],
  ["https://{+host}/", { host: "evil.example" }, "URL_TEMPLATE_INVALID"],
  ["https://api.example{/none}{+rest}", { rest: ".evil.example/" }, "URL_TEMPLATE_INVALID"],
  ["https://{host}/", { host: "evil.example/" }, "URL_INVALID"],
  ["https://", {}, "URL_INVALID"],
  ["users/{id", {}, "URL_TEMPLATE_INVALID"],
] as readonly (readonly [string, TemplateValues, string])[]) {
  test(`${JSON.stringify(address)} with ${JSON.stringify(values)} is refused`, () => {
    assert.throws(() => resolveAddress(base, address, values), { name: "UsageError", code });
  });
}

test("no value leads a relative address out of its place", () => {
  const hostile = fc.string({
    unit: fc.oneof(
      fc.constantFrom("/", ".", "..", "\\", "%2e", "%2E", "\t", "\r\n", "?", "#", "@", ":", "//"),
      fc.string(),
    ),
  });
  fc.assert(
    fc.property(
      hostile,
      fc.constantFrom("a/{x}/b", "a/{+x}/b", "a{/x}/b", "a/{x}{x}", "a{?x}", "a{;x}"),
      (x, template) => {
        let url: URL;
        try {
          url = new URL(resolveAddress(base, template, { x }).url);
        } catch (error) {
          assert.match(String(Reflect.get(error as Error, "code")), /^(?:URL_OUTSIDE_BASE|OPTION_INVALID)$/);
          return;
        }
        assert.equal(url.origin, "https://api.example.com");
        assert(url.pathname.startsWith("/v1/a"), url.href);
        if (template === "a/{x}/b") assert.match(url.pathname, /^\/v1\/a\/[^/]+\/b$/);
      },
    ),
    { numRuns: 1_000 },
  );
});

test("a query is added to what is there, before the fragment", () => {
  const query = { a: [1, null, "x y"], b: undefined, "c&": true };
  assert.equal(withQuery("https://a.example/x", query), "https://a.example/x?a=1&a=x%20y&c%26=true");
  assert.equal(withQuery("https://a.example/x?", query), "https://a.example/x?a=1&a=x%20y&c%26=true");
  assert.equal(withQuery("https://a.example/x?z#f", { a: 1 }), "https://a.example/x?z&a=1#f");
  assert.equal(withQuery("https://a.example/x", { b: undefined }), "https://a.example/x");
});

test("a base is a whole URL without query and fragment", () => {
  for (const fault of ["v1", "https://a.example/?a", "https://a.example/#a", "https://a.example/?"]) {
    assert.throws(() => restClient({ base: fault }), { code: "OPTION_INVALID" });
  }
});

test("without a base addresses are whole", () => {
  assert.throws(() => restClient().get("users"), { code: "URL_INVALID" });
});
