import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { breakableUrlText } from "../../src/url/breakable-url-text.ts";

describe("breakableUrlText", () => {
  const cases: readonly (readonly [text: string, pieces: readonly string[]])[] = [
    ["", [""]],
    ["https://example.org/", ["https://example.org/"]],
    ["https://example.org/v1/observations/1", ["https://example.org/", "v1/", "observations/", "1"]],
    ["/v1/stations?near=53.55,9.99&days=14", ["/v1/", "stations?", "near=53.55,9.99&", "days=14"]],
    ["file:///home/someone", ["file:///home/", "someone"]],
    ["a//b", ["a//b"]],
  ];
  for (const [text, pieces] of cases) {
    test(`divides “${text}” into ${pieces.length}`, () => {
      assert.deepEqual(breakableUrlText(text), pieces);
    });
  }

  test("loses nothing, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "/", ":", "?", "&", "ж", "\u202e") }), (text) => {
        assert.equal(breakableUrlText(text).join(""), text);
      }),
    );
  });

  test("leaves what nobody reads to its end in one piece", () => {
    const text = "a/".repeat(2_000);
    assert.deepEqual(breakableUrlText(text), [text]);
  });
});
