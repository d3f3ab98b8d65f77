import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseDictionary, type BareItem } from "../../src/structured-fields/index.ts";

const bytes = (text: string): BareItem => ({ type: "byte-sequence", value: new TextEncoder().encode(text) });
const yes: BareItem = { type: "boolean", value: true };

describe("a dictionary (RFC 9651 section 4.2.2)", () => {
  const taken: readonly (readonly [string, readonly (readonly [string, BareItem | undefined])[]])[] = [
    ["", []],
    ["  ", []],
    ["a=1", [["a", { type: "integer", value: 1 }]]],
    ["a=-12.5", [["a", { type: "decimal", value: -12.5 }]]],
    ['a="x \\"y\\" \\\\"', [["a", { type: "string", value: 'x "y" \\' }]]],
    ["a=token/x:y", [["a", { type: "token", value: "token/x:y" }]]],
    ["a=:aGVsbG8=:", [["a", bytes("hello")]]],
    ["a=:aGVsbG8:", [["a", bytes("hello")]]],
    ["a=::", [["a", bytes("")]]],
    ["a=?0", [["a", { type: "boolean", value: false }]]],
    ["a", [["a", yes]]],
    ["a=@1659578233", [["a", { type: "date", value: 1_659_578_233 }]]],
    ['a=%"f%c3%bc"', [["a", { type: "display-string", value: "fü" }]]],
    ["a=(1 2;x)", [["a", undefined]]],
    ["a=()", [["a", undefined]]],
    [
      "a;p;q=1, b=2;r=:YQ==:",
      [
        ["a", yes],
        ["b", { type: "integer", value: 2 }],
      ],
    ],
    [
      "a=1 \t,\t b=2  ",
      [
        ["a", { type: "integer", value: 1 }],
        ["b", { type: "integer", value: 2 }],
      ],
    ],
    ["a=1, a=2", [["a", { type: "integer", value: 2 }]]],
    ["*x_-.1=1", [["*x_-.1", { type: "integer", value: 1 }]]],
  ];
  for (const [text, expected] of taken) {
    test(`takes ${JSON.stringify(text)}`, () => {
      assert.deepEqual([...(parseDictionary(text) ?? assert.fail("refused"))], expected);
    });
  }

  for (const text of [
    "A=1",
    "a=",
    "a=1,",
    ",a=1",
    "a=1;",
    "a=1 b=2",
    "a==1",
    'a="x',
    'a="\\x"',
    'a="ü"',
    "a=:a:",
    "a=:a b=:",
    "a=:YQ==",
    "a=1.",
    "a=1.2345",
    "a=1234567890123456",
    "a=?2",
    "a=(1",
    "a=(1,2)",
    "a=(1(2))",
    'a=%"%C3"',
    'a=%"%ff"',
    "a=@1.5",
    "1=a",
    "a=\u00001",
    "a=-",
    "a=()x",
  ]) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      assert.equal(parseDictionary(text), undefined);
    });
  }

  test("is taken or refused, whatever comes", () => {
    const pieces = fc.constantFrom(
      "a",
      "b=",
      "1",
      ":YQ==:",
      '"x"',
      "(",
      ")",
      ";",
      ",",
      " ",
      "?1",
      "@5",
      '%"',
      "\t",
      "é",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((all) => all.join("")),
        ),
        (text) => {
          parseDictionary(text);
        },
      ),
    );
  });
});
