import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { strongValidator } from "../../src/range/index.ts";

const NOW = Date.UTC(2026, 0, 1);

function of(etag?: string, lastModified?: string, date?: string): string | undefined {
  return strongValidator({ etag, lastModified, date }, NOW)?.value;
}

describe("the validator by which parts are put together (RFC 9110 sections 8.8.2.2 and 8.8.3)", () => {
  const modified = "Thu, 01 Jan 2026 00:00:00 GMT";
  for (const [what, value, expected] of [
    ["a strong entity tag", of('"v1"'), '"v1"'],
    ["an empty entity tag", of('""'), '""'],
    ["a strong entity tag before a date", of('"v1"', modified, "Thu, 01 Jan 2026 00:01:00 GMT"), '"v1"'],
    ["no weak entity tag", of('W/"v1"'), undefined],
    ["no date beside a weak entity tag", of('W/"v1"', modified, "Thu, 01 Jan 2026 00:01:00 GMT"), undefined],
    ["no entity tag without quotes", of("v1"), undefined],
    ["no entity tag with a line break", of('"v\n1"'), undefined],
    [
      "a date that is a second older than the response",
      of(undefined, modified, "Thu, 01 Jan 2026 00:00:01 GMT"),
      modified,
    ],
    ["no date of the same second", of(undefined, modified, modified), undefined],
    ["no date after that of the response", of(undefined, modified, "Wed, 31 Dec 2025 23:59:59 GMT"), undefined],
    ["no date of a response without one", of(undefined, modified), undefined],
    ["no date that is none", of(undefined, "yesterday", "Thu, 01 Jan 2026 00:00:01 GMT"), undefined],
    ["nothing of a response that has none", of(), undefined],
  ] as const) {
    test(what, () => {
      assert.equal(value, expected);
    });
  }
});
