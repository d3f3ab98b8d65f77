import { Validator } from "@seriousme/openapi-schema-validator";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ApiDefinition, Operation } from "@fairlead/rest";
import { describeApi, type OpenApiOptions } from "@fairlead/rest/openapi";
import * as v from "valibot";
import { z } from "zod";
import { library } from "./library-api.ts";

describe("describeApi", () => {
  test("gives a document that OpenAPI 3.1 allows, of schemas of three libraries", async () => {
    const document = describeApi(library, { servers: ["https://library.example/v1"] });
    const { valid, errors } = await new Validator().validate(plain(document));
    assert.deepEqual(errors ?? [], []);
    assert.ok(valid);
    assert.deepEqual(document.info, { title: "Library", version: "1.4.0", description: "Books, and who has them" });
    assert.deepEqual(document.servers, [{ url: "https://library.example/v1" }]);
    assert.deepEqual(document.tags, [{ name: "books" }]);
    assert.deepEqual(Object.keys(document.paths["/books"] ?? {}), ["get", "post"]);
  });

  test("gives the same document for the same contract, to the octet", () => {
    assert.equal(JSON.stringify(describeApi(library)), JSON.stringify(describeApi(library)));
  });

  test("makes a parameter of each member: what it is called, whether it is needed, how a list is written", () => {
    const { parameters } = operation(library, "listBooks");
    assert.deepEqual(parameters, [
      {
        name: "limit",
        in: "query",
        description: "how many",
        schema: { type: "integer", minimum: 1, maximum: 100, default: 20 },
      },
      { name: "tag", in: "query", style: "form", explode: true, schema: { type: "array", items: { type: "string" } } },
      { name: "x-reader", in: "header", schema: { type: "string" } },
    ]);
  });

  test("takes names of a path that no schema speaks of for text", () => {
    assert.deepEqual(operation(library, "removeBook").parameters, [
      { name: "id", in: "path", required: true, schema: { type: "string" } },
    ]);
  });

  test("says a schema with a name once, and refers to it", () => {
    const { components, paths } = describeApi(library);
    assert.deepEqual(Object.keys(components?.schemas ?? {}), ["Book", "ShelvesResponse200", "Problem"]);
    const reference = { $ref: "#/components/schemas/Book" };
    assert.deepEqual(paths["/books"]?.["post"]?.requestBody?.content, { "application/json": { schema: reference } });
    assert.deepEqual(response(library, "listBooks", 200)["content"], {
      "application/json": { schema: { type: "array", items: reference } },
    });
  });

  test("names a schema that contains itself after where it is", () => {
    assert.deepEqual(describeApi(library).components?.schemas?.["ShelvesResponse200"], {
      type: "object",
      properties: {
        name: { type: "string" },
        shelves: { type: "array", items: { $ref: "#/components/schemas/ShelvesResponse200" } },
      },
      required: ["name", "shelves"],
    });
  });

  test("numbers the second of two schemas that have one name and are not the same", () => {
    const { components, paths } = describeApi(
      apiOf({
        one: get("/one", z.object({ a: z.string() }).meta({ id: "Same" })),
        two: get("/two", z.object({ b: z.string() }).meta({ id: "Same" })),
        three: get("/three", z.object({ a: z.string() }).meta({ id: "Same" })),
      }),
    );
    assert.deepEqual(Object.keys(components?.schemas ?? {}), ["Same", "Same2", "Problem"]);
    assert.deepEqual(
      Object.values(paths).map(({ get }) => get?.responses["200"]),
      ["Same", "Same2", "Same"].map((name) => ({
        description: "OK",
        content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } },
      })),
    );
  });

  test("offers each media type, and none for octets but their name", () => {
    assert.deepEqual(Object.keys(response(library, "readBook", 200)["content"] ?? {}), [
      "application/json",
      "text/markdown",
    ]);
    assert.deepEqual(response(library, "readCover", 200)["content"], { "image/png": {} });
    assert.deepEqual(response(library, "readBook", 304), { description: "Not Modified" });
  });

  test("answers with problem details whatever a contract does not list (RFC 9457)", () => {
    const { responses } = operation(library, "addBook");
    assert.deepEqual(responses["default"], { $ref: "#/components/responses/Problem" });
    assert.deepEqual(Object.keys(response(library, "addBook", 409)["content"] ?? {}), ["application/problem+json"]);
  });

  test("describes the fields of an answer", () => {
    assert.deepEqual(response(library, "listBooks", 200)["headers"], {
      link: { schema: { type: "string" } },
      "x-total": {
        required: true,
        schema: { type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
      },
    });
  });

  const refused: readonly (readonly [what: string, operations: ApiDefinition["operations"], message: RegExp])[] = [
    [
      "a schema whose library has no JSON Schema of it",
      { save: { ...get("/save", null), body: v.object({ a: v.string() }) } },
      /describe body of save: .*schemas of valibot do not say what they are.*toStandardJsonSchema/,
    ],
    [
      "a schema that JSON Schema has no words for",
      { when: get("/when", z.object({ at: z.date() })) },
      /describe response 200 of when: .*Date cannot be represented.*z\.iso\.datetime/,
    ],
    [
      "a query that is no object",
      { find: { ...get("/find", null), query: z.string() } },
      /describe query of find: .*not the schema of an object/,
    ],
    [
      "two operations of one method and path",
      { one: get("/same", null), two: get("/same", null) },
      /describe two: .*GET \/same is one already/,
    ],
  ];
  for (const [what, operations, message] of refused) {
    test(`refuses ${what}, and says where and what helps`, () => {
      assert.throws(() => describeApi(apiOf(operations)), { name: "UsageError", code: "OPTION_INVALID", message });
    });
  }

  test("asks the application for the JSON Schema first", () => {
    const when = z.date();
    const jsonSchema: OpenApiOptions["jsonSchema"] = (schema, side) =>
      schema === when && side === "input" ? { type: "string", format: "date-time" } : undefined;
    const { paths } = describeApi(apiOf({ when: get("/when", when) }), { jsonSchema });
    assert.deepEqual(paths["/when"]?.["get"]?.responses["200"], {
      description: "OK",
      content: { "application/json": { schema: { type: "string", format: "date-time" } } },
    });
  });

  test("splits objects that are put together, and choices between objects, into their members", () => {
    const query = z.union([
      z.object({ a: z.string(), b: z.string() }),
      z.object({ a: z.int(), b: z.string().optional() }),
    ]);
    const { parameters } = operation(apiOf({ find: { ...get("/find", null), query } }), "find");
    assert.deepEqual(
      parameters?.map(({ name, required }) => [name, required]),
      [
        ["a", true],
        ["b", undefined],
      ],
    );
  });

  test("keeps names that objects have by themselves", () => {
    const body = z.object({ ["__proto__"]: z.string(), constructor: z.int().min(0).max(1) });
    const { paths } = describeApi(apiOf({ save: { ...get("/save", null), method: "POST", body } }));
    const schema = paths["/save"]?.["post"]?.requestBody?.content["application/json"]?.schema;
    assert.deepEqual(Object.keys(schema?.["properties"] ?? {}), ["__proto__", "constructor"]);
  });
});

function get(path: `/${string}`, content: Operation["responses"][number]): Operation {
  return { method: "GET", path, responses: { 200: content } };
}

function apiOf(operations: ApiDefinition["operations"]): ApiDefinition {
  return { title: "T", version: "1", operations };
}

function operation(api: ApiDefinition, name: string) {
  const all = Object.values(describeApi(api).paths).flatMap((item) => Object.values(item));
  const found = all.find(({ operationId }) => operationId === name);
  assert.ok(found);
  return found;
}

function response(api: ApiDefinition, name: string, status: number): Readonly<Record<string, unknown>> {
  const found = operation(api, name).responses[status];
  assert.ok(found);
  return { ...found };
}

/** As it is sent. */
function plain(document: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(document)) as Record<string, unknown>;
}
