import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  evaluatePreconditions,
  ifRangeHolds,
  type ConditionFields,
  type CurrentRepresentation,
} from "../../src/conditional/index.ts";

const lastModified = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const same = "Fri, 02 Jan 2026 03:04:05 GMT";
const before = "Fri, 02 Jan 2026 03:04:04 GMT";
const after = "Fri, 02 Jan 2026 03:04:06 GMT";
const now = Date.UTC(2026, 5, 1);
const strong: CurrentRepresentation = { etag: '"v1"', lastModified };
const weak: CurrentRepresentation = { etag: 'W/"v1"', lastModified };
const bare: CurrentRepresentation = { etag: undefined, lastModified: undefined };

describe("preconditions in their order (RFC 9110 section 13.2.2)", () => {
  const rows: readonly (readonly [
    what: string,
    method: string,
    fields: ConditionFields,
    current: CurrentRepresentation | undefined,
    outcome: string,
  ])[] = [
    ["none at all", "GET", {}, strong, "perform"],
    // Step 1: If-Match, strongly.
    ["If-Match of the tag", "PUT", { ifMatch: '"v0", "v1"' }, strong, "perform"],
    ["If-Match of another tag", "PUT", { ifMatch: '"v0"' }, strong, "failed"],
    ["If-Match of another tag with GET", "GET", { ifMatch: '"v0"' }, strong, "failed"],
    ["If-Match of a weak tag", "PUT", { ifMatch: 'W/"v1"' }, weak, "failed"],
    ["If-Match of anything", "PUT", { ifMatch: "*" }, bare, "perform"],
    ["If-Match of anything where nothing is", "PUT", { ifMatch: "*" }, undefined, "failed"],
    ["If-Match of a tag where none is", "PUT", { ifMatch: '"v1"' }, bare, "failed"],
    ["If-Match that cannot be read", "PUT", { ifMatch: "v1" }, strong, "failed"],
    // Step 2: If-Unmodified-Since, where there is no If-Match.
    ["If-Unmodified-Since of the same second", "PUT", { ifUnmodifiedSince: same }, strong, "perform"],
    ["If-Unmodified-Since of a second before", "PUT", { ifUnmodifiedSince: before }, strong, "failed"],
    ["If-Unmodified-Since that is no date", "PUT", { ifUnmodifiedSince: "yesterday" }, strong, "perform"],
    ["If-Unmodified-Since where no date is known", "PUT", { ifUnmodifiedSince: before }, bare, "perform"],
    [
      "If-Match that holds beside a date that does not",
      "PUT",
      { ifMatch: '"v1"', ifUnmodifiedSince: before },
      strong,
      "perform",
    ],
    // Step 3: If-None-Match, weakly.
    ["If-None-Match of the tag", "GET", { ifNoneMatch: '"v1"' }, strong, "not-modified"],
    ["If-None-Match of the tag with HEAD", "HEAD", { ifNoneMatch: 'W/"v1"' }, strong, "not-modified"],
    ["If-None-Match of the tag with PUT", "PUT", { ifNoneMatch: '"v1"' }, strong, "failed"],
    ["If-None-Match of another tag", "GET", { ifNoneMatch: '"v2"' }, strong, "perform"],
    ["If-None-Match of anything where nothing is", "PUT", { ifNoneMatch: "*" }, undefined, "perform"],
    ["If-None-Match of anything where something is", "PUT", { ifNoneMatch: "*" }, bare, "failed"],
    [
      "If-Match that holds, If-None-Match that does not",
      "GET",
      { ifMatch: '"v1"', ifNoneMatch: "*" },
      strong,
      "not-modified",
    ],
    // Step 4: If-Modified-Since, of GET and HEAD, where there is no If-None-Match.
    ["If-Modified-Since of the same second", "GET", { ifModifiedSince: same }, strong, "not-modified"],
    ["If-Modified-Since of a second after", "HEAD", { ifModifiedSince: after }, strong, "not-modified"],
    ["If-Modified-Since of a second before", "GET", { ifModifiedSince: before }, strong, "perform"],
    ["If-Modified-Since with POST", "POST", { ifModifiedSince: same }, strong, "perform"],
    ["If-Modified-Since that is no date", "GET", { ifModifiedSince: "0" }, strong, "perform"],
    ["If-Modified-Since where no date is known", "GET", { ifModifiedSince: same }, bare, "perform"],
    [
      "a tag that changed beside a date that did not",
      "GET",
      { ifNoneMatch: '"v0"', ifModifiedSince: same },
      strong,
      "perform",
    ],
  ];
  for (const [what, method, fields, current, outcome] of rows) {
    test(`${what}: ${outcome}`, () => assert.equal(evaluatePreconditions(method, fields, current, now), outcome));
  }

  test("whatever the fields are, there is an outcome, and 304 is for GET and HEAD only", () => {
    const field = fc.option(fc.oneof(fc.string(), fc.constantFrom('"v1"', "*", same, before)), { nil: undefined });
    const fields = fc.record({ ifMatch: field, ifNoneMatch: field, ifModifiedSince: field, ifUnmodifiedSince: field });
    fc.assert(
      fc.property(
        fc.constantFrom("GET", "HEAD", "PUT"),
        fields,
        fc.constantFrom(strong, weak, bare, undefined),
        (method, given, current) => {
          const outcome = evaluatePreconditions(method, given, current, now);
          assert.ok(outcome !== "not-modified" || (method !== "PUT" && current !== undefined));
        },
      ),
    );
  });
});

describe("If-Range (RFC 9110 section 13.1.5)", () => {
  for (const [value, current, at, holds] of [
    [undefined, strong, now, true],
    ['"v1"', strong, now, true],
    ['"v0"', strong, now, false],
    ['W/"v1"', weak, now, false],
    ['"v1"', weak, now, false],
    ['"v1"', bare, now, false],
    [same, strong, now, true],
    [after, strong, now, false],
    [before, strong, now, false],
    [same, strong, lastModified, false],
    [same, bare, now, false],
    ["v1", strong, now, false],
  ] as const) {
    test(`${String(value)} ${holds ? "holds" : "does not hold"} for ${current.etag ?? "no tag"}`, () => {
      assert.equal(ifRangeHolds(value, current, at), holds);
    });
  }
});
