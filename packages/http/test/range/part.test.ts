import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { decidePart, type AskedPart, type PartDecision, type PartResponse } from "../../src/range/index.ts";

const asked: AskedPart = { first: 10, last: undefined, validator: { type: "etag", value: '"a"' }, completeLength: 100 };

function response(fields: Partial<PartResponse>): PartResponse {
  return {
    status: 206,
    contentRange: undefined,
    contentType: undefined,
    contentLength: undefined,
    contentEncoding: undefined,
    etag: undefined,
    lastModified: undefined,
    ...fields,
  };
}

const rest = { contentRange: "bytes 10-99/100", etag: '"a"' };

describe("a response to a request for a part is", () => {
  const part: PartDecision = { type: "part", first: 10, last: 99, completeLength: 100 };
  const cases: readonly (readonly [string, Partial<PartResponse>, PartDecision["type"] | PartDecision])[] = [
    ["the part that was asked for (RFC 9110 section 15.3.7)", rest, part],
    ["the part, its Content-Length that of the range", { ...rest, contentLength: "90" }, part],
    ["the part of a whole whose length the server does not say", { ...rest, contentRange: "bytes 10-99/*" }, part],
    ["another version, without the entity tag that it must have", { contentRange: "bytes 10-99/100" }, "changed"],
    ["the part, in no coding", { ...rest, contentEncoding: "identity" }, part],
    [
      "a shorter part",
      { ...rest, contentRange: "bytes 10-19/100" },
      { type: "part", first: 10, last: 19, completeLength: 100 },
    ],
    ["the whole, when the version has changed (section 13.1.5)", { status: 200, etag: '"b"' }, "whole"],
    ["the whole, from a server that knows no ranges", { status: 200 }, "whole"],
    ["another version, by its entity tag", { ...rest, etag: '"b"' }, "changed"],
    ["another version, by its length", { ...rest, contentRange: "bytes 10-199/200" }, "changed"],
    [
      "another version, by what it does not have (section 15.5.17)",
      { status: 416, contentRange: "bytes */5" },
      "changed",
    ],
    ["another version, even where the range is another too", { etag: '"b"', contentRange: "bytes 0-9/10" }, "changed"],
    ["invalid with an earlier start", { ...rest, contentRange: "bytes 9-99/100" }, "invalid"],
    ["invalid with a later start", { ...rest, contentRange: "bytes 11-99/100" }, "invalid"],
    ["invalid without Content-Range", { etag: '"a"' }, "invalid"],
    ["invalid in another unit", { ...rest, contentRange: "lines 10-99/100" }, "invalid"],
    ["invalid with a range beyond the whole", { ...rest, contentRange: "bytes 10-100/100" }, "invalid"],
    ["invalid with another length than the range's", { ...rest, contentLength: "89" }, "invalid"],
    ["invalid in a content coding", { ...rest, contentEncoding: "gzip" }, "invalid"],
    [
      "invalid in several parts (section 14.6)",
      { ...rest, contentType: "multipart/byteranges; boundary=x" },
      "invalid",
    ],
    ["something else with an error's status", { status: 503 }, "other"],
    ["something else with a redirect's status", { status: 302 }, "other"],
  ];
  for (const [what, fields, expected] of cases) {
    test(what, () => {
      const decision = decidePart(asked, response(fields));
      if (typeof expected === "string") assert.equal(decision.type, expected);
      else assert.deepEqual(decision, expected);
    });
  }

  test("invalid with more than was asked for", () => {
    const bounded = { ...asked, last: 19 };
    assert.equal(decidePart(bounded, response({ ...rest, contentRange: "bytes 10-20/100" })).type, "invalid");
    assert.equal(decidePart(bounded, response({ ...rest, contentRange: "bytes 10-19/100" })).type, "part");
  });

  test("another version, by its date", () => {
    const dated: AskedPart = { ...asked, validator: { type: "last-modified", value: "Thu, 01 Jan 2026 00:00:00 GMT" } };
    const later = response({ ...rest, lastModified: "Thu, 01 Jan 2026 00:00:01 GMT" });
    assert.equal(decidePart(dated, later).type, "changed");
    assert.equal(decidePart(dated, response({ contentRange: rest.contentRange })).type, "part", "it need not have one");
  });

  test("invalid when it is a part and none was asked for", () => {
    assert.equal(decidePart(undefined, response(rest)).type, "invalid");
    assert.equal(decidePart(undefined, response({ status: 416 })).type, "other");
    assert.equal(decidePart(undefined, response({ status: 200 })).type, "whole");
  });

  test("never a part of other bytes, whatever it says", () => {
    const number = fc.nat(30).map(String);
    const said = fc
      .tuple(number, number, fc.oneof(number, fc.constant("*")))
      .map(([a, b, c]) => `bytes ${a}-${b}/${c}`);
    fc.assert(
      fc.property(fc.oneof(said, fc.string()), fc.option(number, { nil: undefined }), (contentRange, contentLength) => {
        const wanted: AskedPart = { first: 5, last: 20, validator: undefined, completeLength: undefined };
        const decision = decidePart(wanted, response({ contentRange, contentLength }));
        if (decision.type === "part") assert.ok(decision.first === 5 && decision.last >= 5 && decision.last <= 20);
      }),
    );
  });
});
