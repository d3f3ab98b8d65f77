import { readDeprecation } from "@fairlead/http/deprecation";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";

const NOW = Date.UTC(2026, 10, 22);
const read = (fields: Readonly<Record<string, string>>): ReturnType<typeof readDeprecation> =>
  readDeprecation((name) => fields[name], NOW);
const nothing = { deprecatedAt: undefined, sunsetAt: undefined, information: undefined, successor: undefined };

describe("the end of a resource", () => {
  test("RFC 9745 section 2.1, with its links", () => {
    assert.deepEqual(
      read({
        deprecation: "@1688169599",
        link: '<https://developer.example.com/deprecation>; rel="deprecation"; type="text/html", </v2>; rel=successor-version',
      }),
      {
        ...nothing,
        deprecatedAt: 1_688_169_599_000,
        information: "https://developer.example.com/deprecation",
        successor: "/v2",
      },
    );
  });
  test("RFC 8594 section 3", () => {
    assert.deepEqual(read({ sunset: "Sat, 31 Dec 2018 23:59:59 GMT" }), {
      ...nothing,
      sunsetAt: Date.UTC(2018, 11, 31, 23, 59, 59),
    });
  });
  test("as the drafts had it", () => {
    assert.deepEqual(read({ deprecation: "true" }), nothing);
    assert.deepEqual(read({ deprecation: "Sun, 11 Nov 2018 23:59:59 GMT" }), {
      ...nothing,
      deprecatedAt: Date.UTC(2018, 10, 11, 23, 59, 59),
    });
  });
  test("is not told by an answer without either field", () => {
    assert.equal(read({ link: "<x>; rel=deprecation" }), undefined);
  });
  test("may be told by anything", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (deprecation, sunset) => {
        assert.ok(read({ deprecation, sunset }));
      }),
    );
  });
});
