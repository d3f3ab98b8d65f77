import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ADDRESS_LIMIT, cleanAddress, type Removed } from "../../../src/address-bar/rules/clean-address.ts";

const table: readonly (readonly [pasted: string, text: string, removed: readonly Removed[]])[] = [
  ["https://example.org/", "https://example.org/", []],
  ["  https://example.org/ \t", "https://example.org/", []],
  ["https://example.org/a\n  b/c\r\n\td", "https://example.org/ab/cd", ["line-breaks"]],
  ["https://example.org/\n", "https://example.org/", []],
  ["words of\u00a0a\u3000search", "words of a search", []],
  ["a\tb", "a b", []],
  ["https://exam\u200bple.org/\u202e", "https://example.org/", ["invisible"]],
  ["\ufeffexample.org", "example.org", []],
  ["exa\u00admple\u2060.org\u{e0041}", "example.org", ["invisible"]],
  ["pay\u200dpal.com", "paypal.com", ["invisible"]],
  ["نامه\u200cای.example", "نامه\u200cای.example", []],
  ["<https://example.org/>", "https://example.org/", ["brackets"]],
  ["<URL:https://example.org/>", "https://example.org/", ["brackets"]],
  ['"<https://example.org/>"', "https://example.org/", ["brackets"]],
  ["„https://example.org/“", "https://example.org/", ["brackets"]],
  ["https://example.org/(a)", "https://example.org/(a)", []],
  ["<>", "<>", []],
  ["javascript:alert(1)", "alert(1)", ["script"]],
  ["JavaScript : javascript:vbscript: alert(1)", "alert(1)", ["script"]],
  ["java\nscript:alert(1)", "alert(1)", ["line-breaks", "script"]],
  ["java\u200bscript:alert(1)", "alert(1)", ["invisible", "script"]],
  ["\0javascript:alert(1)", "alert(1)", ["invisible", "script"]],
  ["<javascript:alert(1)>", "alert(1)", ["brackets", "script"]],
  ["a".repeat(ADDRESS_LIMIT + 1), "a".repeat(ADDRESS_LIMIT), ["excess"]],
];

for (const [pasted, text, removed] of table) {
  test(`${JSON.stringify(pasted.slice(0, 60))} is pasted as ${JSON.stringify(text.slice(0, 60))}`, () => {
    assert.deepEqual(cleanAddress(pasted), { text, removed });
  });
}

test("what is clean stays as it is when it is cleaned again, and no script, line end or invisible character is in it", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("javascript:", "\n", "\u202e", "\u200d", "<", ">", '"', " ", "https://", "(", ")"),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const { text } = cleanAddress(pieces.join(""));
      assert.equal(text, text.trim());
      assert.doesNotMatch(text, /^\s*javascript:/iu);
      assert.doesNotMatch(text, /[\n\r\t\u2028\u202a-\u202e\u2066-\u2069\ufeff]/u);
    }),
  );
});
