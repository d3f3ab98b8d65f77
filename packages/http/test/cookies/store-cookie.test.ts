import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type Cookie,
  type CookieContext,
  decideStoreCookie,
  type IgnoreReason,
  parseSetCookie,
  type StoreDecision,
} from "../../src/cookies/index.ts";

const now = Date.UTC(2026, 0, 1);
const day = 24 * 60 * 60 * 1000;

interface Options extends Omit<CookieContext, "url"> {
  /** `https://www.example.com/a/b` by default. */
  readonly url?: string;
  readonly existing?: readonly Cookie[];
}

function receive(fieldValue: string, { url = "https://www.example.com/a/b", existing = [], ...context }: Options = {}) {
  const parsed = parseSetCookie(fieldValue);
  assert.ok(parsed.type === "cookie");
  return decideStoreCookie(parsed.cookie, { ...context, url: new URL(url) }, existing, now);
}

function stored(fieldValue: string, options?: Options): Cookie {
  const decision = receive(fieldValue, options);
  assert.ok(decision.type === "store" || decision.type === "replace", JSON.stringify(decision));
  return decision.cookie;
}

const site = (href: string): URL => new URL(href);
const insecure = "http://www.example.com/a/b";
const script = { api: "non-http" } as const;
const foreign = { siteForCookies: site("https://other.example/") };

const fields: readonly [string, Options, Partial<Cookie>, string][] = [
  ["a=b", {}, { name: "a", value: "b", creationTime: now, lastAccessTime: now }, "step 5: name, value and times"],
  ["=b", {}, { name: "", value: "b" }, "step 2: a value without name"],
  ["a=", {}, { name: "a", value: "" }, "step 2: a name without value"],
  ["a=b", {}, { expiryTime: undefined }, "step 6: neither Max-Age nor Expires is a session cookie"],
  ["a=b; Max-Age=60", {}, { expiryTime: now + 60_000 }, "step 6: Max-Age counts from now"],
  ["a=b; Expires=Mon, 05 Jan 2026 00:00:00 GMT", {}, { expiryTime: now + 4 * day }, "step 6: Expires"],
  [
    "a=b; Max-Age=60; Expires=Mon, 05 Jan 2026 00:00:00 GMT",
    {},
    { expiryTime: now + 60_000 },
    "step 6: Max-Age goes before Expires",
  ],
  ["a=b; Max-Age=34560000", {}, { expiryTime: now + 400 * day }, "5.5: 400 days"],
  ["a=b; Max-Age=34560001", {}, { expiryTime: now + 400 * day }, "5.6.2 step 6: not more than 400 days"],
  [`a=b; Max-Age=${"9".repeat(400)}`, {}, { expiryTime: now + 400 * day }, "5.6.2 step 6: not even then"],
  ["a=b; Expires=Fri, 31 Dec 9999 23:59:59 GMT", {}, { expiryTime: now + 400 * day }, "5.6.1 step 4: 400 days"],
  ["a=b", {}, { domain: "www.example.com", hostOnly: true }, "step 10: the host, and only it"],
  ["a=b; Domain=", {}, { domain: "www.example.com", hostOnly: true }, "step 10: an empty Domain"],
  ["a=b; Domain=.", {}, { domain: "www.example.com", hostOnly: true }, "step 10: a Domain of one dot"],
  ["a=b; Domain=example.com", {}, { domain: "example.com", hostOnly: false }, "step 10: a domain above"],
  ["a=b; Domain=.EXAMPLE.com", {}, { domain: "example.com", hostOnly: false }, "5.6.3: leading dot and case"],
  ["a=b; Domain=www.example.com", {}, { domain: "www.example.com", hostOnly: false }, "step 10: the host itself"],
  ["a=b; Domain=com; Domain=example.com", {}, { domain: "example.com" }, "step 7: the last Domain"],
  [
    "a=b; Domain=xn--bcher-kva.example",
    { url: "https://bücher.example/" },
    { domain: "xn--bcher-kva.example", hostOnly: false },
    "5.1.2: hosts are A-labels",
  ],
  ["a=b; Domain=co.uk", { url: "https://co.uk/" }, { domain: "co.uk", hostOnly: true }, "step 9.3: a suffix of itself"],
  [
    "a=b; Domain=localhost",
    { url: "http://localhost/" },
    { domain: "localhost", hostOnly: true },
    "step 9.3: localhost",
  ],
  ["a=b", { url: "http://[::1]/" }, { domain: "[::1]", hostOnly: true }, "step 10: an IPv6 address"],
  [
    "a=b; Domain=127.0.0.1",
    { url: "http://127.0.0.1/" },
    { domain: "127.0.0.1", hostOnly: false },
    "step 10: an address",
  ],
  [
    "a=b; Domain=example.com.",
    { url: "https://www.example.com./" },
    { domain: "example.com.", hostOnly: false },
    "step 10: trailing dots on both",
  ],
  ["a=b", {}, { path: "/a" }, "step 11: the default path"],
  ["a=b; Path=/c", {}, { path: "/c" }, "step 11: a path elsewhere"],
  ["a=b; Path=/c; Path=", {}, { path: "/a" }, "step 11: the last Path, which asks for the default"],
  ["a=b; Secure", {}, { secureOnly: true }, "step 12"],
  ["a=b; Secure", { url: "wss://www.example.com/" }, { secureOnly: true }, "step 13: wss is secure"],
  ["a=b; HttpOnly", {}, { httpOnly: true }, "step 14"],
  ["a=b", {}, { sameSite: "Default" }, "step 17: no SameSite"],
  ["a=b; SameSite=Lax", {}, { sameSite: "Lax" }, "step 17"],
  ["a=b; SameSite=None; Secure", foreign, { sameSite: "None" }, "step 18: None is for cross-site responses"],
  ["a=b; SameSite=Strict", {}, { sameSite: "Strict" }, "step 18.2: no client is same-site"],
  [
    "a=b; SameSite=Strict",
    { siteForCookies: site("https://other.example.com/") },
    { sameSite: "Strict" },
    "step 18.2: same-site",
  ],
  ["a=b; SameSite=Strict", { ...foreign, topLevelNavigation: true }, { sameSite: "Strict" }, "step 18.3: navigation"],
  [
    "a=b; SameSite=Strict",
    { ...foreign, topLevelNavigation: true, method: "POST" },
    { sameSite: "Strict" },
    "step 18.3: by any method",
  ],
  ["__Secure-a=b; Secure; Domain=example.com", {}, { name: "__Secure-a" }, "step 20"],
  ["__Host-a=b; Secure; Path=/", {}, { name: "__Host-a" }, "step 21"],
  ["__Host-a=b; Secure; Path", { url: "https://example.com/x" }, { path: "/" }, "step 21.3: a Path whose default is /"],
];

const ignored: readonly [string, Options, IgnoreReason, string][] = [
  ["", {}, "empty", "step 2: nothing"],
  ["=; Secure", {}, "empty", "step 2: neither name nor value"],
  ["a=b; Domain=b\u00fccher.example", { url: "https://bücher.example/" }, "domain-not-ascii", "step 8: a U-label"],
  ["a=b; Domain=com", {}, "public-suffix", "step 9"],
  ["a=b; Domain=co.uk", { url: "https://www.example.co.uk/" }, "public-suffix", "step 9: two labels"],
  ["a=b; Domain=github.io", { url: "https://alice.github.io/" }, "public-suffix", "step 9: a private suffix"],
  ["a=b; Domain=localhost", { url: "http://a.localhost/" }, "public-suffix", "step 9: an unknown top level"],
  ["a=b; Domain=com.", { url: "https://www.example.com./" }, "public-suffix", "step 9: with a trailing dot"],
  ["a=b; Domain=other.example", {}, "domain-mismatch", "step 10: another domain"],
  ["a=b; Domain=a.www.example.com", {}, "domain-mismatch", "step 10: a domain below"],
  ["a=b; Domain=..example.com", {}, "domain-mismatch", "step 10: one dot is taken off, not two"],
  ["a=b; Domain=example.com.", {}, "domain-mismatch", "step 10: a trailing dot on the domain"],
  ["a=b; Domain=example.com", { url: "https://www.example.com./" }, "domain-mismatch", "step 10: or on the host"],
  ["a=b; Domain=0.0.1", { url: "http://127.0.0.1/" }, "domain-mismatch", "step 10: the end of an address"],
  [
    "a=b; Domain=amazonaws.com",
    { url: "https://x.s3.amazonaws.com/" },
    "other-site",
    "step 1: a public suffix lies between host and domain",
  ],
  ["a=b; Domain=.example.com", { url: "https://a..example.com/" }, "other-site", "step 1: a host with an empty label"],
  ["a=b", { url: "data:,a" }, "no-host", "a URL without host"],
  ["a=b; Secure", { url: insecure }, "insecure-connection", "step 13"],
  ["a=b; Secure", { url: "http://localhost/" }, "insecure-connection", "step 13: not even on loopback"],
  ["a=b; HttpOnly", script, "http-only", "step 15"],
  ["a=b; SameSite=None", {}, "same-site-none-insecure", "step 19"],
  ["a=b; SameSite=Lax", foreign, "cross-site", "step 18.4: Lax"],
  ["a=b", foreign, "cross-site", "step 18.4: no SameSite, which is as Lax"],
  [
    "a=b",
    { siteForCookies: site("http://www.example.com/") },
    "cross-site",
    "step 18.4: the scheme is part of the site",
  ],
  ["a=b", { siteForCookies: "opaque" }, "cross-site", "step 18.4: a mixture of sites"],
  ["a=b", { ...script, siteForCookies: "opaque", topLevelNavigation: true }, "cross-site", "step 18.1: a script"],
  ["__Secure-a=b", {}, "secure-prefix", "step 20"],
  ["__SECURE-a=b", {}, "secure-prefix", "step 20: in any case"],
  ["__Host-a=b; Secure; Path=/; Domain=www.example.com", {}, "host-prefix", "step 21.2"],
  ["__Host-a=b; Secure", { url: "https://example.com/" }, "host-prefix", "step 21.3: no Path"],
  ["__host-a; Path=/; Secure", {}, "nameless-prefix", "step 22"],
  ["a=b; Max-Age=0", {}, "expired", "5.6.2 step 7: nothing to delete"],
];

describe("decideStoreCookie (6265bis 5.7)", () => {
  for (const [fieldValue, options, expected, what] of fields) {
    const { url } = options;
    it(`stores ${fieldValue.slice(0, 60)}${url === undefined ? "" : ` of ${url}`} — ${what}`, () => {
      const cookie = stored(fieldValue, options);
      assert.deepEqual({ ...cookie, ...expected }, cookie);
    });
  }
  for (const [fieldValue, options, reason, what] of ignored) {
    it(`ignores ${fieldValue}${options.url === undefined ? "" : ` of ${options.url}`} — ${what}`, () => {
      assert.deepEqual(receive(fieldValue, options), { type: "ignore", reason });
    });
  }

  it("step 23: replaces the cookie of the same name, domain, host-only-flag and path, and keeps its creation time", () => {
    const old = { ...stored("a=old"), creationTime: now - day };
    const others = ["A=b", "a=b; Domain=www.example.com", "a=b; Path=/"].map((field) => stored(field));
    const decision = receive("a=new; Secure", { existing: [...others, old] });
    const cookie = { ...stored("a=new; Secure"), creationTime: now - day };
    assert.deepEqual(decision, { type: "replace", cookie, replaced: old });
  });

  it("step 23: stores beside cookies that differ in name, domain, host-only-flag or path", () => {
    const existing = ["A=b", "a=b; Domain=www.example.com", "a=b; Path=/", "a=b; Domain=example.com"].map((field) =>
      stored(field),
    );
    assert.equal(receive("a=b", { existing }).type, "store");
  });

  it("step 23.2: a script does not replace an HttpOnly cookie", () => {
    const existing = [stored("a=b; HttpOnly")];
    assert.deepEqual(receive("a=c", { ...script, existing }), { type: "ignore", reason: "http-only" });
    assert.deepEqual(receive("a=c; Max-Age=0", { ...script, existing }), { type: "ignore", reason: "http-only" });
    assert.equal(receive("a=c; Path=/", { ...script, existing }).type, "store");
  });

  it("deletes the cookie that an expired one replaces", () => {
    const old = stored("a=b");
    const deleted: StoreDecision = { type: "delete", deleted: old };
    assert.deepEqual(receive("a=; Max-Age=0", { existing: [old] }), deleted);
    assert.deepEqual(receive("a=; Max-Age=-5", { existing: [old] }), deleted);
    assert.deepEqual(receive("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", { existing: [old] }), deleted);
    assert.deepEqual(receive("a=; Expires=Thu, 01 Jan 2026 00:00:00 GMT", { existing: [old] }), deleted);
  });

  it("does not take the creation time of a cookie that has expired", () => {
    const old = { ...stored("a=old; Max-Age=1"), creationTime: now - day, expiryTime: now };
    assert.deepEqual(receive("a=new", { existing: [old] }), { type: "store", cookie: stored("a=new") });
  });
});

describe("leaving Secure cookies alone (6265bis 5.7 step 16)", () => {
  const secure = stored("a=b; Secure; Path=/login; Domain=example.com");
  const overlay = (fieldValue: string, url = insecure, existing = [secure]) => receive(fieldValue, { url, existing });
  const left = { type: "ignore", reason: "secure-cookie-exists" };

  it("refuses the same name at and below its path", () => {
    assert.deepEqual(overlay("a=c; Path=/login"), left);
    assert.deepEqual(overlay("a=c; Path=/login/en"), left);
    assert.deepEqual(overlay("a=c", "http://www.example.com/login/"), left);
  });
  it("allows the same name above and beside its path", () => {
    assert.equal(overlay("a=c; Path=/").type, "store");
    assert.equal(overlay("a=c; Path=/foo").type, "store");
  });
  it("refuses it for domains above and below alike", () => {
    const below = stored("a=b; Secure; Path=/login");
    assert.deepEqual(overlay("a=c; Path=/login; Domain=example.com", insecure, [below]), left);
    assert.deepEqual(overlay("a=c; Path=/login", "http://example.com/", [below]), left);
    assert.deepEqual(overlay("a=c; Path=/login", "http://x.www.example.com/"), left);
  });
  it("refuses deletion too", () => {
    assert.deepEqual(overlay("a=; Path=/login; Domain=example.com; Max-Age=0"), left);
  });
  it("allows another name, a domain beside, and a secure connection", () => {
    assert.equal(overlay("A=c; Path=/login").type, "store");
    const beside = stored("a=b; Secure; Path=/login");
    assert.equal(overlay("a=c; Path=/login", "http://beside.example.com/", [beside]).type, "store");
    assert.equal(overlay("a=c; Path=/login", "https://www.example.com/").type, "store");
  });
  it("allows it where the existing cookie is not Secure or has expired", () => {
    assert.equal(overlay("a=c; Path=/login", insecure, [{ ...secure, secureOnly: false }]).type, "store");
    assert.equal(overlay("a=c; Path=/login", insecure, [{ ...secure, expiryTime: now }]).type, "store");
  });
});
