import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { formatProxy, parsePacResult, parseProxy } from "../../src/proxies/index.ts";

describe("the URL of a proxy", () => {
  for (const [text, expected, credentials] of [
    ["http://p.example:3128", "http://p.example:3128", undefined],
    ["HTTP://p.example:3128/", "http://p.example:3128", undefined],
    ["p.example:3128", "http://p.example:3128", undefined],
    ["p.example", "http://p.example:1080", undefined],
    ["http://p.example:443", "http://p.example:443", undefined],
    ["http://p.example:80", "http://p.example:80", undefined],
    ["https://p.example", "https://p.example:443", undefined],
    ["https://p.example:8443", "https://p.example:8443", undefined],
    ["socks5://p.example", "socks5://p.example:1080", undefined],
    ["socks5h://p.example:9050", "socks5://p.example:9050", undefined],
    ["socks://p.example", "socks5://p.example:1080", undefined],
    ["socks4://p.example", "socks4a://p.example:1080", undefined],
    ["http://[::1]:3128", "http://[::1]:3128", undefined],
    ["http://user:pa%20ss@p.example:3128", "http://p.example:3128", { username: "user", password: "pa ss" }],
    ["http://user@p.example:3128", "http://p.example:3128", { username: "user", password: "" }],
  ] as const) {
    test(`${text} is ${expected}`, () => {
      const proxy = parseProxy(text);
      assert.equal(proxy && formatProxy(proxy), expected);
      assert.deepEqual(proxy?.credentials, credentials);
    });
  }

  for (const text of [
    "",
    "ftp://p.example",
    "http://",
    "http://p.example:99999",
    "http://p.example/path",
    "http://p.example?x",
    "http://p.example#x",
    "http://%ff@p.example",
    "http://p example",
  ]) {
    test(`${JSON.stringify(text)} is none`, () => {
      assert.equal(parseProxy(text), undefined);
    });
  }

  test("never throws, and its name never holds a password", () => {
    fc.assert(
      fc.property(fc.webAuthority({ withUserInfo: true, withPort: true }), (authority) => {
        const proxy = parseProxy(`http://${authority}`);
        if (proxy !== undefined) assert.ok(!formatProxy(proxy).includes("@"));
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void parseProxy(text)));
  });
});

describe("the answer of a PAC script", () => {
  for (const [text, expected] of [
    ["DIRECT", "direct"],
    ["PROXY p.example:3128", "http://p.example:3128"],
    ["PROXY p.example", "http://p.example:80"],
    ["PROXY a.example:1; SOCKS5 b.example:2; direct", "http://a.example:1 socks5://b.example:2 direct"],
    ["HTTPS p.example; SOCKS p.example", "https://p.example:443 socks4a://p.example:1080"],
    ["PROXY user:secret@p.example:1; FROB x; PROXY; PROXY a b; ;", ""],
    ["", ""],
  ] as const) {
    test(`${JSON.stringify(text)} leads ${expected === "" ? "nowhere" : expected}`, () => {
      const routes = parsePacResult(text).map((each) => (each.type === "direct" ? "direct" : formatProxy(each.proxy)));
      assert.equal(routes.join(" "), expected);
    });
  }
});
