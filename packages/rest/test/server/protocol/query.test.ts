import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { QUERY_LIMIT, readQuery } from "../../../src/server/protocol/query.ts";

describe("a query", () => {
  const cases: readonly (readonly [text: string, read: object | string])[] = [
    ["", {}],
    ["a=1", { a: "1" }],
    ["a=1&b=2", { a: "1", b: "2" }],
    ["a=1&a=2&a=3", { a: ["1", "2", "3"] }],
    ["a", { a: "" }],
    ["=1", { "": "1" }],
    ["&&a=1&", { a: "1" }],
    ["a=b=c", { a: "b=c" }],
    ["a+b=c+d", { "a b": "c d" }],
    ["a%2Bb=%26%3D", { "a+b": "&=" }],
    ["%C3%BC=%E2%82%AC", { ü: "€" }],
    ["constructor=1&toString=2", { constructor: "1", toString: "2" }],
    ["a=%", "malformed"],
    ["a=%C3%28", "malformed"],
    ["%ff=1", "malformed"],
    ["__proto__=1", "name-refused"],
    ["%5f_proto__=1", "name-refused"],
  ];
  for (const [text, read] of cases) {
    test(`${text === "" ? "of nothing" : text} is ${JSON.stringify(read)}`, () => {
      const result = readQuery(text);
      assert.deepEqual(typeof result === "string" ? result : { ...result }, read);
    });
  }

  test("inherits nothing", () => {
    assert.equal(Object.getPrototypeOf(readQuery("a=1")), null);
  });

  test("has a limit of names, empty ones included", () => {
    assert.equal(typeof readQuery("a=1&".repeat(QUERY_LIMIT - 1)), "object");
    assert.equal(readQuery("a=1&".repeat(QUERY_LIMIT)), "too-many");
    assert.equal(readQuery("&".repeat(QUERY_LIMIT)), "too-many");
  });

  test("is read as URLSearchParams read it, where it is not refused", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string())), (pairs) => {
        fc.pre(pairs.every(([name]) => name !== "__proto__"));
        const params = new URLSearchParams(pairs);
        const expected = Object.fromEntries(
          [...new Set(params.keys())].map((name) => {
            const values = params.getAll(name);
            return [name, values.length === 1 ? values[0] : values];
          }),
        );
        const read = readQuery(params.toString());
        assert.deepEqual(typeof read === "string" ? read : { ...read }, expected);
      }),
    );
  });

  test("is read or refused, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("%", "a", "=", "&", "+", "C", "3", "f", "é") }), (text) => {
        const read = readQuery(text);
        assert.ok(typeof read === "object" || read === "malformed");
      }),
    );
  });
});
