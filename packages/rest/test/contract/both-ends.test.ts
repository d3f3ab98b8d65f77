import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { ContentError, UsageError } from "@fairlead/core";
import {
  bytes,
  defineApi,
  events,
  form,
  json,
  multipart,
  ndjson,
  problem,
  StatusError,
  text,
  type ApiClient,
} from "@fairlead/rest";
import { serve, type RunningServer } from "@fairlead/server";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";

const pet = z.object({ id: z.number(), name: z.string() });

const pets = defineApi({
  title: "Pets",
  version: "1.0.0",
  operations: {
    listPets: {
      method: "GET",
      path: "/pets",
      query: z.object({ limit: z.coerce.number().max(100).default(20), tag: z.array(z.string()).optional() }),
      responses: { 200: z.array(pet) },
    },
    getPet: {
      method: "GET",
      path: "/pets/{petId}",
      responses: { 200: pet, 404: problem(z.object({ type: z.string(), title: z.string() })) },
    },
    addPet: {
      method: "POST",
      path: "/pets",
      headers: z.object({ "x-keeper": z.string() }),
      body: v.object({ name: v.string() }),
      responses: { 201: { headers: z.object({ location: z.string() }), content: pet } },
    },
    dropPet: { method: "DELETE", path: "/pets/{petId}", params: type({ petId: "string" }), responses: { 204: null } },
    label: { method: "PUT", path: "/label", body: text(), responses: { 200: text() } },
    photo: { method: "PUT", path: "/photo", body: bytes("image/png"), responses: { 200: bytes("image/png") } },
    adopt: {
      method: "POST",
      path: "/adoptions",
      body: form(z.object({ name: z.string(), day: z.array(z.string()) })),
      responses: { 200: json(z.unknown(), "application/vnd.pets+json") },
    },
    files: {
      method: "POST",
      path: "/files",
      body: multipart(z.object({ note: z.string(), file: z.instanceof(File) })),
      responses: { 200: z.object({ note: z.string(), name: z.string(), length: z.number() }) },
    },
    weigh: {
      method: "POST",
      path: "/weights",
      body: ndjson(z.object({ kilograms: z.number() })),
      responses: { 200: ndjson(z.object({ sum: z.number() })) },
    },
    news: { method: "GET", path: "/news", responses: { 200: events(pet) } },
  },
});

describe("one contract, both ends", () => {
  let manager: NetworkAccessManager;
  let running: RunningServer;
  let client: ApiClient<(typeof pets)["operations"]>;
  let served = 0;

  before(async () => {
    manager = await openNetworkAccessManager();
    const fetch = pets.server({
      listPets: ({ query }) =>
        Array.from({ length: Math.min(query.limit, 3) }, (_, id) => ({ id, name: (query.tag ?? []).join("+") })),
      getPet: ({ params, answer }) =>
        params.petId === "7"
          ? { id: 7, name: "Rex" }
          : answer(404, { type: "https://pets.example/none", title: `none is ${params.petId}` }),
      addPet: ({ body, headers, answer }) =>
        answer(201, { id: 8, name: `${body.name} of ${headers["x-keeper"]}` }, { location: "/pets/8" }),
      dropPet: () => undefined,
      label: ({ body }) => body.toUpperCase(),
      photo: ({ body }) => body,
      adopt: ({ body }) => body,
      files: async ({ body }) => ({ note: body.note, name: body.file.name, length: (await body.file.bytes()).length }),
      weigh: async function* ({ body }) {
        let sum = 0;
        for await (const { kilograms } of body) yield { sum: (sum += kilograms) };
      },
      news: async function* () {
        yield { data: { id: 1, name: "a\nb" }, event: "born", id: "e1" };
        yield { data: { id: 2, name: "c" } };
      },
    });
    running = await serve({
      port: 0,
      fetch: (request, context) => {
        served += 1;
        return fetch(request, context);
      },
    });
    client = pets.client({ base: running.url ?? "", manager });
  });

  after(async () => {
    await manager.close();
    await running.server.close();
  });

  it("carries queries, lists of one and of several included", async () => {
    assert.equal((await client.listPets()).length, 3);
    assert.deepEqual(await client.listPets({ query: { limit: 1, tag: ["x"] } }), [{ id: 0, name: "x" }]);
    assert.deepEqual(await client.listPets({ query: { limit: 1, tag: ["x", "y&z"] } }), [{ id: 0, name: "x+y&z" }]);
  });

  it("carries what is in a path, whatever it is", async () => {
    assert.deepEqual(await client.getPet({ params: { petId: 7 } }), { id: 7, name: "Rex" });
    const hostile = "a/../?b#c d\u00e9%2f";
    const answer = await client.getPet({ params: { petId: hostile } }).response();
    assert.equal(answer.status, 404);
    assert.deepEqual(answer.body, { type: "https://pets.example/none", title: `none is ${hostile}` });
  });

  it("gives answers of 400 and more by their status, and to who waits for a success as an error", async () => {
    const answer = await client.getPet({ params: { petId: "8" } }).response();
    if (answer.status !== 404) assert.fail("it is known");
    assert.equal(answer.body.title, "none is 8");
    await assert.rejects(Promise.resolve(client.getPet({ params: { petId: "8" } })), (error) => {
      assert.ok(error instanceof StatusError);
      assert.equal(error.status, 404);
      assert.equal(error.problem?.title, "none is 8");
      return true;
    });
  });

  it("carries JSON and fields, and gives the fields of the answer", async () => {
    const call = client.addPet({ body: { name: "Fido" }, headers: { "x-keeper": "Ada" } });
    const { status, headers, body } = await call.response();
    assert.deepEqual([status, headers.get("location"), body], [201, "/pets/8", { id: 8, name: "Fido of Ada" }]);
  });

  it("answers without content", async () => {
    const answer = await client.dropPet({ params: { petId: "7" } }).response();
    assert.deepEqual([answer.status, answer.body], [204, undefined]);
  });

  it("carries text, octets, forms and files", async () => {
    assert.equal(await client.label({ body: "caf\u00e9" }), "CAF\u00c9");
    assert.deepEqual(await client.photo({ body: Uint8Array.of(1, 2, 255) }), Buffer.of(1, 2, 255));
    assert.deepEqual(await client.adopt({ body: { name: "a&b", day: ["1", "2"] } }), { name: "a&b", day: ["1", "2"] });
    const file = new File(["12345"], 'a "b".txt', { type: "text/plain" });
    const filed = await client.files({ body: { note: "x", file } });
    assert.deepEqual(filed, { note: "x", name: 'a "b".txt', length: 5 });
  });

  it("streams both ways, item by item", async () => {
    const weights = [{ kilograms: 1 }, { kilograms: 2.5 }, { kilograms: 4 }];
    const sums: number[] = [];
    for await (const { sum } of await client.weigh({ body: weights })) sums.push(sum);
    assert.deepEqual(sums, [1, 3.5, 7.5]);
  });

  it("carries events", async () => {
    const all: unknown[] = [];
    for await (const { type: kind, data, lastEventId } of await client.news()) all.push([kind, data, lastEventId]);
    assert.deepEqual(all, [
      ["born", { id: 1, name: "a\nb" }, "e1"],
      ["message", { id: 2, name: "c" }, "e1"],
    ]);
  });

  it("sends nothing that breaks the contract", async () => {
    const before = served;
    const refused: [() => PromiseLike<unknown>, RegExp][] = [
      [() => client.listPets({ query: { limit: 101 } }), /listPets: query: limit: /],
      [() => client.addPet({ body: { name: 7 as never }, headers: { "x-keeper": "a" } }), /addPet: body: name: /],
      [() => client.addPet({ body: { name: "x" }, headers: {} as never }), /addPet: headers: x-keeper: /],
      [() => client.getPet({ params: { petId: {} as never } }), /getPet: params: petId has no form as text/],
      [() => client.label({ body: 7 as never }), /label: body: is not text/],
      [() => client.photo({ body: "x" as never }), /photo: body: is not octets/],
    ];
    for (const [call, message] of refused) {
      await assert.rejects(
        async () => await call(),
        (error) => {
          assert.ok(error instanceof UsageError, String(error));
          assert.match(error.message, message);
          return true;
        },
      );
    }
    assert.equal(served, before);
  });
});

describe("a server that breaks the contract", () => {
  let manager: NetworkAccessManager;
  let running: RunningServer;
  let client: ApiClient<(typeof pets)["operations"]>;
  let respond: () => Response;

  before(async () => {
    manager = await openNetworkAccessManager();
    running = await serve({ port: 0, fetch: () => respond() });
    client = pets.client({ base: running.url ?? "", manager });
  });

  after(async () => {
    await manager.close();
    await running.server.close();
  });

  const answers: readonly [what: string, response: () => Response, code: string, detail: RegExp][] = [
    ["another type", () => Response.json({ id: "7", name: "Rex" }), "CONTRACT_BROKEN", /getPet/],
    ["a status of its own", () => Response.json({ id: 7, name: "Rex" }, { status: 203 }), "CONTRACT_BROKEN", /203/],
    ["no content", () => new Response(null, { status: 204 }), "CONTRACT_BROKEN", /204/],
    [
      "a page for people",
      () => new Response("<html>", { headers: { "content-type": "text/html" } }),
      "CONTENT_TYPE_UNEXPECTED",
      /text\/html/,
    ],
    [
      "half of it",
      () => new Response('{"id":7,', { headers: { "content-type": "application/json" } }),
      "JSON_INVALID",
      /getPet/,
    ],
    [
      "a member twice",
      () => new Response('{"id":7,"id":8,"name":""}', { headers: { "content-type": "application/json" } }),
      "JSON_MEMBER_DUPLICATED",
      /getPet/,
    ],
  ];

  for (const [what, response, code, detail] of answers) {
    it(`is told of: ${what}`, async () => {
      respond = response;
      await assert.rejects(Promise.resolve(client.getPet({ params: { petId: 7 } })), (error) => {
        assert.ok(error instanceof ContentError, String(error));
        assert.equal(error.code, code);
        assert.equal(error.operation, "getPet");
        assert.match(error.message, detail);
        return true;
      });
    });
  }

  it("keeps all issues and the octets, and shows no octets unasked", async () => {
    respond = () => Response.json({ id: "secret-7" });
    const error = await client.getPet({ params: { petId: 7 } }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ContentError);
    assert.deepEqual(
      error.issues.map(({ path }) => path),
      [["id"], ["name"]],
    );
    assert.equal(Buffer.from(error.bytes ?? []).toString(), '{"id":"secret-7"}');
    assert.doesNotMatch(JSON.stringify(error) + String(error) + String(error.stack), /secret-7/);
  });

  it("ends a stream at the item that breaks it", async () => {
    respond = () => new Response('{"sum":1}\n{"sum":"2"}\n', { headers: { "content-type": "application/x-ndjson" } });
    const sums: number[] = [];
    await assert.rejects(
      async () => {
        for await (const { sum } of await client.weigh({ body: [] })) sums.push(sum);
      },
      { code: "CONTRACT_BROKEN" },
    );
    assert.deepEqual(sums, [1]);
  });
});
