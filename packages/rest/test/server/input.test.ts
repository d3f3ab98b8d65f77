import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { z } from "zod";
import { bytes, form, json, multipart, ndjson, text } from "../../src/contract/index.ts";
import { problemOf, serveOne } from "./served.ts";

const anything = z.unknown();
const id = { method: "GET", path: "/items/{id}" } as const;

describe("what a handler is given", () => {
  test("is what the schemas have made of path, query and fields", async () => {
    const served = serveOne(
      {
        ...id,
        params: z.object({ id: z.coerce.number().int() }),
        query: z.object({ limit: z.coerce.number().default(10), tag: z.array(z.string()).default([]) }),
        headers: z.object({ "x-trace": z.string().length(4) }),
        responses: { 200: anything },
      },
      ({ params, query, headers }) => ({ params, query, headers }),
    );
    const answer = await served.ask("/items/7?tag=a&tag=b", { headers: { "X-Trace": "abcd" } });
    assert.deepEqual(await answer.json(), {
      params: { id: 7 },
      query: { limit: 10, tag: ["a", "b"] },
      headers: { "x-trace": "abcd" },
    });
  });

  test("is text where there is no schema, looked at when somebody looks", async () => {
    const served = serveOne({ ...id, responses: { 200: anything } }, ({ params, query, headers }) => {
      const { id: own } = params;
      return { own, query, accept: headers.get("x-a") };
    });
    const answer = await served.ask("/items/a%2Fb?c=1&c=2", { headers: { "x-a": "1" } });
    assert.deepEqual(await answer.json(), { own: "a/b", query: { c: ["1", "2"] }, accept: "1" });
    const lazy = serveOne({ ...id, responses: { 200: anything } }, () => "never looked");
    assert.equal((await lazy.ask("/items/1?%")).status, 200);
    assert.equal((await served.ask("/items/1?%")).status, 400);
    assert.deepEqual([...lazy.errors, ...served.errors], []);
  });

  test("is a list of one where the schema takes a list", async () => {
    const query = z.object({ tag: z.array(z.string()).min(1), name: z.string().max(3) });
    const served = serveOne({ ...id, query, responses: { 200: anything } }, (call) => call.query);
    assert.deepEqual(await (await served.ask("/items/1?tag=a&name=b")).json(), { tag: ["a"], name: "b" });
    const problem = await problemOf(served.ask("/items/1?tag=a&name=abcd"));
    assert.deepEqual(problem["errors"], [
      { in: "query", pointer: "#/name", detail: "Too big: expected string to have <=3 characters" },
    ]);
  });

  test("may be checked asynchronously", async () => {
    const late = z.string().refine((value) => Promise.resolve(value === "yes"));
    const served = serveOne(
      {
        method: "POST",
        path: "/",
        query: z.object({ a: late }),
        body: z.object({ b: late }),
        responses: { 200: late },
      },
      ({ body }) => body.b,
    );
    assert.equal(await (await served.post("/?a=yes", { b: "yes" })).json(), "yes");
    assert.equal((await served.post("/?a=no", { b: "yes" })).status, 400);
    assert.equal((await served.post("/?a=yes", { b: "no" })).status, 422);
  });
});

describe("what is wrong with a request", () => {
  const served = serveOne(
    {
      method: "POST",
      path: "/items/{id}",
      params: z.object({ id: z.coerce.number() }),
      query: z.object({ limit: z.coerce.number() }),
      headers: z.object({ "x-key": z.string() }),
      body: z.object({ name: z.string(), "a/b": z.array(z.number()).default([]) }),
      responses: { 204: null },
    },
    () => undefined,
  );

  test("is told all at once, part by part, before its content is read", async () => {
    const problem = await problemOf(served.post("/items/x?limit=y", "{no JSON"));
    assert.deepEqual(
      { ...problem, errors: problem["errors"] },
      {
        type: "about:blank",
        title: "Bad Request",
        status: 400,
        detail: "the request does not keep to the contract; see errors",
        errors: [
          { in: "path", pointer: "#/id", detail: "Invalid input: expected number, received NaN" },
          { in: "query", pointer: "#/limit", detail: "Invalid input: expected number, received NaN" },
          { in: "header", pointer: "#/x-key", detail: "Invalid input: expected string, received undefined" },
        ],
      },
    );
  });

  const ask = (body: string, contentType = "application/json"): Promise<Response> =>
    served.ask("/items/1?limit=1", { method: "POST", body, headers: { "x-key": "k", "content-type": contentType } });

  test("is 422 where only its content breaks the contract", async () => {
    const { status, errors } = await problemOf(ask('{"a/b":[1,"two"]}'));
    assert.equal(status, 422);
    assert.deepEqual(errors, [
      { in: "body", pointer: "#/name", detail: "Invalid input: expected string, received undefined" },
      { in: "body", pointer: "#/a~1b/1", detail: "Invalid input: expected number, received string" },
    ]);
  });

  const contents: readonly (readonly [what: string, body: string, status: number, detail: string])[] = [
    ["no JSON", "{", 400, "the content is no JSON (it ends too early)"],
    [
      "two members of one name",
      '{"name":"a","name":"b"}',
      400,
      "an object of the JSON has two members of one name (the second one, line 1, column 13)",
    ],
    [
      "nesting without end",
      "[".repeat(300),
      400,
      "the JSON is nested too deeply (more than 256 levels, line 1, column 257)",
    ],
    ["no content", "", 400, "the content is missing"],
    ["a prototype", '{"name":"a","__proto__":{"admin":true}}', 400, "nothing may be called __proto__"],
    [
      "a prototype in disguise",
      '{"name":"a","\\u005f_proto__":{"admin":true}}',
      400,
      "nothing may be called __proto__",
    ],
  ];
  for (const [what, body, status, detail] of contents) {
    test(`is told of ${what}`, async () => {
      const problem = await problemOf(ask(body));
      assert.equal(problem["status"], status);
      assert.deepEqual(problem["errors"], [{ in: "body", detail }]);
    });
  }

  test("is listed up to a limit, whatever there is of it", async () => {
    const { errors } = await problemOf(
      ask(JSON.stringify({ name: "a", "a/b": Array.from({ length: 5_000 }, () => "x") })),
    );
    assert.ok(Array.isArray(errors));
    assert.equal(errors.length, 100);
  });

  test("is not handled twice, nor told to who runs the service", () => {
    assert.deepEqual(served.errors, []);
  });
});

describe("content", () => {
  const both = serveOne(
    {
      method: "POST",
      path: "/",
      body: [json(z.object({ a: z.string() })), form(z.object({ a: z.string() }))],
      responses: { 200: anything },
    },
    ({ body }) => body,
  );
  const send = (contentType: string | undefined, body: string, more: Record<string, string> = {}): Promise<Response> =>
    both.ask("/", {
      method: "POST",
      body: new TextEncoder().encode(body),
      headers: { ...more, ...(contentType !== undefined && { "content-type": contentType }) },
    });

  test("is read by its media type", async () => {
    assert.deepEqual(await (await send("application/json; charset=utf-8", '{"a":"1"}')).json(), { a: "1" });
    assert.deepEqual(await (await send("application/x-www-form-urlencoded", "a=1")).json(), { a: "1" });
  });

  test("is refused unread where it is something else, or does not say what it is", async () => {
    // What a page of another site may send unasked: JSON that calls itself text.
    for (const contentType of [
      "text/plain",
      "text/plain;application/json",
      "multipart/form-data",
      "application/jsonp",
      undefined,
    ]) {
      const answer = await send(contentType, '{"a":"1"}');
      assert.equal(answer.status, 415, contentType);
      assert.equal(answer.headers.get("accept-post"), "application/json, application/x-www-form-urlencoded");
    }
  });

  test("is refused encoded", async () => {
    const answer = await send("application/json", '{"a":"1"}', { "content-encoding": "gzip" });
    assert.equal(answer.status, 415);
    assert.equal(answer.headers.get("accept-encoding"), "identity");
  });

  test("may be missing where its schema says so", async () => {
    const served = serveOne(
      { method: "POST", path: "/", body: z.object({}).optional(), responses: { 200: anything } },
      ({ body }) => body === undefined,
    );
    assert.equal(await (await served.ask("/", { method: "POST" })).json(), true);
  });

  test("may be text, in the encoding that it says, and octets", async () => {
    const plain = serveOne(
      { method: "PUT", path: "/", body: text(), responses: { 200: anything } },
      ({ body }) => body,
    );
    const put = (contentType: string, body: Uint8Array<ArrayBuffer>): Promise<Response> =>
      plain.ask("/", { method: "PUT", body, headers: { "content-type": contentType } });
    assert.equal(await (await put("text/plain;charset=iso-8859-1", Uint8Array.of(0xfc))).json(), "ü");
    assert.equal((await put("text/plain", Uint8Array.of(0xfc))).status, 400);
    assert.equal((await put("text/plain;charset=klingon", Uint8Array.of(0x61))).status, 415);
    assert.equal(await (await plain.ask("/", { method: "PUT" })).json(), "");
    const octets = serveOne(
      { method: "PUT", path: "/", body: bytes("image/*"), responses: { 200: anything } },
      ({ body }) => [...body],
    );
    const image = { method: "PUT", body: Uint8Array.of(1, 2), headers: { "content-type": "image/png" } };
    assert.deepEqual(await (await octets.ask("/", image)).json(), [1, 2]);
  });

  test("has a limit, whatever its length says", async () => {
    const small = serveOne({ method: "POST", path: "/", body: anything, responses: { 204: null } }, () => undefined, {
      contentLimitBytes: 10,
    });
    assert.equal((await small.post("/", "12345678")).status, 204);
    assert.equal((await small.post("/", "12345678901")).status, 413);
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(8).fill(0x31)),
    });
    const init = {
      method: "POST",
      body: stream,
      duplex: "half",
      headers: { "content-type": "application/json" },
    } as const;
    assert.equal((await small.ask("/", init)).status, 413);
  });

  test("may be a form with files, which are read whole", async () => {
    const schema = z.object({ title: z.string(), files: z.array(z.file()) });
    const upload = serveOne(
      { method: "POST", path: "/", body: multipart(schema), responses: { 200: anything } },
      async ({ body }) => [
        body.title,
        ...(await Promise.all(body.files.map(async (file) => `${file.name} ${file.type} ${await file.text()}`))),
      ],
      { contentLimitBytes: 1_000 },
    );
    const data = new FormData();
    data.append("title", "Ü");
    data.append("files", new File(["one"], "a.txt", { type: "text/plain" }));
    const post = async (form: FormData): Promise<Response> => {
      const written = new Response(form);
      const headers = { "content-type": written.headers.get("content-type") ?? "" };
      return upload.ask("/", { method: "POST", body: await written.bytes(), headers });
    };
    assert.deepEqual(await (await post(data)).json(), ["Ü", "a.txt text/plain one"]);
    data.append("__proto__", "x");
    assert.equal((await post(data)).status, 400);
    data.append("files", new File(["x".repeat(1_000)], "b.txt"));
    assert.equal((await post(data)).status, 413);
    const cut = {
      method: "POST",
      body: "--b\r\ncontent-disposition: form-data; name=title\r\n\r\nx",
      headers: { "content-type": "multipart/form-data; boundary=b" },
    };
    assert.equal((await upload.ask("/", cut)).status, 400);
  });

  test("that comes line by line is checked line by line", async () => {
    const got: number[] = [];
    const served = serveOne(
      { method: "POST", path: "/", body: ndjson(z.object({ n: z.coerce.number() })), responses: { 200: anything } },
      async ({ body }) => {
        for await (const { n } of body) got.push(n);
        return got.length;
      },
    );
    const lines = (body: string): Promise<Response> =>
      served.ask("/", { method: "POST", body, headers: { "content-type": "application/x-ndjson" } });
    assert.equal(await (await lines('{"n":"1"}\n{"n":2}\n')).json(), 2);
    const { status, errors } = await problemOf(lines('{"n":3}\n{"n":"x"}\n{"n":4}\n'));
    assert.equal(status, 422);
    assert.deepEqual(errors, [
      { in: "body", pointer: "#/1/n", detail: "Invalid input: expected number, received NaN" },
    ]);
    assert.deepEqual(got, [1, 2, 3]);
    assert.equal((await lines('{"n":1}\n{no')).status, 400);
    assert.equal((await lines('{"n":1,"__proto__":{}}')).status, 400);
    assert.deepEqual(served.errors, []);
  });
});
