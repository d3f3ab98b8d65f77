import { ContentError } from "@fairlead/core";
import type { Call } from "@fairlead/rest/client";
import assert from "node:assert/strict";
import { test } from "node:test";
import { startService, type Service } from "./service.ts";

/** Answers with content of a type, and tells what it was asked for in. */
async function answering(contentType: string, content: string | Uint8Array<ArrayBuffer>): Promise<Service> {
  return startService((request) => {
    const headers = { "content-type": contentType, "x-accept": request.headers.get("accept") ?? "" };
    return new Response(content, { headers });
  });
}

test("XML is read to its root element", async () => {
  await using service = await answering("application/xml", '<?xml version="1.0"?><a b="c"><d>&lt;e</d></a>');
  const root = await service.client().get("x").xml();
  assert.deepEqual([root.name, { ...root.attributes }, root.text], ["a", { b: "c" }, "<e"]);
});

test("lenient JSON says what it forgave", async () => {
  await using service = await answering("application/json", "\ufeff{'a': 1, // one\n}");
  const { value, forgiven } = await service.client().get("x").lenientJson();
  assert.deepEqual(value, { a: 1 });
  assert.deepEqual(
    new Set(forgiven.map(({ what }) => what)),
    new Set(["byte-order-mark", "single-quotes", "comment", "trailing-comma"]),
  );
});

test("text is in the charset that it says", async () => {
  await using service = await answering("text/plain; charset=iso-8859-1", Uint8Array.of(0xe4, 0x21));
  assert.equal(await service.client().get("x").text(), "ä!");
});

for (const [name, contentType, content, read, code] of [
  ["what is cut", "application/json", '{"a":', (call) => call.json(), "JSON_INVALID"],
  ["two members of one name", "application/json", '{"a":1,"a":2}', (call) => call.json(), "JSON_MEMBER_DUPLICATED"],
  ["deep nesting", "application/json", "[".repeat(100_000), (call) => call.json(), "JSON_TOO_DEEP"],
  ["another charset", "application/json", Uint8Array.of(0x22, 0xe4, 0x22), (call) => call.json(), "CHARSET_VIOLATED"],
  ["an unknown charset", "text/plain; charset=klingon", "a", (call) => call.text(), "CHARSET_UNSUPPORTED"],
  ["a page", "text/html", "<html/>", (call) => call.xml(), "CONTENT_TYPE_UNEXPECTED"],
  ["a page", "text/html; charset=utf-8", "[1]", (call) => call.lenientJson(), "CONTENT_TYPE_UNEXPECTED"],
  ["a page", "text/html", "a=b", (call) => call.form(), "CONTENT_TYPE_UNEXPECTED"],
  ["entities of its own", "text/xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', (call) => call.xml(), "XML_INVALID"],
] as readonly (readonly [
  string,
  string,
  string | Uint8Array<ArrayBuffer>,
  (call: Call) => Promise<unknown>,
  string,
])[]) {
  test(`${name} as ${contentType} is ${code}, with what came`, async () => {
    await using service = await answering(contentType, content);
    await assert.rejects(read(service.client().get("x")), (error) => {
      assert(error instanceof ContentError);
      assert.deepEqual([error.code, error.peer], [code, new URL(service.origin).host]);
      assert.deepEqual(
        Buffer.from(error.bytes ?? []),
        Buffer.from(typeof content === "string" ? Buffer.from(content) : content),
      );
      return true;
    });
  });
}

for (const [name, accept, read] of [
  ["json", "application/json", (call) => call.json()],
  ["lenientJson", "application/json", (call) => call.lenientJson()],
  ["text", "*/*", (call) => call.text()],
  ["bytes", "*/*", (call) => call.bytes()],
  ["stream", "*/*", (call) => call.stream()],
  ["xml", "application/xml, text/xml;q=0.9", (call) => call.xml()],
  ["form", "application/x-www-form-urlencoded", (call) => call.form()],
  ["items", "application/x-ndjson, application/json;q=0.9", (call) => call.items()],
  ["events", "text/event-stream", (call) => call.events()],
] as readonly (readonly [string, string, (call: Call) => unknown])[]) {
  test(`${name} asks for ${accept}`, async () => {
    await using service = await answering("application/octet-stream", "");
    const call = service.client().get("x");
    void Promise.resolve(read(call)).catch(() => undefined);
    assert.equal((await call).headers.get("x-accept"), accept);
  });
}
