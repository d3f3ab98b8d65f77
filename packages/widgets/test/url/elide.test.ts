import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { loadUrlData } from "../../src/url-data/load-url-data.ts";
import { displayUrl, elideUrl, type UrlPart } from "../../src/url/index.ts";

const data = await loadUrlData();

function partsOf(url: string): readonly UrlPart[] {
  const display = displayUrl(url, data);
  return display.type === "url" ? display.parts : [];
}

function joined(parts: readonly UrlPart[]): string {
  return parts.map(({ text }) => text).join("");
}

function elided(url: string, characters: number): string {
  return joined(elideUrl(partsOf(url), (text) => text.length <= characters));
}

test("a URL gives way in this order: quiet scheme, end of the path, front of the subdomains, front of the site", () => {
  const url = "https://login.accounts.example.co.uk/path/to?query";
  assert.equal(elided(url, 80), url);
  assert.equal(elided(url, 45), "login.accounts.example.co.uk/path/to?query");
  assert.equal(elided(url, 35), "login.accounts.example.co.uk/path/…");
  assert.equal(elided(url, 29), "login.accounts.example.co.uk");
  assert.equal(elided(url, 24), "….accounts.example.co.uk");
  assert.equal(elided(url, 15), "….example.co.uk");
  assert.equal(elided(url, 13), "example.co.uk");
  assert.equal(elided(url, 6), "…co.uk");
});

test("a flagged scheme and a port stay whole", () => {
  assert.equal(elided("http://www.example.com:8080/path", 23), "http://example.com:8080");
});

test("whatever the room, the end of the site is shown, and it fits once there is room for a character of it", () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.nat(60), (url, room) => {
      const parts = elideUrl(partsOf(url), (text) => text.length <= room);
      const site = parts.find(({ role }) => role === "site")?.text ?? "";
      const whole = partsOf(url).find(({ role }) => role === "site")?.text ?? "";
      assert.ok(whole.endsWith(site.replace("…", "")) && site.replace("…", "") !== "");
      if (room >= 20) assert.ok(joined(parts).length <= room);
    }),
  );
});
