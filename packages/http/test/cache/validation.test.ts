import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  conditionalFields,
  confirmedByHead,
  currentAge,
  fieldValue,
  freshen,
  freshenedBy,
  isNotModified,
  sharesStrongValidator,
} from "../../src/cache/index.ts";
import { answering, fields, kept, then } from "./heads.ts";

const modified = "Last-Modified: Wed, 01 Jan 2025 00:00:00 GMT";
const named = (name: string, ...lines: readonly string[]) => ({ ...kept(answering(200, ...lines)), name });

describe("validation (RFC 9111 section 4.3)", () => {
  test("asks by every validator that is there", () => {
    assert.deepEqual(conditionalFields(kept(answering(200, 'ETag: W/"1"', modified))), [
      ["if-none-match", 'W/"1"'],
      ["if-modified-since", "Wed, 01 Jan 2025 00:00:00 GMT"],
    ]);
    assert.deepEqual(conditionalFields(kept(answering(200, "Cache-Control: max-age=1"))), []);
  });

  for (const [title, confirmation, expected] of [
    ["a strong validator: all that have it", ['ETag: "1"'], ["a", "b"]],
    ["a weak validator: one that has it", ['ETag: W/"1"'], ["a"]],
    ["another validator: none", ['ETag: "9"'], []],
    ["a date: one that has it", [modified], ["c"]],
    ["no validator, several stored: none", [], []],
  ] as const) {
    test(`a 304 is about what has ${title}`, () => {
      const stored = [named("a", 'ETag: "1"'), named("b", 'ETag: "1"'), named("c", modified)];
      const found = freshenedBy(answering(304, ...confirmation), stored);
      assert.deepEqual(
        found.map(({ name }) => name),
        expected,
      );
    });
  }

  test("a 304 without validator is about the only one", () => {
    assert.equal(freshenedBy(answering(304), [named("a", "Cache-Control: max-age=1")]).length, 1);
  });

  test("a 304 replaces what it says anew, keeps the rest, and the age begins again", () => {
    const stored = kept(answering(200, 'ETag: "1"', "Age: 50", "X-Old: 1", "X-New: 1", "Content-Length: 5"));
    const later = {
      ...answering(304, "X-New: 2", "Content-Length: 0", "Connection: x-hop", "X-Hop: 1"),
      responseTime: then + 60_000,
      requestTime: then + 60_000,
    };
    const fresh = freshen(stored, {
      ...later,
      fields: [...later.fields.slice(1), ["date", new Date(then + 60_000).toUTCString()]],
    });
    const value = (name: string): string | undefined => fieldValue(fresh.fields, name);
    assert.deepEqual(
      [value("x-old"), value("x-new"), value("content-length"), value("x-hop"), value("age"), value("etag")],
      ["1", "2", "5", undefined, undefined, '"1"'],
    );
    assert.equal(currentAge(fresh, then + 60_000), 0);
  });

  test("a HEAD confirms what it does not contradict (section 4.3.5)", () => {
    const stored = kept(answering(200, 'ETag: "1"', "Content-Length: 5"));
    assert.equal(confirmedByHead(stored, answering(200, 'ETag: "1"')), true);
    assert.equal(confirmedByHead(stored, answering(200, 'ETag: "2"')), false);
    assert.equal(confirmedByHead(stored, answering(200, "Content-Length: 6")), false);
    assert.equal(confirmedByHead(stored, answering(404)), false);
  });

  test("parts are joined by a strong validator only (section 3.4)", () => {
    const shares = (left: string, right: string): boolean =>
      sharesStrongValidator(kept(answering(200, left)), kept(answering(200, right)));
    assert.deepEqual(
      [
        shares('ETag: "1"', 'ETag: "1"'),
        shares('ETag: W/"1"', 'ETag: W/"1"'),
        shares('ETag: "1"', 'ETag: "2"'),
        shares(modified, modified),
      ],
      [true, false, false, false],
    );
  });

  for (const [request, expected] of [
    [['If-None-Match: "1"'], true],
    [['If-None-Match: "0", W/"1"'], true],
    [["If-None-Match: *"], true],
    [['If-None-Match: "11"'], false],
    [['If-None-Match: "0"', "If-Modified-Since: Wed, 01 Jan 2025 00:00:00 GMT"], false],
    [["If-Modified-Since: Wed, 01 Jan 2025 00:00:00 GMT"], true],
    [["If-Modified-Since: Thu, 02 Jan 2025 00:00:00 GMT"], false],
    [[], false],
  ] as const) {
    test(`a request with ${request.join(" | ") || "no condition"} is ${expected ? "" : "not "}answered by 304`, () => {
      assert.equal(isNotModified(fields(...request), kept(answering(200, 'ETag: "1"', modified))), expected);
    });
  }
});
