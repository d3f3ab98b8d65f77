import { ContentError } from "@fairlead/core";
import {
  applyJsonPatch,
  diffJsonPatch,
  formatJsonPointer,
  parseJsonPointer,
  type JsonPatchLimits,
} from "@fairlead/http/json";
import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";

/** RFC 6902 appendix A: what, document, patch, result or code. */
const APPENDIX: readonly (readonly [what: string, document: string, patch: string, result: string])[] = [
  [
    "A.1 adding an object member",
    '{"foo":"bar"}',
    '[{"op":"add","path":"/baz","value":"qux"}]',
    '{"baz":"qux","foo":"bar"}',
  ],
  [
    "A.2 adding an array element",
    '{"foo":["bar","baz"]}',
    '[{"op":"add","path":"/foo/1","value":"qux"}]',
    '{"foo":["bar","qux","baz"]}',
  ],
  ["A.3 removing an object member", '{"baz":"qux","foo":"bar"}', '[{"op":"remove","path":"/baz"}]', '{"foo":"bar"}'],
  [
    "A.4 removing an array element",
    '{"foo":["bar","qux","baz"]}',
    '[{"op":"remove","path":"/foo/1"}]',
    '{"foo":["bar","baz"]}',
  ],
  [
    "A.5 replacing a value",
    '{"baz":"qux","foo":"bar"}',
    '[{"op":"replace","path":"/baz","value":"boo"}]',
    '{"baz":"boo","foo":"bar"}',
  ],
  [
    "A.6 moving a value",
    '{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}',
    '[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]',
    '{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}',
  ],
  [
    "A.7 moving an array element",
    '{"foo":["all","grass","cows","eat"]}',
    '[{"op":"move","from":"/foo/1","path":"/foo/3"}]',
    '{"foo":["all","cows","eat","grass"]}',
  ],
  [
    "A.8 testing a value: success",
    '{"baz":"qux","foo":["a",2,"c"]}',
    '[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]',
    '{"baz":"qux","foo":["a",2,"c"]}',
  ],
  [
    "A.9 testing a value: error",
    '{"baz":"qux"}',
    '[{"op":"test","path":"/baz","value":"bar"}]',
    "PATCH_NOT_APPLICABLE",
  ],
  [
    "A.10 adding a nested member object",
    '{"foo":"bar"}',
    '[{"op":"add","path":"/child","value":{"grandchild":{}}}]',
    '{"foo":"bar","child":{"grandchild":{}}}',
  ],
  [
    "A.11 ignoring unrecognized elements",
    '{"foo":"bar"}',
    '[{"op":"add","path":"/baz","value":"qux","xyz":123}]',
    '{"foo":"bar","baz":"qux"}',
  ],
  [
    "A.12 adding to a nonexistent target",
    '{"foo":"bar"}',
    '[{"op":"add","path":"/baz/bat","value":"qux"}]',
    "PATCH_NOT_APPLICABLE",
  ],
  // A.13 has a name twice, which readJson refuses.
  ["A.14 escape ordering", '{"/":9,"~1":10}', '[{"op":"test","path":"/~01","value":10}]', '{"/":9,"~1":10}'],
  [
    "A.15 comparing strings and numbers",
    '{"/":9,"~1":10}',
    '[{"op":"test","path":"/~01","value":"10"}]',
    "PATCH_NOT_APPLICABLE",
  ],
  [
    "A.16 adding an array value",
    '{"foo":["bar"]}',
    '[{"op":"add","path":"/foo/-","value":["abc","def"]}]',
    '{"foo":["bar",["abc","def"]]}',
  ],
  [
    "the whole document",
    '{"foo":1}',
    '[{"op":"replace","path":"","value":[]},{"op":"add","path":"/0","value":2}]',
    "[2]",
  ],
  ["the whole document moved into", '{"a":{"b":1}}', '[{"op":"move","from":"/a","path":""}]', '{"b":1}'],
  [
    "a copy is its own",
    '{"a":{"b":1}}',
    '[{"op":"copy","from":"/a","path":"/c"},{"op":"add","path":"/c/d","value":2}]',
    '{"a":{"b":1},"c":{"b":1,"d":2}}',
  ],
  [
    "null is a value",
    '{"a":null}',
    '[{"op":"test","path":"/a","value":null},{"op":"replace","path":"/a","value":null}]',
    '{"a":null}',
  ],
  [
    "an object tested in any order",
    '{"a":{"b":1,"c":[2]}}',
    '[{"op":"test","path":"/a","value":{"c":[2],"b":1}}]',
    '{"a":{"b":1,"c":[2]}}',
  ],
  ["no patch", "{}", '{"op":"remove"}', "PATCH_INVALID"],
  ["an operation that is none", "{}", "[1]", "PATCH_INVALID"],
  ["an unknown operation", "{}", '[{"op":"spam","path":""}]', "PATCH_INVALID"],
  ["no path", "{}", '[{"op":"remove"}]', "PATCH_INVALID"],
  ["no value", "{}", '[{"op":"add","path":"/a"}]', "PATCH_INVALID"],
  ["no from", "{}", '[{"op":"copy","path":"/a"}]', "PATCH_INVALID"],
  ["no pointer", '{"a":1}', '[{"op":"remove","path":"a"}]', "PATCH_INVALID"],
  ["an escape that is none", '{"~2":1}', '[{"op":"remove","path":"/~2"}]', "PATCH_INVALID"],
  ["a member that is missing", "{}", '[{"op":"remove","path":"/a"}]', "PATCH_NOT_APPLICABLE"],
  ["nothing to replace", "{}", '[{"op":"replace","path":"/a","value":1}]', "PATCH_NOT_APPLICABLE"],
  ["an index beyond the end", "[1]", '[{"op":"add","path":"/2","value":1}]', "PATCH_NOT_APPLICABLE"],
  ["an index with a zero before it", "[1,2]", '[{"op":"remove","path":"/01"}]', "PATCH_NOT_APPLICABLE"],
  ["the end of an array removed", "[1]", '[{"op":"remove","path":"/-"}]', "PATCH_NOT_APPLICABLE"],
  ["an array's length", "[1]", '[{"op":"replace","path":"/length","value":0}]', "PATCH_NOT_APPLICABLE"],
  ["a value moved into itself", '{"a":{"b":1}}', '[{"op":"move","from":"/a","path":"/a/b/c"}]', "PATCH_NOT_APPLICABLE"],
  ["a member of a string", '{"a":"b"}', '[{"op":"test","path":"/a/length","value":1}]', "PATCH_NOT_APPLICABLE"],
  [
    "the prototype's members",
    "{}",
    '[{"op":"add","path":"/constructor/prototype/admin","value":true}]',
    "PATCH_NOT_APPLICABLE",
  ],
  ["what __proto__ stands for", "{}", '[{"op":"add","path":"/__proto__/admin","value":true}]', "PATCH_NOT_APPLICABLE"],
];

for (const [what, document, patch, result] of APPENDIX) {
  test(`${what}: ${result} (RFC 6902)`, () => {
    const before: unknown = JSON.parse(document);
    const operations: unknown = JSON.parse(patch);
    const isCode = /^[A-Z]/.test(result);
    if (isCode) assert.throws(() => applyJsonPatch(before, operations), { code: result });
    else assert.deepEqual(applyJsonPatch(before, operations), JSON.parse(result));
    assert.deepEqual([before, operations], [JSON.parse(document), JSON.parse(patch)]);
  });
}

test("it is all or nothing, and the error says which operation it was", () => {
  const document = { a: { b: [1] } };
  const operations = [
    { op: "add", path: "/a/b/-", value: 2 },
    { op: "remove", path: "/a/b/9" },
  ];
  assert.throws(
    () => applyJsonPatch(document, operations, {}, { peer: "api.example:443" }),
    (error) =>
      error instanceof ContentError &&
      error.message.startsWith("api.example:443: ") &&
      error.message.includes("operation 1: there is nothing at its place"),
  );
  assert.deepEqual(document, { a: { b: [1] } });
});

test("a member called __proto__ is one as any other", () => {
  const patched = applyJsonPatch({}, [{ op: "add", path: "/__proto__", value: { admin: true } }]);
  assert.deepEqual(Object.keys(patched as object), ["__proto__"]);
  assert.equal(Object.getPrototypeOf(patched), Object.prototype);
});

const doubling = Array.from({ length: 60 }, () => ({ op: "copy", from: "", path: "/-" }));
const deepening = Array.from({ length: 300 }, (_, depth) => ({ op: "add", path: "/0".repeat(depth + 1), value: [] }));
const LIMITED: readonly (readonly [
  what: string,
  operations: readonly unknown[],
  limits: JsonPatchLimits,
  code: string,
])[] = [
  ["a document that doubles", doubling, { depthLimit: 1_000 }, "CONTENT_LIMIT"],
  ["a document that doubles, by default", doubling, {}, "CONTENT_LIMIT"],
  ["a document that deepens", deepening, {}, "JSON_TOO_DEEP"],
  [
    "a value that is too deep",
    [{ op: "add", path: "/0", value: JSON.parse(`${"[".repeat(500)}${"]".repeat(500)}`) as unknown }],
    {},
    "JSON_TOO_DEEP",
  ],
  [
    "too many operations",
    Array.from({ length: 10_001 }, () => ({ op: "test", path: "", value: [] })),
    {},
    "CONTENT_LIMIT",
  ],
];

for (const [what, operations, limits, code] of LIMITED) {
  test(`${what} is refused with ${code}`, () => {
    assert.throws(() => applyJsonPatch([], operations, limits), { code });
  });
}

test("the patch of what differs changes the one document into the other", () => {
  const before = { a: [1, 2, 3, { b: 1 }], "c/d": "~" };
  const after = { a: [1, 9, { b: 2 }], e: null };
  assert.deepEqual(diffJsonPatch(before, after), [
    { op: "replace", path: "/a/1", value: 9 },
    { op: "replace", path: "/a/2", value: { b: 2 } },
    { op: "remove", path: "/a/3" },
    { op: "remove", path: "/c~1d" },
    { op: "add", path: "/e", value: null },
  ]);
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      assert.deepEqual(applyJsonPatch(one, diffJsonPatch(one, other)), other);
    }),
    { numRuns: 500 },
  );
  const lists = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 8 });
  fc.assert(
    fc.property(lists, lists, (one, other) => {
      assert.deepEqual(applyJsonPatch(one, diffJsonPatch(one, other)), other);
    }),
    { numRuns: 500 },
  );
});

test("pointers are read as they are written (RFC 6901 section 5)", () => {
  const pointers = ["", "/foo", "/foo/0", "/", "/a~1b", "/c%d", "/e^f", "/g|h", "/i\\j", '/k"l', "/ ", "/m~0n"];
  for (const pointer of pointers) assert.equal(formatJsonPointer(parseJsonPointer(pointer) ?? ["none"]), pointer);
  assert.deepEqual(parseJsonPointer("/a~1b/m~0n/~01"), ["a/b", "m~n", "~1"]);
  for (const none of ["a", "/~", "/~2", "#/a"]) assert.equal(parseJsonPointer(none), undefined);
});
