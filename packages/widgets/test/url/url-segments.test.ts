import assert from "node:assert/strict";
import { test } from "node:test";
import { isolatedUrlText, urlSegments } from "../../src/url/url-segments.ts";

test("what is plain ASCII is one piece, and each foreign label and segment one of its own", () => {
  assert.deepEqual(urlSegments("https://a.example/b"), [{ text: "https://a.example/b", isForeign: false }]);
  assert.deepEqual(
    urlSegments("a.אב.גד/x").map(({ text, isForeign }) => [text, isForeign]),
    [
      ["a", false],
      [".", false],
      ["אב", true],
      [".", false],
      ["גד", true],
      ["/", false],
      ["x", false],
    ],
  );
});

test("as plain text each of them is isolated, and the whole runs from left to right", () => {
  assert.equal(isolatedUrlText("a/b"), "\u2066a/b\u2069");
  assert.equal(isolatedUrlText("אב.גד"), "\u2066\u2068אב\u2069.\u2068גד\u2069\u2069");
});
