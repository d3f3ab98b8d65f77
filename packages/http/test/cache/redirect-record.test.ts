import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  decodeRedirects,
  describeRedirects,
  encodeRedirects,
  NOBODY,
  type RecordedRedirect,
} from "../../src/cache/index.ts";
import { answering, kept, then } from "./heads.ts";

const redirect: RecordedRedirect = {
  ...kept(answering(308, "Location: /new", "Cache-Control: max-age=60")),
  id: 2,
  message: "Permanent Redirect",
  identity: NOBODY,
  completeLength: undefined,
  parts: [{ first: 0, last: 1 }],
  content: "aGk=",
};

describe("A record of permanent redirects", () => {
  it("gives them back as they were", () => {
    const others: RecordedRedirect = { ...redirect, id: 3, selectingFields: { accept: undefined }, completeLength: 2 };
    assert.deepEqual(decodeRedirects(encodeRedirects([redirect, others])), [redirect, others]);
  });

  it("says what people want to know", () => {
    const text = encodeRedirects([redirect]);
    assert.deepEqual(describeRedirects("https://top.example https://a.example/old", text), [
      {
        url: "https://a.example/old",
        partition: "https://top.example",
        status: 308,
        location: "/new",
        expiresAt: then + 60_000,
      },
    ]);
    assert.equal(describeRedirects(" https://a.example/old", text)[0]?.partition, "");
  });

  it("holds none when somebody changed it", () => {
    const text = encodeRedirects([redirect]);
    const [record] = JSON.parse(text) as [{ readonly id: number; readonly head: string; readonly content: string }];
    const damaged: readonly unknown[] = [
      null,
      {},
      [null],
      [{ ...record, head: "{}" }],
      [{ ...record, id: "2" }],
      [{ ...record, content: undefined }],
      [{ ...record, head: record.head.replace("308", '"308"') }],
      ...[200, 304, 302, 301.5, -1].map((status) => [{ ...record, head: record.head.replace("308", String(status)) }]),
      [{ ...record, head: record.head.replace(/"identity":\{[^}]*\}/, '"identity":null') }],
      [{ ...record, head: record.head.replace(/"identity":\{[^}]*\}/, '"identity":{}') }],
      [{ ...record, head: record.head.replace('"selecting":[]', '"selecting":[["accept",1]]') }],
      [{ ...record, head: record.head.replace('"completeLength":null', '"completeLength":"2"') }],
      [{ ...record, head: record.head.replace('"first":0', '"first":null') }],
      [{ ...record, head: record.head.replace('"/new"', "1") }],
      [{ ...record, head: record.head.replace('["location","/new"]', '["location"]') }],
    ];
    for (const value of damaged) assert.deepEqual(decodeRedirects(JSON.stringify(value)), [], JSON.stringify(value));
    assert.deepEqual(decodeRedirects(text.slice(1)), []);
  });

  it("never throws, whatever a record is", () => {
    const heads = fc.record(
      { status: fc.jsonValue(), fields: fc.jsonValue(), responseTime: fc.jsonValue(), selecting: fc.jsonValue() },
      { requiredKeys: [] },
    );
    const records = fc.array(
      fc.record({
        id: fc.jsonValue(),
        content: fc.jsonValue(),
        head: fc.oneof(
          fc.string(),
          heads.map((head) => JSON.stringify(head)),
        ),
      }),
    );
    fc.assert(
      fc.property(
        fc.string(),
        fc.oneof(
          fc.string(),
          fc.json(),
          records.map((each) => JSON.stringify(each)),
        ),
        (key, text) => {
          describeRedirects(key, text);
        },
      ),
    );
  });
});
