import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { formatDraftRecord, parseDraftRecord, type DraftRecord } from "../../../src/download/protocol/draft-record.ts";

const digest = "0123456789abcdef".repeat(4);
const record: DraftRecord = {
  request: digest,
  source: digest,
  validator: { type: "etag", value: '"v1"' },
  completeLength: 100,
  held: [{ first: 0, last: 9 }],
  reprDigest: undefined,
};

describe("the record of a draft", () => {
  test("is read as it was written", () => {
    for (const one of [
      record,
      { ...record, completeLength: undefined, held: undefined },
      {
        ...record,
        validator: { type: "last-modified", value: "Thu, 01 Jan 2026 00:00:00 GMT" },
        reprDigest: "sha-256=::",
      },
    ] as const) {
      assert.deepEqual(parseDraftRecord(formatDraftRecord(one)), one);
    }
  });

  for (const change of [
    { request: "https://example.com/" },
    { source: digest.toUpperCase() },
    { validator: undefined },
    { validator: { type: "weak", value: "" } },
    { completeLength: -1 },
    { completeLength: 1.5 },
    { held: {} },
    { held: [{ first: 5, last: 4 }] },
    { held: [{ first: "0", last: 4 }] },
    { reprDigest: 5 },
    { version: 2 },
  ]) {
    test(`is nothing with ${JSON.stringify(change)}`, () => {
      const changed = { ...(JSON.parse(formatDraftRecord(record)) as object), ...change };
      assert.equal(parseDraftRecord(JSON.stringify(changed)), undefined);
    });
  }

  test("is read, or nothing, whatever is there", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        assert.equal(parseDraftRecord(text), undefined);
      }),
    );
  });
});
