import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { chipState, chipTone, securityOf } from "../../../src/address-bar/rules/chip-state.ts";
import type { SiteSecurity } from "../../../src/address-bar/site-security.ts";
import { displayUrl } from "../../../src/url/display-url.ts";

const verified: SiteSecurity = { origin: "https://example.org", trust: "verified" };

function stateOf(url: string | undefined, security?: SiteSecurity, pending = false): string {
  return chipState({
    display: url === undefined ? undefined : displayUrl(url),
    url,
    security: securityOf(url, security),
    pending,
  });
}

describe("the chip", () => {
  const table: readonly (readonly [url: string, state: string])[] = [
    ["http://example.org/", "not-secure"],
    ["ws://example.org/", "not-secure"],
    ["ftp://example.org/", "not-secure"],
    ["http://localhost/", "local"],
    ["http://app.localhost:3000/", "local"],
    ["http://127.9.9.9/", "local"],
    ["http://0x7f.1/", "local"],
    ["http://[::1]/", "local"],
    ["http://localhost.example/", "not-secure"],
    ["http://127.0.0.1.example/", "not-secure"],
    ["http://10.0.0.1/", "not-secure"],
    ["file:///a", "file"],
    ["data:text/html,x", "embedded"],
    ["blob:https://example.org/1", "embedded"],
    ["javascript://example.org/%0aalert(1)", "script"],
    ["about:blank", "internal"],
    ["gopher://example.org/", "unknown-scheme"],
    ["no url", "no-url"],
  ];
  for (const [url, state] of table) {
    test(`says ${state} of ${url}, whatever facts are given`, () => {
      assert.equal(stateOf(url), state);
      assert.equal(stateOf(url, verified), state);
      assert.equal(stateOf(url, { origin: url, trust: "verified" }), state);
      assert.notEqual(
        chipTone(chipState({ display: displayUrl(url), url, security: undefined, pending: false })),
        "quiet",
      );
    });
  }

  test("calls https encrypted only by facts about the very origin that is open", () => {
    assert.equal(stateOf("https://example.org/a", verified), "encrypted");
    assert.equal(stateOf("https://example.org:443/a", verified), "encrypted");
    for (const url of ["https://example.org:8443/", "https://www.example.org/", "https://evil.example/"]) {
      assert.equal(stateOf(url, verified), "unproven");
    }
    assert.equal(stateOf("https://example.org/"), "unproven");
    assert.equal(stateOf("https://example.org/", { ...verified, trust: "exception" }), "exception");
    assert.equal(stateOf("https://example.org/", { ...verified, trust: "refused" }), "refused");
  });

  test("says nothing of a page that is not there yet", () => {
    assert.equal(stateOf(undefined, verified), "empty");
    assert.equal(stateOf(undefined, verified, true), "opening");
    assert.equal(stateOf("https://example.org/", verified, true), "encrypted");
  });
});
