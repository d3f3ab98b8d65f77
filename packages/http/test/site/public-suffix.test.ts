import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isIpLiteral, publicSuffix, registrableDomain, registrySuffix, siteHost } from "../../src/site/index.ts";

/** Host, public suffix, registrable domain. */
const hosts: readonly [string, string | undefined, string | undefined, string][] = [
  ["com", "com", undefined, "a suffix by itself"],
  ["example.com", "com", "example.com", "one label below a suffix"],
  ["www.example.com", "com", "example.com", "two labels below"],
  ["a.b.example.co.uk", "co.uk", "example.co.uk", "a suffix of two labels"],
  ["uk.com", "uk.com", undefined, "a private suffix"],
  ["alice.github.io", "github.io", "alice.github.io", "an owner below a private suffix"],
  ["x.s3.amazonaws.com", "s3.amazonaws.com", "x.s3.amazonaws.com", "a private suffix below a registrable domain"],
  ["amazonaws.com", "com", "amazonaws.com", "a registrable domain above a private suffix"],
  ["a.ck", "a.ck", undefined, "the wildcard *.ck"],
  ["www.ck", "ck", "www.ck", "the exception !www.ck"],
  ["x.www.ck", "ck", "www.ck", "below the exception"],
  ["localhost", "localhost", undefined, "an unknown top-level label, by the rule *"],
  ["printer.lan", "lan", "printer.lan", "below an unknown top-level label"],
  ["a_b.example.com", "com", "example.com", "a label that is not LDH"],
  ["xn--55qx5d.cn", "xn--55qx5d.cn", undefined, "an A-label suffix"],
  ["shop.xn--55qx5d.cn", "xn--55qx5d.cn", "shop.xn--55qx5d.cn", "below an A-label suffix"],
  ["www.example.com.", "com.", "example.com.", "a trailing dot, which stays"],
  ["com.", "com.", undefined, "a suffix with a trailing dot"],
  ["127.0.0.1", undefined, undefined, "an IPv4 address"],
  ["[2001:db8::1]", undefined, undefined, "an IPv6 address"],
  ["", undefined, undefined, "no host"],
  [".", undefined, undefined, "the root"],
  [".example.com", undefined, undefined, "an empty first label"],
  ["a..example.com", undefined, undefined, "an empty label within"],
  ["example.com..", undefined, undefined, "two trailing dots"],
];

describe("public suffixes (URL Standard 3.2)", () => {
  for (const [host, suffix, registrable, what] of hosts) {
    it(`splits ${JSON.stringify(host)}: ${what}`, () => {
      assert.equal(publicSuffix(host), suffix);
      assert.equal(registrableDomain(host), registrable);
      assert.equal(siteHost(host), registrable ?? host);
    });
  }

  it("gives any host at most itself, and its registrable domain exactly one label more than its suffix", () => {
    fc.assert(
      fc.property(fc.oneof(fc.domain(), fc.string({ unit: "grapheme-ascii" })), (host) => {
        const suffix = publicSuffix(host);
        const registrable = registrableDomain(host);
        if (registrable === undefined) return;
        assert.ok(suffix !== undefined && host.endsWith(registrable) && registrable.endsWith(`.${suffix}`));
        assert.ok(!registrable.slice(0, -suffix.length - 1).includes("."));
        assert.equal(siteHost(registrable), registrable);
      }),
    );
  });
});

describe("isIpLiteral", () => {
  for (const url of [
    "http://127.0.0.1/",
    "http://1.2.3/",
    "http://0x7f000001/",
    "http://[::1]/",
    "http://127.0.0.1./",
  ]) {
    it(`knows the host of ${url}`, () => {
      assert.equal(isIpLiteral(new URL(url).hostname), true);
    });
  }
  for (const host of ["localhost", "1.example", "1.2.3.4.example", "a1.2.3.4", "1.2.3.4.5a", ""]) {
    it(`takes ${JSON.stringify(host)} for a name`, () => {
      assert.equal(isIpLiteral(host), false);
    });
  }
});

it("the suffix of a registry leaves out what private owners registered", () => {
  assert.equal(publicSuffix("a.github.io"), "github.io");
  assert.equal(registrySuffix("a.github.io"), "io");
  assert.equal(registrySuffix("a.example.co.uk"), "co.uk");
  assert.equal(registrySuffix("192.0.2.1"), undefined);
});
