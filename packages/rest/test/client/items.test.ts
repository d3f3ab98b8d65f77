import { ContentError } from "@fairlead/core";
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { startService, type Service } from "./service.ts";

/** Sends content piece by piece, each when it is asked to. */
function piecewise(
  contentType: string | undefined,
  pieces: AsyncIterable<string> | Iterable<string>,
): Promise<Service> {
  return startService(() => {
    const stream = ReadableStream.from(pieces).pipeThrough(new TextEncoderStream());
    return new Response(stream, contentType === undefined ? {} : { headers: { "content-type": contentType } });
  });
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const read: Item[] = [];
  for await (const item of items) read.push(item);
  return read;
}

for (const [contentType, content] of [
  ["application/json", '[1,{"a":2},"3"]'],
  ["application/hal+json; charset=utf-8", ' [ 1 , {"a":2},"3" ] '],
  [undefined, '[1,{"a":2},"3"]'],
  ["text/plain", '[1,{"a":2},"3"]'],
  ["application/x-ndjson", '1\n{"a":2}\n\n"3"'],
  ["application/jsonl", '1\r\n{"a":2}\r\n"3"\r\n'],
  ["application/json-seq", '\x1e1\n\x1e{"a":2}\n\x1e"3"\n'],
] as const) {
  test(`items of ${contentType ?? "content without a type"} are read`, async () => {
    await using service = await piecewise(contentType, [content]);
    assert.deepEqual(await all(service.client().get("x").items()), [1, { a: 2 }, "3"]);
  });
}

test("an item is there before the next one has come, and leaving the loop ends the request", async () => {
  const { promise: wanted, resolve: want } = Promise.withResolvers<undefined>();
  const { promise: left, resolve: onLeft } = Promise.withResolvers<undefined>();
  async function* pieces(): AsyncGenerator<string, void> {
    try {
      yield '{"data":{"items":[{"id":1},';
      await wanted;
      for (;;) yield '{"id":2},'.repeat(10_000);
    } finally {
      onLeft(undefined);
    }
  }
  await using service = await piecewise("application/json", pieces());
  const ids: unknown[] = [];
  const item = z.object({ id: z.number() });
  for await (const { id } of service.client().get("x").items({ path: "data.items", schema: item })) {
    ids.push(id);
    want(undefined);
    if (ids.length === 2) break;
  }
  assert.deepEqual(ids, [1, 2]);
  await left;
});

test("an item that breaks its schema, that is too large or that is no JSON is an error where it stands", async () => {
  await using service = await piecewise("application/x-ndjson", ['{"id":1}\n{"id":"two"}\n']);
  const read: unknown[] = [];
  await assert.rejects(
    async () => {
      const items = service
        .client()
        .get("x")
        .items({ schema: z.object({ id: z.number() }) });
      for await (const item of items) read.push(item);
    },
    { code: "CONTRACT_BROKEN" },
  );
  assert.deepEqual(read, [{ id: 1 }]);
  await assert.rejects(all(service.client().get("x").items({ itemLimitBytes: 8 })), { code: "CONTENT_LIMIT" });
  await using broken = await piecewise("application/x-ndjson", ["{\n"]);
  await assert.rejects(all(broken.client().get("x").items()), ContentError);
});

test("content of another type has no items", async () => {
  await using service = await piecewise("text/html", ["<p>[1,2]"]);
  await assert.rejects(all(service.client().get("x").items()), (error) => {
    assert(error instanceof ContentError);
    assert.equal(error.code, "CONTENT_TYPE_UNEXPECTED");
    assert.equal(Buffer.from(error.bytes ?? []).toString(), "<p>[1,2]");
    return true;
  });
});
