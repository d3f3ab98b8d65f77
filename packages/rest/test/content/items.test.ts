import { ContentError } from "@fairlead/core";
import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonItems, jsonSequenceItems, ndjsonItems, type ArrayItemsOptions } from "../../src/content/index.ts";
import { cut, outcome, streamOf } from "./pieces.ts";

const facts = { peer: "api.example:443" };

const ARRAYS: readonly (readonly [text: string, path: string, items: readonly unknown[]])[] = [
  ["[]", "", []],
  [" [ \n ] ", "", []],
  ["\ufeff[1]", "", [1]],
  ['[1,"],[",{"a":[1,2]},[[]],null , true]', "", [1, "],[", { a: [1, 2] }, [[]], null, true]],
  ['["\\"","\\\\",{"\\\\\\"":"}"}]', "", ['"', "\\", { '\\"': "}" }]],
  ['{"items":[1,2],"next":"x"}', "items", [1, 2]],
  ['{"a":[9],"data":{"x":{"items":[8]},"items":[1,{"items":[7]}]},"items":[6]}', "data.items", [1, { items: [7] }]],
  ['{"x":"items","data":{"\\u0069tems":[1]}}', "data.items", [1]],
  ['[{"items":[1]}]', "", [{ items: [1] }]],
  ['{"__proto__":[1]}', "__proto__", [1]],
];

for (const [text, path, items] of ARRAYS) {
  test(`the items at "${path}" of ${text} come one by one, however it is cut`, async () => {
    const octets = new TextEncoder().encode(text);
    for (const size of [1, 2, 3, 7, octets.length]) {
      assert.deepEqual(await outcome(jsonItems(streamOf(...cut(octets, size)), { path }, facts)), {
        items,
        error: undefined,
      });
    }
  });
}

const FAULTY: readonly (readonly [
  text: string,
  options: ArrayItemsOptions,
  code: string,
  items: readonly unknown[],
])[] = [
  ["", {}, "JSON_INVALID", []],
  ["[1", {}, "JSON_INVALID", []],
  ["[1,2", {}, "JSON_INVALID", [1]],
  ["[1,]", {}, "JSON_INVALID", [1]],
  ["[,1]", {}, "JSON_INVALID", []],
  ["[1,,2]", {}, "JSON_INVALID", [1]],
  ["[1}", {}, "JSON_INVALID", [1]],
  ["[1] 2", {}, "JSON_INVALID", [1]],
  ['[{"a":1],2]', {}, "JSON_INVALID", []],
  ['["a]', {}, "JSON_INVALID", []],
  ["5 [1]", {}, "JSON_INVALID", [1]],
  ['{"items":[1]', { path: "items" }, "JSON_INVALID", [1]],
  ['{"items":[1],"items":[2]}', { path: "items" }, "JSON_MEMBER_DUPLICATED", [1]],
  ['{"a":1,"items":[1],"a":2}', { path: "items" }, "JSON_MEMBER_DUPLICATED", [1]],
  ['[{"a":1},{"a":1,"a":2}]', {}, "JSON_MEMBER_DUPLICATED", [{ a: 1 }]],
  [`[1,${"[".repeat(300)}${"]".repeat(300)}]`, {}, "JSON_TOO_DEEP", [1]],
  ["{}", {}, "CONTRACT_BROKEN", []],
  ["null", {}, "CONTRACT_BROKEN", []],
  ['{"items":{"items":[1]}}', { path: "items" }, "CONTRACT_BROKEN", []],
  ['{"a":{"items":[1]},"data":{}}', { path: "data.items" }, "CONTRACT_BROKEN", []],
  ['["1234567","12345678901"]', { itemLimitBytes: 10 }, "CONTENT_LIMIT", ["1234567"]],
  ['{"a":"12345678901","items":[]}', { path: "items", itemLimitBytes: 10 }, "CONTENT_LIMIT", []],
  ["[]            ", { itemLimitBytes: 10 }, "CONTENT_LIMIT", []],
];

for (const [text, options, code, items] of FAULTY) {
  test(`${text.slice(0, 40)} gives ${String(items.length)} items and ${code}, however it is cut`, async () => {
    const octets = new TextEncoder().encode(text);
    for (const size of [1, 2, 5, Math.max(1, octets.length)]) {
      const { items: read, error } = await outcome(jsonItems(streamOf(...cut(octets, size)), options, facts));
      assert.ok(error instanceof ContentError && error.code === code, String(error));
      assert.deepEqual(read, items);
    }
  });
}

test("an item that is no UTF-8 is an error that says which it was", async () => {
  const { items, error } = await outcome(jsonItems(streamOf('["a",', Buffer.from('"\xe9"]', "latin1")), {}, facts));
  assert.deepEqual(items, ["a"]);
  assert.match(
    String(error),
    /^ContentError: read item 2 api\.example:443: the content is not in the character encoding/,
  );
});

test("what JSON.stringify writes comes item by item as JSON.parse gives it, however it is cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue()),
      fc.jsonValue(),
      fc.integer({ min: 1, max: 20 }),
      async (list, other, size) => {
        const text = JSON.stringify({ before: other, 'a\u00e9"': list, behind: other });
        const octets = new TextEncoder().encode(text);
        const path = 'a\u00e9"';
        const { items, error } = await outcome(jsonItems(streamOf(...cut(octets, size)), { path }));
        assert.equal(error, undefined);
        assert.deepEqual(items, (JSON.parse(text) as Record<string, unknown>)[path]);
      },
    ),
    { numRuns: 50 },
  );
});

test("lines of JSON are read one by one; empty ones are passed over, the last need not end", async () => {
  const text = '\ufeff{"a":1}\n\r\n \n[2]\r\n"\u2028"\n3';
  for (const size of [1, 4, 100]) {
    const lines = ndjsonItems(streamOf(...cut(new TextEncoder().encode(text), size)), {}, facts);
    assert.deepEqual(await outcome(lines), { items: [{ a: 1 }, [2], "\u2028", 3], error: undefined });
  }
});

test("a line that is no JSON, or too long, is an error behind those before it", async () => {
  const lines = await outcome(ndjsonItems(streamOf('1\n{"a":', "\n2\n"), {}, facts));
  assert.deepEqual(lines.items, [1]);
  assert.match(String(lines.error), /read item 2 api\.example:443: the content is no JSON \(it ends too early\)/);
  const cutLine = await outcome(ndjsonItems(streamOf('1\n{"a":2'), {}, facts));
  assert.equal((cutLine.error as ContentError).code, "JSON_INVALID");
  const endless = (async function* () {
    for (;;) yield* streamOf("12345");
  })();
  const tooLong = await outcome(ndjsonItems(endless, { itemLimitBytes: 1_000 }, facts));
  assert.equal((tooLong.error as ContentError).code, "CONTENT_LIMIT");
});

test("a JSON text sequence is read; a text that was cut is an error (RFC 7464 section 2)", async () => {
  const sequence = jsonSequenceItems(streamOf('\x1e{"a":\n', "1}\n\x1e\x1e2\n"), {}, facts);
  assert.deepEqual(await outcome(sequence), { items: [{ a: 1 }, 2], error: undefined });
  const { items, error } = await outcome(jsonSequenceItems(streamOf("\x1e1\n\x1e23"), {}, facts));
  assert.deepEqual(items, [1]);
  assert.equal((error as ContentError).code, "JSON_INVALID");
});

test("no more is asked for than is read, and leaving the loop ends the stream", async () => {
  let given = 0;
  let hasEnded = false;
  const source = (async function* () {
    try {
      for (;;) {
        given += 1;
        yield* streamOf(given === 1 ? "[1,2" : `,${String(given)}`);
      }
    } finally {
      hasEnded = true;
    }
  })();
  const seen: unknown[] = [];
  for await (const item of jsonItems(source)) {
    seen.push(item);
    assert.ok(given <= seen.length + 1);
    if (seen.length === 5) break;
  }
  assert.deepEqual(seen, [1, 2, 2, 3, 4]);
  assert.ok(hasEnded);
});

test("a gibibyte of items takes the memory of one", async () => {
  const MIB = 1024 * 1024;
  const block = Buffer.from(`"${"x".repeat(MIB / 4 - 3)}",`.repeat(4));
  const source = (async function* () {
    yield* streamOf('{"items":[');
    for (let blocks = 0; blocks < 1024; blocks += 1) yield* cut(block, 128 * 1024);
    yield* streamOf("0]}");
  })();
  const before = process.memoryUsage().rss;
  let [items, most] = [0, 0];
  for await (const item of jsonItems(source, { path: "items" })) {
    if (items % 64 === 0) most = Math.max(most, process.memoryUsage().rss - before);
    items += typeof item === "string" ? 1 : 0;
  }
  assert.equal(items, 4096);
  assert.ok(most < 256 * MIB, `${String(Math.round(most / MIB))} MiB`);
});
