import { diffMergePatch, mergePatch } from "@fairlead/http/json";
import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";

/** RFC 7396 appendix A: original, patch, result. */
const APPENDIX: readonly (readonly [string, string, string])[] = [
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', "{}"],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['["a","b"]', '["c","d"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]', '["c"]'],
  ['{"a":"foo"}', "null", "null"],
  ['{"a":"foo"}', '"bar"', '"bar"'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ["[1,2]", '{"a":"b","c":null}', '{"a":"b"}'],
  ["{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
];

for (const [original, patch, result] of APPENDIX) {
  test(`${original} patched by ${patch} is ${result} (RFC 7396 appendix A)`, () => {
    const target: unknown = JSON.parse(original);
    assert.deepEqual(mergePatch(target, JSON.parse(patch)), JSON.parse(result));
    assert.deepEqual(target, JSON.parse(original));
  });
}

test("a member called __proto__ is one as any other", () => {
  const patched = mergePatch({}, JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}'));
  assert.deepEqual(Object.keys(patched as object), ["__proto__", "constructor"]);
  assert.equal(Object.getPrototypeOf(patched), Object.prototype);
  assert.equal(Reflect.get({}, "admin"), undefined);
});

test("what differs is what a patch says, and null in an object cannot be said", () => {
  const before = { a: 1, b: { c: [1], d: 2 }, e: null };
  assert.deepEqual(diffMergePatch(before, { b: { c: [1, null] }, e: null, f: {} }), {
    a: null,
    b: { c: [1, null], d: null },
    f: {},
  });
  assert.deepEqual(diffMergePatch(before, before), {});
  assert.equal(diffMergePatch({}, { a: null }), undefined);
  assert.equal(diffMergePatch({ a: 1 }, { a: { b: null } }), undefined);
  assert.deepEqual(diffMergePatch({ a: null }, { a: null, b: 1 }), { b: 1 });
});

test("a patch changes the one value into the other, where there is a patch", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
      const patch = diffMergePatch(before, after);
      if (patch !== undefined) assert.deepEqual(mergePatch(before, patch), after);
      else assert.match(JSON.stringify(after), /null/);
    }),
    { numRuns: 500 },
  );
});
