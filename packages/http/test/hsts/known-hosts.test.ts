import { hstsHost, isKnownHstsHost, learnHsts, type HstsEntry } from "@fairlead/http/hsts";
import assert from "node:assert/strict";
import { describe, test } from "node:test";

const known = new Map<string, HstsEntry>([
  ["example.com", { includeSubDomains: false }],
  ["wide.example", { includeSubDomains: true }],
  ["narrow.wide2.example", { includeSubDomains: false }],
  ["wide2.example", { includeSubDomains: true }],
  ["xn--bcher-kva.example", { includeSubDomains: false }],
]);
const lookUp = (host: string): HstsEntry | undefined => known.get(host);

describe("RFC 6797 8.2, matching", () => {
  const cases: [hostname: string, isKnown: boolean, why: string][] = [
    ["example.com", true, "congruent"],
    ["EXAMPLE.com", true, "case does not matter"],
    ["example.com.", true, "a trailing dot does not matter"],
    ["www.example.com", false, "subdomains are not included"],
    ["com", false, "superdomain"],
    ["badexample.com", false, "labels are compared, not text"],
    ["a.wide.example", true, "subdomain of one that includes them"],
    ["a.b.c.wide.example.", true, "deep subdomain"],
    ["notwide.example", false, "labels are compared, not text"],
    ["a.narrow.wide2.example", true, "a narrow match below a wide one does not hide it"],
    [new URL("http://bücher.example").hostname, true, "A-labels"],
    ["127.0.0.1", false, "IPv4 literal"],
    ["[::1]", false, "IPv6 literal"],
    ["", false, "nothing"],
    [".", false, "the root"],
  ];
  for (const [hostname, isKnown, why] of cases) {
    test(`${JSON.stringify(hostname)} is ${isKnown ? "" : "not "}known: ${why}`, () => {
      assert.equal(isKnownHstsHost(hostname, lookUp), isKnown);
    });
  }

  test("an IP literal is not matched even where somebody put it into the store", () => {
    assert.equal(
      isKnownHstsHost("127.0.0.1", () => ({ includeSubDomains: true })),
      false,
    );
    assert.equal(
      isKnownHstsHost("[::1]", () => ({ includeSubDomains: true })),
      false,
    );
  });
});

describe("RFC 6797 8.1, learning", () => {
  const origin = { hostname: "Example.COM.", secure: true, fieldValue: "max-age=60; includeSubDomains" };

  test("a good field from a secure response is remembered under the canonical host", () => {
    assert.deepEqual(learnHsts(origin), {
      type: "remember",
      host: "example.com",
      entry: { includeSubDomains: true },
      maxAge: 60,
    });
  });
  test("a response that was not secure teaches nothing", () => {
    assert.deepEqual(learnHsts({ ...origin, secure: false }), { type: "ignore", reason: "not-secure" });
  });
  test("max-age=0 forgets exactly this host", () => {
    assert.deepEqual(learnHsts({ ...origin, fieldValue: "max-age=0" }), { type: "forget", host: "example.com" });
  });
  test("IP literals are not remembered", () => {
    for (const hostname of ["127.0.0.1", "[::1]", "[2001:db8::1]", "1.2.3.4"]) {
      assert.deepEqual(learnHsts({ ...origin, hostname }), { type: "ignore", reason: "ip-literal" });
      assert.equal(hstsHost(hostname), undefined);
    }
  });
  test("a malformed field is ignored, and does not forget", () => {
    assert.deepEqual(learnHsts({ ...origin, fieldValue: "max-age=x" }), { type: "ignore", reason: "malformed" });
  });
});
