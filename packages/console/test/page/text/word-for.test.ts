import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { wordFor } from "../../../src/page/text/word-for.ts";

const words = { hsts: "From nobody: the host is known to want https" };

describe("wordFor", () => {
  test("is the sentence for a word that is known", () => {
    assert.equal(wordFor(words, "hsts"), words.hsts);
  });

  test("is the word itself where it is not, in letters that everybody sees, and no longer than a line", () => {
    assert.equal(wordFor(words, "quantum\u202e"), "quantum⟨U+202E⟩");
    assert.equal(wordFor(words, "x".repeat(1_000)), `${"x".repeat(64)}…`);
  });

  test("knows no word that all objects have", () => {
    for (const word of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
      assert.equal(wordFor(words, word), word);
    }
  });
});
