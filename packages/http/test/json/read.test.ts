import { ContentError } from "@fairlead/core";
import { findJsonFault, readJson } from "@fairlead/http/json";
import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonTexts, mutatedJsonTexts, spelledName } from "./json-texts.ts";

const ACCEPTED: readonly string[] = [
  "null",
  " \t\r\n1 ",
  '"\\u0000\\ud800\\"\\\\"',
  "-0.5e-7",
  "0e0",
  "[]",
  "[ ]",
  "{}",
  "{ }",
  '[{"a":[1,2,{}]},"]","}"]',
  '{"a":{"b":1},"b":[{"a":1},{"a":2}]}',
  '{"a":1,"A":2,"":3," ":4}',
  '{"\\\\":1,"\\"":2,"\\\\\\"":3}',
  '{":":":"}',
  `${"[".repeat(256)}${"]".repeat(256)}`,
];

for (const text of ACCEPTED) {
  test(`${text.slice(0, 40)} is read as JSON.parse reads it`, () => {
    assert.deepEqual(readJson(text), JSON.parse(text));
    assert.equal(findJsonFault(text, { depthLimit: 256, duplicates: "refuse" }), undefined);
  });
}

const REFUSED: readonly (readonly [text: string, code: ContentError["code"], place: RegExp])[] = [
  ["", "JSON_INVALID", /it ends too early/],
  ['{"a":', "JSON_INVALID", /it ends too early/],
  ['"a', "JSON_INVALID", /it ends too early/],
  ["[1,]", "JSON_INVALID", /line 1, column 4/],
  ['{"a":1,}', "JSON_INVALID", /column 8/],
  ['{"a" 1}', "JSON_INVALID", /column 6/],
  ["{a:1}", "JSON_INVALID", /column 2/],
  ["{'a':1}", "JSON_INVALID", /column 2/],
  ["[1]]", "JSON_INVALID", /column 4/],
  ["[1}", "JSON_INVALID", /column 3/],
  ['{"a":1]', "JSON_INVALID", /column 7/],
  ["1 2", "JSON_INVALID", /column 3/],
  ["01", "JSON_INVALID", /column 2/],
  ["1.", "JSON_INVALID", /it ends too early/],
  ["-", "JSON_INVALID", /it ends too early/],
  ["-true", "JSON_INVALID", /column 2/],
  ["1.true", "JSON_INVALID", /column 3/],
  ["+1", "JSON_INVALID", /column 1/],
  [".5", "JSON_INVALID", /column 1/],
  ["NaN", "JSON_INVALID", /column 1/],
  ["tru", "JSON_INVALID", /column 1/],
  ["truefalse", "JSON_INVALID", /column 5/],
  ['\n\n  "a\tb"', "JSON_INVALID", /line 3, column 5/],
  ['"\\x41"', "JSON_INVALID", /column 2/],
  ['"\\u00g0"', "JSON_INVALID", /column 2/],
  ['"\\', "JSON_INVALID", /column 2/],
  ["\ufeff1", "JSON_INVALID", /column 1/],
  ["1\u00a0", "JSON_INVALID", /column 2/],
  [`${"[".repeat(257)}${"]".repeat(257)}`, "JSON_TOO_DEEP", /more than 256 levels, line 1, column 257/],
  [`${'{"a":'.repeat(257)}1`, "JSON_TOO_DEEP", /column 1281/],
  ["[".repeat(100_000), "JSON_TOO_DEEP", /column 257/],
  ['{"a":1,"a":1}', "JSON_MEMBER_DUPLICATED", /the second one, line 1, column 8/],
  ['{"a":1,"\\u0061":1}', "JSON_MEMBER_DUPLICATED", /column 8/],
  ['{"😀":1,"\\ud83d\\uDE00":1}', "JSON_MEMBER_DUPLICATED", /column 9/],
  ['{"__proto__":1,"b":{"__proto__":1,\n"__proto__":2}}', "JSON_MEMBER_DUPLICATED", /line 2, column 1/],
  ['{"__proto__":null,"\\u005f_proto__":null}', "JSON_MEMBER_DUPLICATED", /column 19/],
  ['[{"1":1,"0":2,"1":3}]', "JSON_MEMBER_DUPLICATED", /column 15/],
  ['{"a":1,"a":', "JSON_MEMBER_DUPLICATED", /column 8/],
];

for (const [text, code, place] of REFUSED) {
  test(`${JSON.stringify(text.slice(0, 40))} is refused with ${code}, and where`, () => {
    assert.throws(
      () => readJson(text),
      (error) => error instanceof ContentError && error.code === code && place.test(error.message),
    );
  });
}

test("a member called __proto__ is one as any other", () => {
  const value = readJson('{"__proto__":{"admin":true}}');
  assert.deepEqual(Object.keys(value as object), ["__proto__"]);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
});

test("the last of several members of one name counts where that is asked for", () => {
  assert.deepEqual(readJson('{"a":1,"a":2}', { duplicates: "last" }), { a: 2 });
});

test("what is wrong is told without what was there", () => {
  const facts = { peer: "api.example:443", operation: "read", bytes: new Uint8Array(3) };
  assert.throws(
    () => readJson('{"password":"hunter2" "x"}', {}, facts),
    (error) =>
      error instanceof ContentError &&
      error.message.startsWith("read api.example:443: the content is no JSON (line 1, column 23)") &&
      !/hunter2|password/.test(String(error.stack)) &&
      error.cause === undefined &&
      error.bytes === facts.bytes &&
      !Object.keys(error).includes("bytes"),
  );
});

test("what JSON.stringify writes is read, and nothing else is than what JSON.parse reads", () => {
  fc.assert(
    fc.property(fc.oneof(jsonTexts, mutatedJsonTexts, fc.string()), (text) => {
      const expected = outcome(() => JSON.parse(text) as unknown);
      const fault = findJsonFault(text, { depthLimit: Infinity, duplicates: "last" });
      assert.deepEqual(
        outcome(() => readJson(text, { depthLimit: Infinity, duplicates: "last" })),
        expected,
      );
      assert.equal(fault?.type, expected.type === "refused" ? "syntax" : undefined);
      assert.ok(fault === undefined || fault.offset <= text.length);
    }),
    { numRuns: 1_000 },
  );
});

test("a name that comes twice is found in whichever object, however it is spelled", () => {
  const names = fc.oneof(fc.constantFrom("a", "__proto__", "", "😀", "\ud800", '"', "\\", "1"), fc.string());
  fc.assert(
    fc.property(jsonTexts, names, spelledName, spelledName, fc.nat(), (inner, name, first, second, at) => {
      const object = `{${first(name)}:${inner},"other${name.length > 0 ? "s" : ""}":0,${second(name)}:1}`;
      const text = Array.from({ length: at % 5 }).reduce<string>((all) => `[1,{"x":${all}}]`, object);
      assert.throws(() => readJson(text), { code: "JSON_MEMBER_DUPLICATED" });
      assert.equal(findJsonFault(text, { depthLimit: 256, duplicates: "refuse" })?.type, "duplicate");
    }),
  );
});

test("a level too many is found wherever it is", () => {
  const opening = fc.constantFrom("[", '{"a":', '["]",', "[{},", '{"}":[],"b":');
  fc.assert(
    fc.property(fc.array(opening, { minLength: 1, maxLength: 40 }), (openings) => {
      const closing = openings.map((open) => (open.startsWith("[") ? "]" : "}")).reverse();
      const text = [...openings, "0", ...closing].join("");
      // What is beside the way in is at most a level deeper.
      const depth = Math.max(...openings.map((open, index) => index + 1 + (/\{\}|\[\]/.test(open) ? 1 : 0)));
      assert.deepEqual(readJson(text, { depthLimit: depth }), JSON.parse(text));
      assert.throws(() => readJson(text, { depthLimit: depth - 1 }), { code: "JSON_TOO_DEEP" });
    }),
  );
});

function outcome(
  read: () => unknown,
): { readonly type: "refused" } | { readonly type: "read"; readonly value: unknown } {
  try {
    return { type: "read", value: read() };
  } catch {
    return { type: "refused" };
  }
}
