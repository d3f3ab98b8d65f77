import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatProxy, isExempt, proxyFromEnvironment, type Environment } from "../../src/proxies/index.ts";

function choose(url: string, environment: Environment): string {
  const choice = proxyFromEnvironment(new URL(url), environment);
  const where = choice.type === "proxy" ? formatProxy(choice.proxy) : choice.type;
  return choice.because === undefined ? where : `${where} by ${choice.because}`;
}

describe("the environment names a proxy", () => {
  for (const [title, url, environment, expected] of [
    ["none", "https://a.example/", {}, "direct"],
    [
      "by the scheme",
      "https://a.example/",
      { https_proxy: "http://p:1", http_proxy: "http://q:1" },
      "http://p:1 by https_proxy",
    ],
    [
      "by the scheme",
      "http://a.example/",
      { https_proxy: "http://p:1", http_proxy: "http://q:1" },
      "http://q:1 by http_proxy",
    ],
    ["for sockets of the web", "wss://a.example/", { https_proxy: "http://p:1" }, "http://p:1 by https_proxy"],
    ["for all", "https://a.example/", { ALL_PROXY: "socks5h://p:1" }, "socks5://p:1 by ALL_PROXY"],
    [
      "in lower case first",
      "https://a.example/",
      { HTTPS_PROXY: "http://q:1", https_proxy: "http://p:1" },
      "http://p:1 by https_proxy",
    ],
    [
      "not by an empty variable",
      "https://a.example/",
      { https_proxy: " ", HTTPS_PROXY: "http://q:1" },
      "http://q:1 by HTTPS_PROXY",
    ],
    [
      "not by a client's header field under CGI",
      "http://a.example/",
      { HTTP_PROXY: "http://evil:1", REQUEST_METHOD: "GET" },
      "direct",
    ],
    ["that cannot be read", "https://a.example/", { https_proxy: "ftp://p:1" }, "invalid by https_proxy"],
    [
      "not for who is exempt",
      "https://www.a.example/",
      { https_proxy: "http://p:1", no_proxy: "b.example, a.example" },
      "direct by no_proxy",
    ],
    ["not for this machine", "http://localhost:8080/", { http_proxy: "http://p:1" }, "direct"],
    ["not for this machine", "http://127.1.2.3/", { http_proxy: "http://p:1" }, "direct"],
    ["not for this machine", "http://[::1]/", { http_proxy: "http://p:1" }, "direct"],
  ] as const) {
    test(`${title}: ${url} goes ${expected}`, () => {
      assert.equal(choose(url, environment), expected);
    });
  }
});

describe("an exemption", () => {
  for (const [list, host, port, expected] of [
    ["*", "anything.example", 80, true],
    ["a.example", "a.example", 80, true],
    ["a.example", "A.Example.", 80, true],
    ["a.example", "www.a.example", 80, true],
    [".a.example", "www.a.example", 80, true],
    ["*.a.example", "www.a.example", 80, true],
    ["a.example", "ba.example", 80, false],
    ["a.example:443", "a.example", 443, true],
    ["a.example:443", "a.example", 80, false],
    ["x  a.example\ty", "a.example", 80, true],
    ["10.0.0.0/8", "10.1.2.3", 80, true],
    ["10.0.0.0/8", "11.1.2.3", 80, false],
    ["10.0.0.0/8", "::ffff:10.1.2.3", 80, true],
    ["10.0.0.0/33", "10.1.2.3", 80, false],
    ["0.0.0.0/0", "192.0.2.1", 80, true],
    ["0.0.0.0/0", "2001:db8::1", 80, false],
    ["2001:db8::/32", "[2001:DB8:0:0::1]", 80, true],
    ["[2001:db8::1]:443", "[2001:db8::1]", 443, true],
    ["2001:db8::1", "2001:db8:0::1", 80, true],
    ["10.0.0.1", "10.0.0.1", 80, true],
    ["0.0.1", "10.0.0.1", 80, false],
    ["0.0.0.0/0", "name.example", 80, false],
    [".", "name.example", 80, false],
    ["", "name.example", 80, false],
  ] as const) {
    test(`${JSON.stringify(list)} ${expected ? "is for" : "is not for"} ${host}:${String(port)}`, () => {
      assert.equal(isExempt(list, host, port), expected);
    });
  }
});
