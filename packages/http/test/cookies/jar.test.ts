import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Cookie, type CookieContext, CookieJar, cookieKey, encodeCookie } from "../../src/cookies/index.ts";
import { siteHost } from "../../src/site/index.ts";
import { plausibleFields, setCookieFields, urls } from "./arbitraries.ts";

const now = 1_000_000;
const at = (href: string): CookieContext => ({ url: new URL(href) });
const home = at("https://www.example.com/a/b");

function jarOf(...fields: readonly [string, CookieContext][]): CookieJar {
  const jar = new CookieJar();
  for (const [fieldValue, context] of fields) jar.setCookie(fieldValue, context, now);
  return jar;
}

const onlyCookie = (jar: CookieJar): [string, Cookie] => {
  const [entry] = jar.entries();
  assert.ok(entry !== undefined && jar.size === 1);
  return entry;
};

describe("CookieJar.setCookie", () => {
  it("says what to write for a cookie with an expiry time", () => {
    const jar = new CookieJar();
    const { decision, changes } = jar.setCookie("a=b; Max-Age=60", home, now);
    const [key, cookie] = onlyCookie(jar);
    assert.equal(decision.type, "store");
    assert.equal(key, "www.example.com;host;a;/a");
    assert.deepEqual(changes, [{ type: "persist", key, cookie }]);
    assert.equal(cookie.expiryTime, now + 60_000);
  });
  it("says that a session cookie is not to be written, also in place of one that was", () => {
    const jar = jarOf(["a=b; Max-Age=60", home]);
    const { decision, changes } = jar.setCookie("a=c", home, now);
    const [key, cookie] = onlyCookie(jar);
    assert.equal(decision.type, "replace");
    assert.deepEqual(changes, [{ type: "keep-in-memory", key, cookie }]);
    assert.equal(cookie.value, "c");
  });
  it("says what to delete for a cookie that is taken back", () => {
    const jar = jarOf(["a=b; Max-Age=60", home]);
    const [key] = onlyCookie(jar);
    const { decision, changes } = jar.setCookie("a=; Max-Age=0", home, now);
    assert.equal(decision.type, "delete");
    assert.deepEqual(changes, [{ type: "delete", key }]);
    assert.equal(jar.size, 0);
  });
  it("changes nothing for a cookie that is ignored, in parsing or storing", () => {
    const jar = jarOf(["a=b", home]);
    for (const fieldValue of ["a=\0", "", "a=c; Domain=com", "a=c; SameSite=None"]) {
      const { decision, changes } = jar.setCookie(fieldValue, home, now);
      assert.equal(decision.type, "ignore");
      assert.deepEqual(changes, []);
    }
    assert.equal(jar.cookieHeader(home, now), "a=b");
  });
  it("keeps the place of a replaced cookie in the order of sending (5.7 step 23.3)", () => {
    const jar = new CookieJar();
    jar.setCookie("a=1", home, now);
    jar.setCookie("b=1", home, now + 1);
    jar.setCookie("a=2", home, now + 2);
    assert.equal(jar.cookieHeader(home, now + 2), "a=2; b=1");
  });
  it("gives a cookie that came back after its end a new place", () => {
    const jar = new CookieJar();
    jar.setCookie("a=1; Max-Age=1", home, now);
    jar.setCookie("b=1", home, now + 1);
    const { changes } = jar.setCookie("a=2", home, now + 1000);
    assert.deepEqual(
      changes.map((change) => change.type),
      ["delete", "keep-in-memory"],
    );
    assert.equal(jar.cookieHeader(home, now + 1000), "b=1; a=2");
  });
  it("leaves Secure cookies of the site alone, whichever of its hosts set them (5.7 step 16)", () => {
    const jar = jarOf(["a=b; Secure; Path=/; Domain=example.com", home]);
    const { decision } = jar.setCookie("a=c; Path=/", at("http://other.example.com/"), now);
    assert.deepEqual(decision, { type: "ignore", reason: "secure-cookie-exists" });
  });
});

describe("CookieJar.cookieHeader", () => {
  it("is empty for a jar, a site, a host or a path without cookies", () => {
    assert.equal(new CookieJar().cookieHeader(home, now), "");
    const jar = jarOf(["a=b", home]);
    for (const url of ["https://example.org/", "https://example.com/a/", "https://www.example.com/"]) {
      assert.equal(jar.cookieHeader(at(url), now), "");
    }
  });
  it("sends host-only cookies to their host and domain cookies to the domain's hosts", () => {
    const jar = jarOf(["host=1; Path=/", home], ["domain=1; Path=/; Domain=example.com", home]);
    assert.equal(jar.cookieHeader(home, now), "host=1; domain=1");
    assert.equal(jar.cookieHeader(at("http://example.com/"), now), "domain=1");
    assert.equal(jar.cookieHeader(at("http://x.y.example.com/"), now), "domain=1");
  });
  it("forgets what has expired", () => {
    const jar = jarOf(["a=b; Max-Age=1", home]);
    assert.equal(jar.cookieHeader(home, now + 999), "a=b");
    assert.equal(jar.cookieHeader(home, now + 1000), "");
    assert.equal(jar.size, 0);
    assert.equal(jar.hasCookiesFor("www.example.com"), false);
  });
  it("remembers when a cookie was sent (5.8.3 step 5), and only then", () => {
    const jar = jarOf(["a=b", home]);
    jar.cookieHeader(at("https://www.example.com/"), now + 1);
    assert.equal(onlyCookie(jar)[1].lastAccessTime, now);
    jar.cookieHeader(home, now + 2);
    assert.equal(onlyCookie(jar)[1].lastAccessTime, now + 2);
  });
  it("sends no cookie of a site to another, and no Secure one in the clear, whatever was set where", () => {
    const steps = fc.array(fc.tuple(fc.oneof(plausibleFields, setCookieFields), urls), { maxLength: 12 });
    fc.assert(
      fc.property(steps, urls, (steps, target) => {
        const jar = new CookieJar();
        const origins = new Map<string, string>();
        for (const [index, [fieldValue, url]] of steps.entries()) {
          // A value of its own for each cookie shows, in the header, where it was set.
          const marked = fieldValue.replace(/^([^=;]*)=[^;]*/, `$1=mark${index}`);
          if (jar.setCookie(marked, { url }, now).decision.type !== "ignore") origins.set(`mark${index}`, url.hostname);
        }
        for (const mark of jar.cookieHeader({ url: target }, now).match(/mark\d+/g) ?? []) {
          assert.equal(siteHost(origins.get(mark) ?? ""), siteHost(target.hostname));
        }
        for (const [, cookie] of jar.entries()) {
          const sent = jar.cookieHeader({ url: target }, now).split("; ").includes(`${cookie.name}=${cookie.value}`);
          const clear = target.protocol === "http:" || target.protocol === "ws:";
          if (cookie.value.startsWith("mark") && cookie.secureOnly && clear) assert.equal(sent, false);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("CookieJar.hasCookiesFor", () => {
  it("answers for the whole site", () => {
    const jar = jarOf(["a=b", home], ["a=b", at("https://alice.github.io/")]);
    assert.equal(jar.hasCookiesFor("www.example.com"), true);
    assert.equal(jar.hasCookiesFor("other.example.com"), true);
    assert.equal(jar.hasCookiesFor("example.org"), false);
    assert.equal(jar.hasCookiesFor("bob.github.io"), false);
  });
  it("stays right for more hosts than its cache holds", () => {
    const jar = jarOf(["a=b", home]);
    for (let index = 0; index < 2500; index += 1) assert.equal(jar.hasCookiesFor(`h${index}.example.org`), false);
    assert.equal(jar.hasCookiesFor("www.example.com"), true);
  });
});

describe("CookieJar limits (6265bis 5.7 and 6.1)", () => {
  it("evicts the longest unsent of a crowded domain, and says so", () => {
    const jar = new CookieJar({ perDomain: 2, total: 10 });
    jar.setCookie("a=1; Max-Age=60", home, now);
    jar.setCookie("b=1; Max-Age=60; Path=/", home, now + 1);
    jar.cookieHeader(home, now + 2);
    jar.setCookie("c=1; Max-Age=60; Path=/x", home, now + 3);
    jar.cookieHeader(at("https://www.example.com/"), now + 4);
    const { changes } = jar.setCookie("d=1", home, now + 5);
    assert.deepEqual(
      changes.map((change) => [change.type, change.key]),
      [
        ["keep-in-memory", "www.example.com;host;d;/a"],
        ["delete", "www.example.com;host;c;/x"],
      ],
    );
  });
  it("does not let cookies of an insecure connection push Secure ones out", () => {
    const jar = new CookieJar({ perDomain: 1, total: 10 });
    jar.setCookie("a=1; Secure", home, now);
    const { decision, changes } = jar.setCookie("b=1", at("http://www.example.com/"), now + 1);
    assert.deepEqual(decision, { type: "ignore", reason: "evicted" });
    assert.deepEqual(changes.at(-1), { type: "delete", key: "www.example.com;host;b;/" });
    assert.equal(jar.cookieHeader(home, now), "a=1");
  });
  it("evicts the longest unsent of all, a tenth at once, when there are too many", () => {
    const jar = new CookieJar({ perDomain: 10, total: 20 });
    for (let index = 0; index <= 20; index += 1) jar.setCookie("a=1", at(`https://h${index}.example/`), now + index);
    assert.equal(jar.size, 18);
    assert.deepEqual(
      [0, 1, 2, 3, 20].map((index) => jar.hasCookiesFor(`h${index}.example`)),
      [false, false, false, true, true],
    );
  });
  it("are never exceeded, and a keeper that carries changes out has what the jar has, whatever is set", () => {
    const steps = fc.array(fc.tuple(plausibleFields, urls, fc.nat(2000)), { maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 8 }), (steps, perDomain, total) => {
        const jar = new CookieJar({ perDomain, total });
        const kept = new Map<string, string>();
        let time = now;
        for (const [fieldValue, url, wait] of steps) {
          time += wait;
          for (const change of jar.setCookie(fieldValue, { url }, time).changes) {
            if (change.type === "persist") kept.set(change.key, encodeCookie(change.cookie));
            else kept.delete(change.key);
          }
          assert.ok(jar.size <= total);
          const cookies = Array.from(jar.entries(), ([, cookie]) => cookie);
          assert.equal(cookies.length, jar.size);
          for (const sameDomain of Map.groupBy(cookies, (cookie) => cookie.domain).values()) {
            assert.ok(sameDomain.length <= perDomain);
          }
        }
        const persistent = Array.from(jar.entries()).filter(([, cookie]) => cookie.expiryTime !== undefined);
        assert.deepEqual(new Map(persistent.map(([key, cookie]) => [key, encodeCookie(cookie)])), kept);
        for (const [key, cookie] of jar.entries()) assert.equal(cookieKey(cookie), key);
      }),
      { numRuns: 300 },
    );
  });
});

describe("CookieJar.load", () => {
  const records = (jar: CookieJar) =>
    Array.from(jar.entries(), ([key, cookie]) => ({ key, line: encodeCookie(cookie) }));
  const kept = jarOf(["a=b; Max-Age=60; Domain=example.com; Path=/", home]);
  const [key, cookie] = onlyCookie(kept);

  it("puts cookies back", () => {
    const jar = new CookieJar();
    assert.deepEqual(jar.load(records(kept), now), []);
    assert.deepEqual([...jar.entries()], [...kept.entries()]);
    assert.equal(jar.cookieHeader(home, now), "a=b");
  });
  it("refuses session cookies, expired ones, wrong keys and what is no cookie", () => {
    const line = (fields: Partial<Cookie>): string => encodeCookie({ ...cookie, ...fields });
    const broken = [
      { key, line: line({ expiryTime: undefined }) },
      { key, line: line({ expiryTime: now }) },
      { key: "example.com;host;a;/", line: line({}) },
      { key: "example.org;domain;a;/", line: line({}) },
      { key: "broken", line: "{" },
    ];
    const jar = new CookieJar();
    assert.deepEqual(
      jar.load(broken, now),
      broken.map((record) => record.key),
    );
    assert.equal(jar.size, 0);
  });
  it("refuses domain cookies of a public suffix, which it may have become since (5.8.3 step 3)", () => {
    const suffix = { ...cookie, domain: "github.io" };
    const jar = new CookieJar();
    const hostOnly = { ...suffix, hostOnly: true };
    const loaded = [suffix, hostOnly].map((cookie) => ({ key: cookieKey(cookie), line: encodeCookie(cookie) }));
    assert.deepEqual(jar.load(loaded, now), [cookieKey(suffix)]);
    assert.equal(jar.cookieHeader(at("https://alice.github.io/"), now), "");
    assert.equal(jar.cookieHeader(at("https://github.io/"), now), "a=b");
  });
  it("refuses what exceeds the limits", () => {
    const many = new CookieJar();
    for (let index = 0; index < 5; index += 1) many.setCookie(`a${index}=b; Max-Age=60`, home, now + index);
    const jar = new CookieJar({ perDomain: 3, total: 2 });
    assert.deepEqual(
      jar.load(records(many), now),
      [0, 1, 2].map((index) => `www.example.com;host;a${index};/a`),
    );
    assert.equal(jar.size, 2);
  });
});

describe("CookieJar.delete and clear", () => {
  it("forget one cookie by its key", () => {
    const jar = jarOf(["a=b", home], ["c=d", home]);
    assert.equal(jar.delete("www.example.com;host;a;/a"), true);
    assert.equal(jar.delete("www.example.com;host;a;/a"), false);
    assert.equal(jar.delete("no key"), false);
    assert.equal(jar.cookieHeader(home, now), "c=d");
    assert.equal(jar.size, 1);
  });
  it("forget all", () => {
    const jar = jarOf(["a=b", home]);
    jar.clear();
    assert.equal(jar.size, 0);
    assert.equal(jar.cookieHeader(home, now), "");
  });
});
