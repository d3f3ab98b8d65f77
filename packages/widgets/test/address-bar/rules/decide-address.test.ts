import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type AddressRefusal, decideAddress } from "../../../src/address-bar/rules/decide-address.ts";

const policy = { schemes: ["https", "http"], search: false };
const searching = { ...policy, search: true };

describe("an address that was typed", () => {
  const navigates: readonly (readonly [typed: string, url: string])[] = [
    ["https://example.org", "https://example.org/"],
    ["HTTP://EXAMPLE.org:80/A", "http://example.org/A"],
    ["example.org", "https://example.org/"],
    ["word", "https://word/"],
    ["//example.org/a", "https://example.org/a"],
    ["example.org:8443/a?b#c", "https://example.org:8443/a?b#c"],
    ["localhost:8080", "http://localhost:8080/"],
    ["app.localhost/x", "http://app.localhost/x"],
    ["127.0.0.1", "http://127.0.0.1/"],
    ["[::1]:3000", "http://[::1]:3000/"],
    ["localhost.example.org", "https://localhost.example.org/"],
    ["127.0.0.1.example.org", "https://127.0.0.1.example.org/"],
    ["bücher.example/ä b", "https://xn--bcher-kva.example/%C3%A4%20b"],
    ["example。org", "https://example.org/"],
    ["<https://example.org/>", "https://example.org/"],
    ["exam\u200bple.org", "https://example.org/"],
    ["https:\\\\example.org\\a", "https://example.org/a"],
  ];
  for (const [typed, url] of navigates) {
    test(`${JSON.stringify(typed)} leads to ${url}`, () => {
      assert.deepEqual(decideAddress(typed, policy), { type: "navigate", url, userInformationLeftOut: false });
    });
  }

  test("loses its user information, which is told", () => {
    for (const typed of [
      "https://bank.example@evil.example/",
      "https://a:b@evil.example",
      "bank.example@evil.example",
    ]) {
      assert.deepEqual(decideAddress(typed, policy), {
        type: "navigate",
        url: "https://evil.example/",
        userInformationLeftOut: true,
      });
    }
  });

  const refuses: readonly (readonly [typed: string, reason: AddressRefusal])[] = [
    ["", { type: "empty" }],
    [" \u200b\n", { type: "empty" }],
    ["javascript:alert(1)", { type: "script" }],
    [" jAvAsCrIpT\t:alert(1)", { type: "script" }],
    ["java\nscript:alert(1)", { type: "script" }],
    ["vbscript:x", { type: "script" }],
    ["data:text/html,x", { type: "scheme", scheme: "data" }],
    ["file:///etc/passwd", { type: "scheme", scheme: "file" }],
    ["mailto:someone@example.org", { type: "scheme", scheme: "mailto" }],
    ["tel:5551234567", { type: "scheme", scheme: "tel" }],
    ["alert(1)", { type: "host", host: "alert(1)" }],
    ["two words", { type: "not-an-address" }],
    ["/etc/passwd", { type: "not-an-address" }],
    ["https://", { type: "not-an-address" }],
    ["https://exa mple.org/", { type: "not-an-address" }],
    ["https://a..b/", { type: "host", host: "a..b" }],
    ["https://a<b/", { type: "host", host: "a<b" }],
    ["https://256.256.256.256/", { type: "host", host: "256.256.256.256" }],
    [`https://${"a".repeat(64)}.example/`, { type: "host", host: `${"a".repeat(64)}.example` }],
    ["https://example.org:99999/", { type: "port", port: "99999" }],
    ["https://example.org:http/", { type: "port", port: "http" }],
    ["a".repeat(40_000), { type: "too-long", limit: 32_768 }],
  ];
  for (const [typed, reason] of refuses) {
    test(`${JSON.stringify(typed.slice(0, 40))} is refused: ${reason.type}`, () => {
      assert.deepEqual(decideAddress(typed, policy), { type: "refuse", reason });
    });
  }

  test("is never one of a scheme that runs scripts, even where an application names it", () => {
    const careless = { schemes: ["javascript", "vbscript", "https"], search: false };
    assert.deepEqual(decideAddress("javascript:alert(1)", careless), { type: "refuse", reason: { type: "script" } });
  });
});

describe("where the application searches", () => {
  const searches: readonly (readonly [typed: string, text: string])[] = [
    ["word", "word"],
    ["two words", "two words"],
    ["?example.org", "example.org"],
    ["2130706433", "2130706433"],
    ["3.14", "3.14"],
    ["1.2.3", "1.2.3"],
    ["what is example.org", "what is example.org"],
    ["note: buy milk", "note: buy milk"],
    ["example.", "example."],
  ];
  for (const [typed, text] of searches) {
    test(`${JSON.stringify(typed)} is searched for`, () => {
      assert.deepEqual(decideAddress(typed, searching), { type: "search", text });
    });
  }

  for (const typed of [
    "example.org",
    "localhost",
    "word/",
    "word:80",
    "10.0.0.1",
    "[::1]",
    "https://word",
    "例え。jp",
  ]) {
    test(`${typed} is an address`, () => {
      assert.equal(decideAddress(typed, searching).type, "navigate");
    });
  }

  test("scripts are not searched for either", () => {
    assert.equal(decideAddress("javascript:alert(document.cookie)", searching).type, "refuse");
  });
});

test("whatever is typed, what is gone to is a canonical ASCII URL of an allowed scheme without user information", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.webUrl(),
    fc.constantFrom("https://", "@", ":", "/", "javascript:"),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), fc.boolean(), (pieces, search) => {
      const decision = decideAddress(pieces.join(""), { ...policy, search });
      if (decision.type !== "navigate") return;
      assert.match(decision.url, /^https?:\/\/[\x21-\x7e]+$/u);
      const url = new URL(decision.url);
      assert.equal(url.href, decision.url);
      assert.equal(url.username + url.password, "");
    }),
  );
});
