import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { formatContentRange, formatUnsatisfiedRange, frameRanges, selectRanges } from "../../src/range/index.ts";

function selected(value: string | undefined, length: number): string {
  const selection = selectRanges(value, length);
  return selection.type === "parts"
    ? selection.ranges.map(({ first, last }) => `${first}-${last}`).join(" ")
    : selection.type;
}

describe("what a server selects (RFC 9110 sections 14.1.2 and 14.2)", () => {
  for (const [value, expected] of [
    ["bytes=0-499", "0-499"],
    ["BYTES=0-0", "0-0"],
    ["bytes=9500-", "9500-9999"],
    ["bytes=-500", "9500-9999"],
    ["bytes=-99999", "0-9999"],
    ["bytes=0-99999", "0-9999"],
    ["bytes=9999-99999999999999999999999", "9999-9999"],
    ["bytes= 0-499 , , 1000-1499", "0-499 1000-1499"],
    // As they were asked for, unless they are joined.
    ["bytes=9000-9499,0-499", "9000-9499 0-499"],
    ["bytes=500-999,0-499", "0-999"],
    ["bytes=0-499,400-999", "0-999"],
    ["bytes=0-499,560-999", "0-999"],
    ["bytes=0-499,20000-", "0-499"],
    ["bytes=10000-", "unsatisfiable"],
    ["bytes=-0", "unsatisfiable"],
    ["bytes=10000-,20000-", "unsatisfiable"],
    ["bytes=99999999999999999999999-", "unsatisfiable"],
    // Broken, or in another unit: no Range at all.
    [undefined, "whole"],
    ["", "whole"],
    ["bytes=", "whole"],
    ["bytes=,", "whole"],
    ["bytes=-", "whole"],
    ["bytes=5-4", "whole"],
    ["bytes=0-1,5-4", "whole"],
    ["bytes=0-1,x", "whole"],
    ["bytes=+0-1", "whole"],
    ["bytes=0-1-2", "whole"],
    ["bytes=0x0-1", "whole"],
    ["bytes 0-1", "whole"],
    ["items=0-1", "whole"],
    // What costs more than it saves. RFC 9110 section 17.15.
    ["bytes=0-,0-,0-,0-", "whole"],
    [`bytes=${"0-0,".repeat(101)}`, "whole"],
    [`bytes=${Array.from({ length: 17 }, (_, at) => `${at * 500}-${at * 500 + 1}`).join()}`, "whole"],
    ["bytes=0-4950,5100-9999", "whole"],
  ] as const) {
    test(`${value === undefined ? "no Range" : value.slice(0, 50)}: ${expected}`, () => {
      assert.equal(selected(value, 10_000), expected);
    });
  }

  test("of nothing, the last bytes are the whole, and the first are not there", () => {
    assert.equal(selected("bytes=-5", 0), "whole");
    assert.equal(selected("bytes=0-", 0), "unsatisfiable");
    assert.equal(selected("bytes=-0", 0), "unsatisfiable");
  });

  test("parts are apart from each other, within the whole, and hold what was asked for", () => {
    const specifier = fc
      .tuple(fc.option(fc.nat(2_500)), fc.option(fc.nat(2_500)))
      .map(([first, last]) => `${first ?? ""}-${last ?? ""}`);
    fc.assert(
      fc.property(fc.array(specifier, { maxLength: 6 }), fc.nat(2_000), (specifiers, length) => {
        const selection = selectRanges(`bytes=${specifiers.join()}`, length);
        if (selection.type !== "parts") return;
        for (const { first, last } of selection.ranges) assert.ok(0 <= first && first <= last && last < length);
        const sorted = [...selection.ranges].sort((left, right) => left.first - right.first);
        sorted.slice(1).forEach(({ first }, at) => assert.ok(first > (sorted[at]?.last ?? 0) + 1));
        for (const specifierText of specifiers) {
          const [first = "", last = ""] = specifierText.split("-");
          const from = first === "" ? length - Math.min(Number(last), length) : Number(first);
          if (from >= length || (first === "" && Number(last) === 0)) continue;
          assert.ok(selection.ranges.some((range) => range.first <= from && from <= range.last));
        }
      }),
    );
  });
});

test("Content-Range says which part, or that there is none (RFC 9110 section 14.4)", () => {
  assert.equal(formatContentRange({ first: 0, last: 4 }, 10), "bytes 0-4/10");
  assert.equal(formatUnsatisfiedRange(10), "bytes */10");
});

test("several parts are framed as the example of RFC 9110 section 15.3.7.2, and are as long as is said", () => {
  const ranges = [
    { first: 1, last: 2 },
    { first: 5, last: 6 },
  ];
  const framed = frameRanges(ranges, 8, "text/plain", "THIS_STRING_SEPARATES");
  const text =
    framed.parts.map(({ head, range }) => head + "01234567".slice(range.first, range.last + 1)).join("") + framed.end;
  assert.equal(
    text,
    "--THIS_STRING_SEPARATES\r\nContent-Type: text/plain\r\nContent-Range: bytes 1-2/8\r\n\r\n12\r\n" +
      "--THIS_STRING_SEPARATES\r\nContent-Type: text/plain\r\nContent-Range: bytes 5-6/8\r\n\r\n56\r\n" +
      "--THIS_STRING_SEPARATES--\r\n",
  );
  assert.equal(framed.length, text.length);
  assert.equal(framed.contentType, "multipart/byteranges; boundary=THIS_STRING_SEPARATES");
});
