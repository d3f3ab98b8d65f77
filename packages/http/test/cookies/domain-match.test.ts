import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { domainMatches } from "../../src/cookies/index.ts";

const matching: readonly [string, string, string][] = [
  ["example.com", "example.com", "the same name"],
  ["www.example.com", "example.com", "a name below"],
  ["a.b.example.com", "example.com", "a name far below"],
  ["127.0.0.1", "127.0.0.1", "the same IPv4 address"],
  ["[::1]", "[::1]", "the same IPv6 address"],
  ["1.2.3.4.example", "3.4.example", "digits in a name"],
  ["www.example.com.", "example.com.", "trailing dots on both"],
];

const different: readonly [string, string, string][] = [
  ["example.com", "www.example.com", "a name above"],
  ["notexample.com", "example.com", "the same letters without a dot between"],
  ["example.com.evil.org", "example.com", "a prefix, not a suffix"],
  ["example.org", "example.com", "another name"],
  ["127.0.0.1", "0.0.1", "an ending of an IPv4 address"],
  ["127.0.0.1", "1", "one number of an IPv4 address"],
  ["example.com.", "example.com", "a trailing dot on the host"],
  ["example.com", "example.com.", "a trailing dot on the domain"],
];

describe("domainMatches (6265bis 5.1.3)", () => {
  for (const [host, domain, what] of matching) {
    it(`matches ${host} with ${domain}: ${what}`, () => {
      assert.equal(domainMatches(host, domain), true);
    });
  }
  for (const [host, domain, what] of different) {
    it(`does not match ${host} with ${domain}: ${what}`, () => {
      assert.equal(domainMatches(host, domain), false);
    });
  }
});
