import { importOpenApi } from "@fairlead/rest/openapi";
import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { z } from "zod";
import { runSource } from "./imported-module.ts";

type Json = Readonly<Record<string, unknown>>;

const info = { title: "T", version: "1" };

function documentOf(schemas: Json, paths: Json = {}): string {
  return JSON.stringify({ openapi: "3.1.0", info, paths, components: { schemas } });
}

/** What would run, if any of it did. */
const payloads = [
  '"); globalThis.owned = true; ("',
  "`${globalThis.owned = true}`",
  "*/ globalThis.owned = true; /*",
  "\n globalThis.owned = true; //",
  "\u2028globalThis.owned = true;//",
  '\\"); globalThis.owned = true; //',
  "'+(globalThis.owned=true)+'",
  "'\"); globalThis.owned = true; (\"'",
  "\"''); globalThis.owned = true; (''\"",
  "__proto__",
  "constructor",
  "/*/ globalThis.owned = true; /*/",
  "\u202Egnp.exe",
  "then",
];

describe("importOpenApi", () => {
  for (const payload of payloads) {
    test(`runs nothing of a document that has ${JSON.stringify(payload)} wherever there is text`, async () => {
      const schema = {
        ...{ type: "object", title: payload, description: payload, "x-note": payload, default: payload },
        properties: {
          [payload]: { type: "string", enum: [payload, "b"], default: payload, pattern: payload, format: payload },
        },
        required: [payload],
        examples: [{ [payload]: payload }],
        additionalProperties: { const: payload },
      };
      const operation = {
        ...{ operationId: payload, summary: payload, description: payload, tags: [payload] },
        parameters: [
          { name: payload, in: "query", description: payload, schema: { type: "string", default: payload } },
          { name: "id", in: "path", required: true, schema: { $ref: `#/components/schemas/${pointerToken(payload)}` } },
        ],
        requestBody: { content: { "application/json": { schema }, [payload]: { schema }, [`text/${payload}`]: {} } },
        responses: { 200: { description: payload, headers: { [payload]: { schema } } }, [payload]: {} },
        [payload]: payload,
      };
      const text = JSON.stringify({
        openapi: `3.1.0-${payload}`,
        info: { title: payload, version: payload, description: payload },
        servers: [{ url: payload }],
        tags: [{ name: payload }],
        paths: Object.fromEntries([
          ["/a/{id}", { post: operation }],
          [`/${payload}`, { get: operation }],
        ]),
        components: { schemas: Object.fromEntries([[payload, schema]]) },
      });
      const { source } = await importOpenApi(text);
      assert.doesNotMatch(source, /[\u2028\u2029\u202A-\u202E\u2066-\u2069]/);
      const { api } = await runSource(source);
      assert.ok(!("owned" in globalThis));
      assert.equal(api.title, payload);
      assert.equal(Object.values(api.operations)[0]?.summary, payload);
      assert.equal(({} as Json)["polluted"], undefined);
    });
  }

  test("has the component take what its schema takes, and nothing else", async () => {
    const { source } = await importOpenApi(
      documentOf({
        Node: {
          type: "object",
          properties: {
            id: { type: "integer", minimum: 1 },
            kind: { type: "string", enum: ["a", "b"] },
            note: { type: ["string", "null"], maxLength: 3 },
            children: { type: "array", items: { $ref: "#/components/schemas/Node" }, maxItems: 2 },
            other: {
              oneOf: [{ type: "string" }, { type: "object", properties: { x: { const: 1 } }, required: ["x"] }],
            },
          },
          required: ["id", "kind"],
          additionalProperties: false,
        },
        Circle: { anyOf: [{ type: "string" }, { type: "array", items: { $ref: "#/components/schemas/Circle" } }] },
      }),
    );
    const { Node, Circle } = (await runSource(source)) as unknown as Record<"Node" | "Circle", z.ZodType>;
    const node = { id: 1, kind: "a" };
    for (const sound of [node, { ...node, note: null, children: [node], other: { x: 1 } }]) {
      assert.ok(Node.safeParse(sound).success, JSON.stringify(sound));
    }
    for (const faulty of [
      { id: 0, kind: "a" },
      { id: 1 },
      { ...node, kind: "c" },
      { ...node, note: "long" },
      { ...node, children: [node, node, node] },
      { ...node, children: [{ id: 1 }] },
      { ...node, other: { x: 2 } },
      { ...node, more: 1 },
    ]) {
      assert.ok(!Node.safeParse(faulty).success, JSON.stringify(faulty));
    }
    assert.ok(Circle.safeParse([["a"], []]).success);
    assert.ok(!Circle.safeParse([[1]]).success);
  });

  test("reads of an address what is text there", async () => {
    const parameter = (name: string, schema: Json) => ({ name, in: "query", schema });
    const { source } = await importOpenApi(
      documentOf(
        { Level: { type: "integer", enum: [1, 2] } },
        {
          "/x": {
            get: {
              operationId: "find",
              parameters: [
                parameter("limit", { type: "integer", default: 20, maximum: 100 }),
                parameter("all", { type: "boolean" }),
                parameter("tag", { type: "array", items: { type: "string" } }),
                parameter("level", { $ref: "#/components/schemas/Level" }),
              ],
              responses: { 204: { description: "none" } },
            },
          },
        },
      ),
    );
    const { api } = await runSource(source);
    const query = api.operations["find"]?.query as z.ZodType | undefined;
    assert.ok(query);
    assert.deepEqual(query.parse({}), { limit: 20 });
    assert.deepEqual(query.parse({ limit: "7", all: "true", tag: "a", level: "2" }), {
      ...{ limit: 7, all: true, tag: ["a"], level: 2 },
    });
    assert.deepEqual(query.parse({ tag: ["a", "b"] }), { limit: 20, tag: ["a", "b"] });
    for (const faulty of [{ limit: "101" }, { limit: "x" }, { all: "yes" }, { level: "3" }]) {
      assert.ok(!query.safeParse(faulty).success, JSON.stringify(faulty));
    }
  });

  const refused: readonly (readonly [what: string, text: string, code: string, message: RegExp])[] = [
    ["no document", "[]", "OPENAPI_INVALID", /it is no object/],
    ["text that is neither JSON nor YAML", "{", "OPENAPI_INVALID", /JSON/],
    [
      "a member that is there twice",
      '{"openapi":"3.1.0","openapi":"3.0.0"}',
      "OPENAPI_INVALID",
      /two members of one name/,
    ],
    ["version 2.0", '{"swagger":"2.0"}', "OPENAPI_UNSUPPORTED", /version 2\.0.*swagger2openapi/],
    ["version 4", '{"openapi":"4.0.0"}', "OPENAPI_UNSUPPORTED", /version 4\.0\.0/],
    [
      "a reference to another document",
      documentOf({ A: { type: "array", items: { $ref: "https://elsewhere.example/a.json" } } }),
      "OPENAPI_UNSUPPORTED",
      /another document.*bundle/,
    ],
    [
      "a reference to nothing",
      documentOf({ A: { allOf: [{ $ref: "#/components/schemas/B" }] } }),
      "OPENAPI_INVALID",
      /not there/,
    ],
    [
      "references that lead to each other",
      documentOf({}, { "/x": { $ref: "#/paths/~1y" }, "/y": { $ref: "#/paths/~1x" } }),
      "OPENAPI_INVALID",
      /lead to each other/,
    ],
    [
      "too deep a nesting",
      `{"openapi":"3.1.0","info":${"[".repeat(5_000)}${"]".repeat(5_000)}}`,
      "OPENAPI_INVALID",
      /nested too deeply/,
    ],
    ["a laugh of a billion aliases", laughs(), "OPENAPI_INVALID", /alias/],
    ["references that double on each step", doubling(), "OPENAPI_INVALID", /too large once references are followed/],
  ];
  for (const [what, text, code, message] of refused) {
    test(`refuses ${what}`, async () => {
      await assert.rejects(importOpenApi(text), { name: "ContentError", code, message });
    });
  }

  test("refuses a document that is larger than it may be", async () => {
    await assert.rejects(importOpenApi(documentOf({}), { sizeLimit: 10 }), {
      code: "OPENAPI_INVALID",
      message: /larger than 10/,
    });
  });

  test("tells of all that a contract has no words for", async () => {
    const { warnings } = await importOpenApi(
      JSON.stringify({
        openapi: "3.1.0",
        info: { ...info, license: { name: "MIT" } },
        webhooks: {},
        security: [],
        paths: {
          "/files/{name}.json": { get: { responses: {} } },
          "/x": {
            trace: {},
            get: { callbacks: {}, parameters: [{ name: "c", in: "cookie" }], responses: { "4XX": {} } },
          },
        },
        components: { securitySchemes: {}, schemas: { A: { type: "array", uniqueItems: true, contains: {} } } },
      }),
    );
    assert.deepEqual(warnings.map(({ kind, pointer }) => `${kind} ${pointer}`).sort(), [
      "changed /paths/~1x/get",
      "left-out /components/schemas/A",
      "left-out /components/securitySchemes",
      "left-out /info/license",
      "left-out /paths/~1files~1{name}.json",
      "left-out /paths/~1x/get/callbacks",
      "left-out /paths/~1x/get/parameters/0",
      "left-out /paths/~1x/get/responses/4XX",
      "left-out /paths/~1x/trace",
      "left-out /security",
      "left-out /webhooks",
      "unchecked /components/schemas/A",
    ]);
  });

  test("whatever the document is, there is a contract or a ContentError", async () => {
    const word = fc.constantFrom(
      "type",
      "properties",
      "items",
      "$ref",
      "enum",
      "allOf",
      "get",
      "responses",
      "200",
      "content",
      "schema",
      "in",
      "name",
      "/x",
      "application/json",
      "default",
      "pattern",
    );
    const leaf = fc.oneof(
      fc.constantFrom<unknown>("string", "object", "#/components/schemas/A", "#", "(", -1, 1e400, null, true),
      fc.string(),
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(word, tie("tree"), { maxKeys: 4 }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(tree, tree, async (schema, item) => {
        try {
          const { source } = await importOpenApi(documentOf({ A: schema }, { "/x": item }));
          assert.match(source, /^export const api = defineApi\(\{$/m);
        } catch (error) {
          assert.equal((error as Error).name, "ContentError", String((error as Error).stack));
        }
      }),
      { numRuns: 300 },
    );
  });
});

function pointerToken(name: string): string {
  return encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));
}

function laughs(): string {
  const lines = Array.from({ length: 12 }, (_, index) => {
    const before = Array.from({ length: 9 }, () => `*a${index.toString()}`).join(", ");
    return `a${(index + 1).toString()}: &a${(index + 1).toString()} [${before}]`;
  });
  return ["openapi: 3.1.0", "a0: &a0 [lol]", ...lines].join("\n");
}

/** Each refers twice to the next, by a way that has no name. */
function doubling(): string {
  const parts = Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => {
      const next = { $ref: `#/components/x-parts/p${(index + 1).toString()}` };
      return [`p${index.toString()}`, { type: "object", properties: { a: next, b: next } }];
    }),
  );
  const components = {
    "x-parts": { ...parts, p30: {} },
    schemas: { A: { allOf: [{ $ref: "#/components/x-parts/p0" }] } },
  };
  return JSON.stringify({ openapi: "3.1.0", info, paths: {}, components });
}

describe("a document that is large on purpose", () => {
  const many = Array.from({ length: 20_000 }, (_, index) => index);
  // Each took minutes when names were compared with each other, one by one.
  for (const [name, text] of [
    ["components", documentOf(Object.fromEntries(many.map((index) => [`a${String(index)}`, {}])))],
    [
      "components of one name",
      documentOf(
        Object.fromEntries(
          many.map((index) => [`a${index.toString(2).replaceAll("0", "-").replaceAll("1", ".")}`, {}]),
        ),
      ),
    ],
    [
      "items of an enumeration",
      documentOf({ a: { enum: many.flatMap(() => Array.from({ length: 10 }, () => ({}))) } }),
    ],
    [
      "members in YAML",
      `openapi: 3.1.0\ninfo: {title: T, version: "1"}\npaths: {}\nx-a:\n${many.map((index) => `  a${String(index)}: 1`).join("\n")}`,
    ],
  ] as const) {
    test(`of ${name} is imported in the time that reading it takes`, { timeout: 20_000 }, async () => {
      assert.match((await importOpenApi(text)).source, /defineApi/);
    });
  }

  test("by what a thousand components refer to is looked through once", { timeout: 20_000 }, async () => {
    const shared = { ...(JSON.parse(documentOf({})) as Json), "x-shared": { enum: many } };
    const schemas = Object.fromEntries(
      many.slice(0, 1_000).map((index) => [`a${String(index)}`, { not: { items: { $ref: "#/x-shared" } } }]),
    );
    const { source } = await importOpenApi(JSON.stringify({ ...shared, components: { schemas } }));
    assert.match(source, /export const A999 = /);
  });
});

test("components that refer to each other by way of what has no name are a circle", async () => {
  const document = JSON.parse(
    documentOf({ Tree: { type: "object", properties: { left: { $ref: "#/x-tree" } } } }),
  ) as Json;
  const tree = { "x-tree": { type: "object", properties: { tree: { $ref: "#/components/schemas/Tree" } } } };
  const { source } = await importOpenApi(JSON.stringify({ ...document, ...tree }));
  assert.match(source, /get left\(\)|get tree\(\)/);
});

for (const text of ["info: {title: T, version: '1', title: U}", "info: {title: T}\ninfo: {title: U}"]) {
  test(`a name that is there twice in YAML is refused: ${JSON.stringify(text)}`, async () => {
    await assert.rejects(importOpenApi(`openapi: 3.1.0\npaths: {}\n${text}\n`), { code: "OPENAPI_INVALID" });
  });
}
