import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { shownText } from "../../src/text/shown-text.ts";

describe("shownText", () => {
  const shown: readonly (readonly [title: string, text: string, expected: string])[] = [
    ["leaves what can be seen", "Zürich, Ελλάδα, 日本語, مرحبا <b>", "Zürich, Ελλάδα, 日本語, مرحبا <b>"],
    ["writes a control as its code point", "a\0b\nc", "a⟨U+0000⟩b⟨U+000A⟩c"],
    ["writes what turns the direction", "evil\u202egpj.exe", "evil⟨U+202E⟩gpj.exe"],
    ["writes what nobody sees", "a\u200bb\u{e0041}", "a⟨U+200B⟩b⟨U+E0041⟩"],
    ["writes spaces that look like one", "a\u00a0b\u3000c d", "a⟨U+00A0⟩b⟨U+3000⟩c d"],
    ["writes letters that are blank", "a\u3164b\u2800", "a⟨U+3164⟩b⟨U+2800⟩"],
    ["writes halves of characters", "a\ud800b", "a⟨U+D800⟩b"],
    ["writes what is for private use, and what is nothing", "\ue000\uffff", "⟨U+E000⟩⟨U+FFFF⟩"],
  ];
  for (const [title, text, expected] of shown) {
    test(title, () => {
      assert.equal(shownText(text), expected);
    });
  }

  test("ends what is too long, between characters", () => {
    assert.equal(shownText("abcd", 3), "abc…");
    assert.equal(shownText("😀😀😀😀", 3), "😀😀😀…");
    assert.equal(shownText("😀😀😀", 3), "😀😀😀");
    assert.equal(shownText("x".repeat(65_536)).length, 2_049);
  });

  test("whatever comes, only what can be seen is left, and no more than was asked for", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 40 }), (text, limit) => {
        const result = shownText(text, limit);
        assert.doesNotMatch(result, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\u00a0\u2000-\u200f]/u);
        assert.ok(Array.from(result.replaceAll(/⟨U\+[0-9A-F]+⟩/g, "x").replace(/…$/, "")).length <= limit);
      }),
    );
  });
});
