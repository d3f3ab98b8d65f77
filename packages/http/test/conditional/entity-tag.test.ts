import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { matchesStrongly, matchesWeakly, parseEntityTags, weakTag } from "../../src/conditional/index.ts";

describe("lists of entity tags (RFC 9110 section 13.1.1)", () => {
  for (const [value, expected] of [
    ['"a"', ['"a"']],
    ['"a", W/"b"', ['"a"', 'W/"b"']],
    ['"a,b" ,, "c"', ['"a,b"', '"c"']],
    ['""', ['""']],
    ['"\u00e9"', ['"\u00e9"']],
    ['"a" "b"', ['"a"', '"b"']],
    ["", []],
    ["a", []],
    ['w/"a"', []],
    ['"a', []],
    ['"a b"', []],
    ['"a", b, "c"', ['"a"']],
  ] as const) {
    test(`${value} names ${expected.join(" and ") || "none"}`, () => {
      assert.deepEqual(parseEntityTags(value), { type: "list", tags: expected });
    });
  }

  test("* names any", () => assert.deepEqual(parseEntityTags(" * "), { type: "any" }));

  test("whatever arrives is a list of tags, or any", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', ",", " ", "W", "/", "a", "*") }), (value) => {
        const list = parseEntityTags(value);
        if (list.type === "list") for (const tag of list.tags) assert.match(tag, /^(?:W\/)?"[^"]*"$/);
      }),
    );
  });
});

describe("comparison of entity tags (RFC 9110 section 8.8.3.2)", () => {
  for (const [left, right, strongly, weakly] of [
    ['W/"1"', 'W/"1"', false, true],
    ['W/"1"', 'W/"2"', false, false],
    ['W/"1"', '"1"', false, true],
    ['"1"', '"1"', true, true],
  ] as const) {
    test(`${left} and ${right}`, () => {
      assert.deepEqual([matchesStrongly(left, right), matchesWeakly(left, right)], [strongly, weakly]);
      assert.equal(matchesStrongly(right, left), strongly);
    });
  }

  test("a weak tag stays one", () => assert.deepEqual([weakTag('"1"'), weakTag('W/"1"')], ['W/"1"', 'W/"1"']));
});
