import assert from "node:assert/strict";
import { test } from "node:test";
import { packedIdentifierStatus } from "../../../src/url-data/identifier-status.ts";
import { unpackIdentifierStatus } from "../../../src/url/data/identifier-status.ts";
import { decideLabel } from "../../../src/url/idn/decide-label.ts";
import type { LabelRule } from "../../../src/url/idn/label-reason.ts";
import { labelScripts } from "../../../src/url/idn/label-rules/script-mix.ts";

const identifierStatus = unpackIdentifierStatus(packedIdentifierStatus);

/** The rule that objects to a label below a top-level domain, and to what; or the script it is shown in. */
function decided(text: string, ascii: string, unicode = ascii): readonly [string, string] {
  const why = decideLabel({ text, scripts: labelScripts(text), topLevel: { ascii, unicode }, identifierStatus });
  switch (why.type) {
    case "ascii":
      return ["ascii", ""];
    case "unicode":
      return ["unicode", why.script];
    case "punycode":
      return [why.rule, why.found];
  }
}

const objections: Readonly<Record<LabelRule, readonly (readonly [text: string, topLevel: string, found: string])[]>> = {
  joiner: [["क्‍ष", "in", "\u200d"]],
  "reserved-hyphens": [["bü--cher", "de", "--"]],
  "character-not-allowed": [
    ["i♥ny", "com", "♥"],
    ["ɢoogle", "com", "ɢ"],
    ["a\u0338b", "com", "\u0338"],
    ["ḷily", "com", "ḷ"],
    ["ĸ", "com", "ĸ"],
  ],
  "script-mix": [
    ["gооgle", "com", "Latin, Cyrillic"],
    ["한ひ", "kr", "Hangul, Hiragana"],
  ],
  "mixed-digits": [["हिन्दी1२", "in", "1२"]],
  "repeated-mark": [
    ["ร่่", "th", "\u0e48"],
    ["a\u0301\u0301", "com", "\u0301"],
  ],
  "foreign-to-top-level": [
    ["aþcd", "com", "þ"],
    ["mað", "de", "ð"],
    ["əxample", "com", "ə"],
  ],
  "middle-dot": [
    ["l·l", "com", "·"],
    ["a·l", "cat", "·"],
    ["l·", "cat", "·"],
  ],
  "whole-script-look-alike": [
    ["аррӏе", "com", "Cyrillic"],
    ["ικα", "com", "Greek"],
    ["חסד", "com", "Hebrew"],
  ],
  "digit-look-alike": [
    ["12з4", "com", "з"],
    ["1კ", "com", "კ"],
  ],
  "accented-latin-mix": [["héllo中国", "cn", "é"]],
  "dangerous-pattern": [
    ["aノb", "jp", "aノb"],
    ["かヽ", "jp", "かヽ"],
    ["日本ー", "jp", "本ー"],
    ["a・b", "jp", "a・"],
    ["モヒート\u3078ブン", "com", "モヒート\u3078ブン"],
    ["google一", "com", "e一"],
    ["漢\u0307字", "com", "漢\u0307"],
    ["pi\u0307xel", "com", "i\u0307"],
    ["p\u0131\u0300x", "com", "\u0131\u0300"],
  ],
};

for (const [rule, cases] of Object.entries(objections)) {
  test(`the rule ${rule} objects to what it is for, and says to what`, () => {
    for (const [text, topLevel, found] of cases) assert.deepEqual(decided(text, topLevel), [rule, found], text);
  });
}

test("what is in everyday use is shown, by its script", () => {
  for (const [text, topLevel, script] of [
    ["bücher", "de", "Latin"],
    ["þór", "is", "Latin"],
    ["ə", "com", "Latin"],
    ["col·legi", "cat", "Latin"],
    ["почта", "com", "Cyrillic"],
    ["курс", "com", "Cyrillic"],
    ["ѕсоре", "ru", "Cyrillic"],
    ["朝日あさひ", "jp", "Japanese"],
    ["kanji漢字カタ", "jp", "Japanese and Latin"],
    ["한글han", "kr", "Korean and Latin"],
    ["עברית", "il", "Hebrew"],
    ["हिन्दी", "in", "Devanagari"],
    ["一123", "com", "Han"],
    ["straße", "de", "Latin"],
  ] as const) {
    assert.deepEqual(decided(text, topLevel), ["unicode", script], text);
  }
  assert.deepEqual(decided("ѕсоре", "xn--p1ai", "рф"), ["unicode", "Cyrillic"]);
});

test("a letter that is allowed has no mark twice, so that only written marks can repeat themselves", () => {
  for (const character of allowed()) {
    if (/\p{M}/u.test(character)) continue;
    assert.doesNotMatch(character.normalize("NFD"), /^\p{M}|(\p{Mn})\p{M}*?\1/u, character);
  }
});

test("a label with an allowed letter of a script that can look Latin is of that script alone", () => {
  for (const name of "Armenian Cyrillic Ethiopic Georgian Greek Hebrew Bengali Devanagari Thai Myanmar".split(" ")) {
    const letter = new RegExp(`\\p{Script=${name}}`, "u");
    for (const character of allowed()) {
      if (letter.test(character)) assert.equal(labelScripts(character)?.name, name, character);
    }
  }
});

/** The characters of the Basic Multilingual Plane that names may have. */
function allowed(): readonly string[] {
  return Array.from({ length: 0x10000 }, (_, code) => code)
    .filter((code) => identifierStatus.isAllowed(code))
    .map((code) => String.fromCodePoint(code));
}
