import { ContentError } from "@fairlead/core";
import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { readLenientJson, type Forgiven } from "../../src/content/index.ts";

const facts = { peer: "api.example:443", operation: "read" };
const read = (text: string): ReturnType<typeof readLenientJson> =>
  readLenientJson(new TextEncoder().encode(text), "application/json", facts);

const FORGIVEN: readonly (readonly [
  text: string,
  value: unknown,
  ...forgiven: (readonly [Forgiven["what"], line: number, column: number, count?: number])[],
])[] = [
  ['{"a":[1,null]}', { a: [1, null] }],
  ['\ufeff{"a":1}', { a: 1 }, ["byte-order-mark", 1, 1]],
  ["\ufeff{a:1}", { a: 1 }, ["byte-order-mark", 1, 1], ["unquoted-name", 1, 2]],
  ["// why\n[1, /* not */ 2] // so", [1, 2], ["comment", 1, 1, 3]],
  ['{"a":[1,2,],\n"b":{"c":1,},}', { a: [1, 2], b: { c: 1 } }, ["trailing-comma", 1, 10, 3]],
  ["[1, /* last */\n]", [1], ["comment", 1, 5], ["trailing-comma", 1, 3]],
  [`{'a':'it\\'s "so"'}`, { a: `it's "so"` }, ["single-quotes", 1, 2, 2], ["escape-form", 1, 6]],
  ["{a:1,\n $b_1:2, \\u0063:3}", { a: 1, $b_1: 2, c: 3 }, ["unquoted-name", 1, 2, 3]],
  ["[NaN,-NaN,Infinity,-Infinity]", [NaN, NaN, Infinity, -Infinity], ["not-a-number", 1, 2, 2], ["infinity", 1, 11, 2]],
  [
    "[0x1F,+1,.5,5.,+Infinity,1e5,-0]",
    [31, 1, 0.5, 5, Infinity, 1e5, -0],
    ["number-form", 1, 2, 5],
    ["infinity", 1, 16],
  ],
  ['["a\tb","\\x41\\v\\\nc","\\\\x"]', ["a\tb", "A\vc", "\\x"], ["escape-form", 1, 2, 2]],
  ["\u00a0[\f1]\u2028", [1], ["white-space", 1, 2, 3]],
  ['{"a":1,"b":2,"a":3,"\\u0061":4}', { a: 4, b: 2 }, ["duplicate-name", 1, 14, 2]],
  ["{a:1,'a':2}", { a: 2 }, ["unquoted-name", 1, 2], ["single-quotes", 1, 6], ["duplicate-name", 1, 6]],
];

for (const [text, value, ...forgiven] of FORGIVEN) {
  test(`${JSON.stringify(text)} is read, and what was forgiven is told`, async () => {
    const expected = forgiven.map(([what, line, column, count = 1]) => ({ what, line, column, count }));
    const result = await read(text);
    assert.deepEqual(result.value, value);
    assert.deepEqual(
      [...result.forgiven].sort((a, b) => a.what.localeCompare(b.what)),
      expected.sort((a, b) => a.what.localeCompare(b.what)),
    );
  });
}

const REFUSED: readonly (readonly [text: string, code: ContentError["code"], place: RegExp])[] = [
  ["", "JSON_INVALID", /line 1, column 1, read leniently/],
  ["{a:1", "JSON_INVALID", /line 1/],
  ["[1,,2]", "JSON_INVALID", /column 4/],
  ["[,]", "JSON_INVALID", /column 2/],
  ["{a:hunter2}", "JSON_INVALID", /column 4/],
  ["\n'a\\u00", "JSON_INVALID", /line 2/],
  ["'never ends\\", "JSON_INVALID", /line 1, column 14/],
  ["[.]", "JSON_INVALID", /column 2/],
  ["[+.e1]", "JSON_INVALID", /column 2/],
  ["/* open", "JSON_INVALID", /line 1/],
  ["<!DOCTYPE html>", "JSON_INVALID", /column 1/],
  ["{a:1} 2", "JSON_INVALID", /column 7/],
  [`[${"[".repeat(256)}`, "JSON_TOO_DEEP", /column 257/],
  [`//\n${"{a:".repeat(10_000)}`, "JSON_TOO_DEEP", /more than 256 levels, line 2, column 769/],
  [`[${"0,".repeat(600_000)}]`, "CONTENT_LIMIT", /1048576 octets, as it is no JSON/],
];

for (const [text, code, place] of REFUSED) {
  test(`${JSON.stringify(text.slice(0, 20))} is refused with ${code}, and nothing of it is told`, async () => {
    await assert.rejects(
      read(text),
      (error) =>
        error instanceof ContentError &&
        error.code === code &&
        place.test(error.message) &&
        error.cause === undefined &&
        !error.message.includes("hunter2") &&
        error.bytes?.length === Buffer.byteLength(text),
    );
  });
}

test("many comments in a row need no stack", async () => {
  const { value, forgiven } = await read(`${"/**/".repeat(50_000)}[1]`);
  assert.deepEqual(value, [1]);
  assert.equal(forgiven[0]?.count, 50_000);
});

test("a member called __proto__ is one as any other", async () => {
  const { value } = await read("{__proto__:{admin:true},'__proto__':{admin:false}}");
  assert.deepEqual(Object.entries(value as object), [["__proto__", { admin: false }]]);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
});

test("the charset of the media type counts, as people write that, too", async () => {
  const { value } = await readLenientJson(Buffer.from("{caf\xe9:1}", "latin1"), "text/plain; charset=latin1", facts);
  assert.deepEqual(value, { café: 1 });
  const wrong = readLenientJson(Buffer.from("{caf\xe9:1}", "latin1"), undefined, facts);
  await assert.rejects(wrong, { code: "CHARSET_VIOLATED" });
});

test("JSON of any size is read as JSON is", async () => {
  const { value, forgiven } = await read(JSON.stringify(Array.from({ length: 600_000 }, () => 0)));
  assert.equal((value as unknown[]).length, 600_000);
  assert.deepEqual(forgiven, []);
});

test("what JSON.stringify writes is the same with comments and commas, and whatever arrives is read or refused", async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      const text = JSON.stringify([value]);
      const loose = `/* x */ ${text.slice(0, -1)}, ]`;
      assert.deepEqual((await read(loose)).value, JSON.parse(text));
    }),
    { numRuns: 50 },
  );
  const piece = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "'",
    '"',
    "a",
    "//",
    "/*",
    "*/",
    "\n",
    "\\",
    "0x",
    "1",
    "-",
    ".",
    "NaN",
    "\u2028",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(piece, fc.string()), { maxLength: 12 }), async (pieces) => {
      await read(pieces.join("")).catch((error: unknown) => {
        assert.ok(error instanceof ContentError, String(error));
      });
    }),
    { numRuns: 300 },
  );
});
