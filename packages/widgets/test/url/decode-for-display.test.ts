import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeForDisplay } from "../../src/url/decode-for-display.ts";

const decoded: readonly (readonly [encoded: string, text: string])[] = [
  ["/%E6%97%A5%E6%9C%AC", "/日本"],
  ["/%C3%BCber%2Dall", "/über-all"],
  ["/caf%65%CC%81", "/cafe\u0301"],
  ["/%D7%A9%D7%9C", "/של"],
  ["/%F0%9F%98%80", "/😀"],
];

test("what is seen and taken for nothing else is decoded", () => {
  for (const [encoded, text] of decoded) assert.equal(decodeForDisplay(encoded).text, text);
});

test("what is not seen, moves its neighbours, or is taken for something else stays encoded", () => {
  const code = (first: number, last: number): readonly number[] =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index);
  for (const point of [
    ...code(0x00, 0x2c),
    0x2f,
    ...code(0x3a, 0x40),
    ...code(0x5b, 0x5e),
    0x60,
    ...code(0x7b, 0x7d),
    ...code(0x7f, 0xa0),
    0xad,
    0x61c,
    0x115f,
    ...code(0x1680, 0x1680),
    0x180e,
    ...code(0x2000, 0x200f),
    ...code(0x2028, 0x202f),
    ...code(0x205f, 0x2070 - 1),
    0x2044,
    0x2215,
    0x2236,
    0x2024,
    0x29f8,
    0x2571,
    0x2800,
    0x3000,
    0x3002,
    0x3164,
    0xa789,
    0xe000,
    0xfe00,
    0xfeff,
    0xff0e,
    0xff0f,
    0xff1a,
    0xff20,
    0xff61,
    0xffa0,
    0xfffc,
    0xfffd,
    0x1f50f,
    0x1f510,
    0x1f512,
    0x1f513,
    0xe0001,
    0xe0100,
    0x2100,
    0x0338,
  ]) {
    const encoded = Array.from(new TextEncoder().encode(String.fromCodePoint(point)), (byte) => {
      return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    }).join("");
    assert.equal(decodeForDisplay(`/x${encoded}`).text, `/x${encoded}`, point.toString(16));
  }
});

test("a combining mark is decoded on a letter only", () => {
  assert.equal(decodeForDisplay("/%CC%81").text, "/%CC%81");
  assert.equal(decodeForDisplay("a%CC%81").text, "a\u0301");
});

test("bytes that are no UTF-8 stay as they are", () => {
  for (const encoded of ["%FF", "%C0%AF", "%E2%80", "%ED%A0%80", "%F4%90%80%80", "%", "%4", "%zz", "%C3(", "%E6%97a"]) {
    assert.equal(decodeForDisplay(encoded).text, encoded);
  }
});

test("what was kept is told, each character once", () => {
  assert.deepEqual(decodeForDisplay("/%e2%80%ae%E2%80%AE%2F").kept, ["%E2%80%AE"]);
});
