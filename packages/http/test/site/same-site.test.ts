import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isSameSite, siteOf } from "../../src/site/index.ts";

const same: readonly [string, string, string][] = [
  ["https://example.com/", "https://example.com/", "one host"],
  ["https://a.example.com/", "https://b.example.com/", "two hosts of one registrable domain"],
  ["https://example.com/", "https://www.example.com:8443/", "another port"],
  ["https://bücher.example/", "https://www.xn--bcher-kva.example/", "a U-label and its A-label"],
  ["wss://example.com/", "https://www.example.com/", "a WebSocket handshake, which is an HTTP request"],
  ["http://localhost:1/", "http://localhost:2/", "a host without registrable domain"],
  ["https://github.io/", "https://github.io/", "a public suffix and itself"],
  ["http://127.0.0.1/", "http://127.0.0.1:8080/", "one IP address"],
  ["http://[::1]/", "http://[0:0::1]/", "one IP address in two spellings"],
  ["https://a.example.com./", "https://b.example.com./", "trailing dots on both"],
];

const cross: readonly [string, string, string][] = [
  ["https://example.com/", "http://example.com/", "another scheme"],
  ["https://example.com/", "https://example.org/", "another registrable domain"],
  ["https://alice.github.io/", "https://bob.github.io/", "two owners below a private suffix"],
  ["https://a.co.uk/", "https://b.co.uk/", "two owners below a suffix of two labels"],
  ["https://github.io/", "https://alice.github.io/", "a public suffix and a name below it"],
  ["http://127.0.0.1/", "http://127.0.0.2/", "two IP addresses"],
  ["http://1.0.0.1/", "http://2.0.0.1/", "two IP addresses with the same ending"],
  ["http://localhost/", "http://a.localhost/", "a name below a host without registrable domain"],
  ["https://example.com/", "https://example.com./", "a trailing dot on one"],
  ["https://example.com/", "https://notexample.com/", "the same letters, not the same labels"],
  ["file:///a", "file:///a", "opaque origins, even of one URL"],
  ["data:,a", "data:,a", "opaque origins without host"],
  ["https://example.com/", "data:,a", "an opaque origin on one side"],
];

describe("isSameSite (HTML Standard 7.1.1)", () => {
  for (const [a, b, what] of same) {
    it(`joins ${a} and ${b}: ${what}`, () => {
      assert.equal(isSameSite(new URL(a), new URL(b)), true);
      assert.equal(isSameSite(new URL(b), new URL(a)), true);
      assert.equal(siteOf(new URL(a)), siteOf(new URL(b)));
    });
  }
  for (const [a, b, what] of cross) {
    it(`parts ${a} and ${b}: ${what}`, () => {
      assert.equal(isSameSite(new URL(a), new URL(b)), false);
      assert.equal(isSameSite(new URL(b), new URL(a)), false);
      const site = siteOf(new URL(a));
      assert.ok(site === undefined || site !== siteOf(new URL(b)));
    });
  }
});

describe("siteOf (HTML Standard 7.1.1, serialize a site)", () => {
  it("names scheme and registrable domain, without port", () => {
    assert.equal(siteOf(new URL("https://user@www.example.co.uk:8443/a?b")), "https://example.co.uk");
  });
  it("names scheme and host where there is no registrable domain", () => {
    assert.equal(siteOf(new URL("http://[::1]:8080/")), "http://[::1]");
  });
  it("has no name for an opaque origin", () => {
    assert.equal(siteOf(new URL("mailto:a@example.com")), undefined);
  });
});
