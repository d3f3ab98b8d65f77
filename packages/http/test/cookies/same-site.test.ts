import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CookieContext, sameSiteStatus } from "../../src/cookies/index.ts";
import { sameSiteAllowsSending, sameSiteAllowsStoring } from "../../src/cookies/same-site.ts";

const url = new URL("https://example.com/");
const opaque = "opaque";
const navigation = { siteForCookies: opaque, topLevelNavigation: true } as const;

type Case = readonly [Omit<CookieContext, "url">, sent: string, stored: string, what: string];
const cases: readonly Case[] = [
  [{}, "None Default Lax Strict", "None Default Lax Strict", "no client"],
  [{ api: "non-http" }, "None Default Lax Strict", "None Default Lax Strict", "a script of the same site"],
  [
    { siteForCookies: new URL("https://www.example.com:8443/") },
    "None Default Lax Strict",
    "None Default Lax Strict",
    "the same site",
  ],
  [
    { siteForCookies: new URL("wss://example.com/") },
    "None Default Lax Strict",
    "None Default Lax Strict",
    "a WebSocket of it",
  ],
  [{ siteForCookies: new URL("http://example.com/") }, "None", "None", "the same domain by another scheme"],
  [{ siteForCookies: new URL("https://other.example/") }, "None", "None", "another site"],
  [{ siteForCookies: opaque }, "None", "None", "a mixture of sites"],
  [{ siteForCookies: opaque, method: "GET" }, "None", "None", "a safe method that is no navigation"],
  [navigation, "None Default Lax", "None Default Lax Strict", "navigation by GET, the default"],
  [{ ...navigation, method: "GET" }, "None Default Lax", "None Default Lax Strict", "navigation by GET"],
  [{ ...navigation, method: "HEAD" }, "None Default Lax", "None Default Lax Strict", "navigation by HEAD"],
  [{ ...navigation, method: "OPTIONS" }, "None Default Lax", "None Default Lax Strict", "navigation by OPTIONS"],
  [{ ...navigation, method: "TRACE" }, "None Default Lax", "None Default Lax Strict", "navigation by TRACE"],
  [{ ...navigation, method: "POST" }, "None", "None Default Lax Strict", "navigation by POST"],
  [{ ...navigation, method: "get" }, "None", "None Default Lax Strict", "navigation by a method that is not GET"],
  [{ ...navigation, api: "non-http" }, "None", "None", "a script, which navigates nowhere"],
];

describe("SameSite (6265bis 5.2, 5.7 step 18 and 5.8.3 step 3)", () => {
  const flags = ["None", "Default", "Lax", "Strict"] as const;
  for (const [context, sent, stored, what] of cases) {
    it(`sends ${sent} and stores ${stored} with ${what}`, () => {
      const facts = { ...context, url };
      assert.equal(flags.filter((flag) => sameSiteAllowsSending(flag, facts)).join(" "), sent);
      assert.equal(flags.filter((flag) => sameSiteAllowsStoring(flag, facts)).join(" "), stored);
    });
  }

  it("tells same-site from cross-site by the URL of the current hop", () => {
    const siteForCookies = new URL("https://www.example.com/");
    assert.equal(sameSiteStatus({ url, siteForCookies }), "same-site");
    assert.equal(sameSiteStatus({ url: new URL("https://other.example/"), siteForCookies }), "cross-site");
  });
});
