import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Cookie, type CookieContext, cookieString, retrieveCookies } from "../../src/cookies/index.ts";

const now = 1000;
const plain: Cookie = {
  name: "a",
  value: "b",
  domain: "example.com",
  path: "/",
  hostOnly: false,
  secureOnly: false,
  httpOnly: false,
  sameSite: "None",
  creationTime: 0,
  expiryTime: undefined,
  lastAccessTime: 0,
};

function goes(cookie: Partial<Cookie>, url: string, context: Omit<CookieContext, "url"> = {}): boolean {
  return retrieveCookies([{ ...plain, ...cookie }], { ...context, url: new URL(url) }, now).length === 1;
}

const cases: readonly [Partial<Cookie>, string, boolean, string][] = [
  [{ hostOnly: true }, "http://example.com/", true, "host-only, the host"],
  [{ hostOnly: true }, "http://www.example.com/", false, "host-only, a name below"],
  [{}, "http://example.com/", true, "domain, the host"],
  [{}, "http://www.example.com/", true, "domain, a name below"],
  [{}, "http://notexample.com/", false, "domain, another name"],
  [{ domain: "www.example.com" }, "http://example.com/", false, "domain, a name above"],
  [{}, "http://example.com./", false, "a trailing dot makes another host"],
  [{ domain: "127.0.0.1" }, "http://127.0.0.1/", true, "an address"],
  [{ domain: "0.0.1" }, "http://127.0.0.1/", false, "the end of an address"],
  [{}, "http://example.com:8080/", true, "any port"],
  [{ path: "/a" }, "http://example.com/a/b?c", true, "a path below, and a query"],
  [{ path: "/a" }, "http://example.com/ab", false, "a path beside"],
  [{ path: "/a" }, "http://example.com/?/a", false, "the query is no path"],
  [{ secureOnly: true }, "https://example.com/", true, "Secure over https"],
  [{ secureOnly: true }, "wss://example.com/", true, "Secure over wss"],
  [{ secureOnly: true }, "http://example.com/", false, "Secure over http"],
  [{ secureOnly: true }, "ws://example.com/", false, "Secure over ws"],
  [{ secureOnly: true, domain: "localhost" }, "http://localhost/", false, "Secure over http on loopback"],
  [{ expiryTime: now + 1 }, "http://example.com/", true, "not expired yet"],
  [{ expiryTime: now }, "http://example.com/", false, "expired"],
];

describe("retrieveCookies (6265bis 5.8.3 step 3)", () => {
  for (const [cookie, url, sent, what] of cases) {
    it(`${sent ? "sends" : "keeps"} ${JSON.stringify(cookie)} to ${url}: ${what}`, () => {
      assert.equal(goes(cookie, url), sent);
    });
  }

  it("keeps SameSite cookies from cross-site requests", () => {
    const siteForCookies = new URL("https://other.example/");
    assert.equal(goes({ sameSite: "Lax" }, "https://example.com/", { siteForCookies }), false);
    assert.equal(goes({ sameSite: "None" }, "https://example.com/", { siteForCookies }), true);
  });

  it("keeps HttpOnly cookies from scripts", () => {
    assert.equal(goes({ httpOnly: true }, "http://example.com/"), true);
    assert.equal(goes({ httpOnly: true }, "http://example.com/", { api: "non-http" }), false);
  });
});

describe("the order of sending (6265bis 5.8.3 step 4)", () => {
  const order = (cookies: Partial<Cookie>[]): string =>
    retrieveCookies(
      cookies.map((cookie) => ({ ...plain, ...cookie })),
      { url: new URL("http://example.com/a/b/c") },
      now,
    )
      .map((cookie) => cookie.name)
      .join("");

  it("puts longer paths first, then earlier creation times, then leaves things as they came", () => {
    const cookies = [
      { name: "5", path: "/", creationTime: 1 },
      { name: "3", path: "/a", creationTime: 2 },
      { name: "1", path: "/a/b", creationTime: 9 },
      { name: "4", path: "/a", creationTime: 2 },
      { name: "2", path: "/a", creationTime: 1 },
    ];
    assert.equal(order(cookies), "12345");
  });
});

describe("cookieString (6265bis 5.8.3 step 6)", () => {
  it("joins names and values, and leaves the equals sign out where there is no name", () => {
    const cookies = [
      { name: "a", value: "1" },
      { name: "", value: "b" },
      { name: "c", value: "" },
      { name: "d", value: "e=f g" },
    ];
    assert.equal(cookieString(cookies.map((cookie) => ({ ...plain, ...cookie }))), "a=1; b; c=; d=e=f g");
  });
  it("is empty without cookies", () => {
    assert.equal(cookieString([]), "");
  });
});
