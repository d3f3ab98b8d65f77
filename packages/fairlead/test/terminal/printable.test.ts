import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { printable, printableJson } from "../../src/terminal/printable.ts";

describe("printable", () => {
  for (const [text, shown] of [
    ["plain ASCII ~", "plain ASCII ~"],
    ["grüße 日本 🚢", "grüße 日本 🚢"],
    ["\x1b[31m", "\\u{1b}[31m"],
    ["a\r\nb\tc\0", "a\\u{d}\\u{a}b\\u{9}c\\u{0}"],
    ["\x7f\x9b", "\\u{7f}\\u{9b}"],
    ["evil\u202egpj.exe", "evil\\u{202e}gpj.exe"],
    ["\u2028\u200b\ufeff", "\\u{2028}\\u{200b}\\u{feff}"],
    ["\ud800", "\\u{d800}"],
    ["\u{e0041}", "\\u{e0041}"],
  ] as const) {
    test(`shows ${JSON.stringify(text)} as ${shown}`, () => {
      assert.equal(printable(text), shown);
    });
  }

  test("lets nothing through that a terminal obeys, and changes nothing twice", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const shown = printable(text);
        assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        assert.equal(printable(shown), shown);
      }),
    );
  });
});

describe("printable JSON", () => {
  test("reads as the value, and holds nothing that a terminal obeys", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "binary" }), fc.string({ unit: "binary" })), (value) => {
        const text = printableJson(value);
        assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
        assert.doesNotMatch(text.replaceAll("\n", ""), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
