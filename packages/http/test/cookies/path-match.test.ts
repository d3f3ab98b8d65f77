import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { defaultPath, pathMatches } from "../../src/cookies/index.ts";
import { paths } from "./arbitraries.ts";

const matching: readonly [string, string][] = [
  ["/", "/"],
  ["/a", "/"],
  ["/a", "/a"],
  ["/a/", "/a"],
  ["/a/b", "/a"],
  ["/a/b", "/a/"],
  ["//", "/"],
];

const different: readonly [string, string][] = [
  ["/", "/a"],
  ["/a", "/a/"],
  ["/ab", "/a"],
  ["/A", "/a"],
  ["/%61", "/a"],
  ["/b/a", "/a"],
];

const defaults: readonly [string, string, string][] = [
  ["", "/", "step 2: no path"],
  ["a/b", "/", "step 2: no slash first"],
  ["/", "/", "step 3: one slash"],
  ["/a", "/", "step 3: one slash"],
  ["/a/", "/a", "step 4: the last slash goes"],
  ["/a/b", "/a", "step 4: what follows the last slash goes"],
  ["/a/b/", "/a/b", "step 4"],
  ["//", "/", "step 4: an empty segment"],
];

describe("pathMatches (6265bis 5.1.4)", () => {
  for (const [requestPath, cookiePath] of matching) {
    it(`matches ${requestPath} with ${cookiePath}`, () => {
      assert.equal(pathMatches(requestPath, cookiePath), true);
    });
  }
  for (const [requestPath, cookiePath] of different) {
    it(`does not match ${requestPath} with ${cookiePath}`, () => {
      assert.equal(pathMatches(requestPath, cookiePath), false);
    });
  }
});

describe("defaultPath (6265bis 5.1.4)", () => {
  for (const [requestPath, path, what] of defaults) {
    it(`is ${path} for ${JSON.stringify(requestPath)} — ${what}`, () => {
      assert.equal(defaultPath(requestPath), path);
    });
  }

  it("matches the path that it was made from", () => {
    fc.assert(fc.property(paths, (path) => pathMatches(path, defaultPath(path))));
  });
});
