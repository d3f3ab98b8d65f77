/** The types of a contract, held by the compiler alone: nothing here is run. */
import { defineApi, events, json, ndjson } from "@fairlead/rest";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";

const pet = z.object({ id: z.number(), name: z.string(), tag: z.string().optional() });

const pets = defineApi({
  title: "Pets",
  version: "1.0.0",
  operations: {
    listPets: {
      method: "GET",
      path: "/pets",
      query: z.object({ limit: z.coerce.number().optional() }),
      responses: { 200: z.array(pet) },
    },
    getPet: {
      method: "GET",
      path: "/pets/{petId}",
      responses: { 200: pet, 404: json(z.object({ detail: z.string() })) },
    },
    addPet: {
      method: "POST",
      path: "/pets",
      body: v.object({ name: v.string() }),
      responses: { 201: { headers: z.object({ location: z.string() }), content: pet }, 202: null },
    },
    dropPet: { method: "DELETE", path: "/pets/{petId}", params: type({ petId: "string" }), responses: { 204: null } },
    tail: { method: "GET", path: "/tail", responses: { 200: ndjson(pet) } },
    news: { method: "GET", path: "/news", responses: { 200: events(pet) } },
  },
});

/** Each line that should not compile says so. */
export async function callers(): Promise<void> {
  const client = pets.client({ base: "https://pets.example/" });
  const all: { id: number; name: string; tag?: string | undefined }[] = await client.listPets();
  all satisfies unknown;
  await client.listPets({ query: { limit: 3 } });
  // @ts-expect-error it has a query
  await client.listPets({ body: {} });
  // @ts-expect-error which pet?
  await client.getPet();
  (await client.getPet({ params: { petId: 3 } })).name satisfies string;
  const answer = await client.getPet({ params: { petId: 3 } }).response();
  if (answer.status === 404) answer.body.detail satisfies string;
  else answer.body.name satisfies string;
  // @ts-expect-error names are text
  await client.addPet({ body: { name: 3 } });
  const added = await client.addPet({ body: { name: "x" } });
  // @ts-expect-error a 202 has no content
  added.name satisfies string;
  // @ts-expect-error it is called petId
  await client.dropPet({ params: { id: "x" } });
  for await (const { name } of await client.tail()) name satisfies string;
  for await (const { data } of await client.news()) data.name satisfies string;
  // @ts-expect-error there is no such operation
  client.feedPet satisfies unknown;
}

/** Both ways that handlers may be. */
export function handlers(): void {
  const news = async function* (): AsyncGenerator<{ data: { id: number; name: string } }> {
    await Promise.resolve();
    yield { data: { id: 1, name: "x" } };
  };
  pets.server({
    listPets: ({ query }) => [{ id: query.limit ?? 1, name: "x" }],
    getPet: ({ params, answer }) => (params.petId === "1" ? { id: 1, name: "x" } : answer(404, { detail: "x" })),
    addPet: ({ body, answer }) => answer(201, { id: 1, name: body.name }, { location: "/x" }),
    dropPet: () => undefined,
    tail: () => [{ id: 1, name: "x" }],
    news,
  });
  pets.server({
    // @ts-expect-error the name is missing
    listPets: () => [{ id: 3 }],
    // @ts-expect-error it is called detail
    getPet: ({ answer }) => answer(404, { title: "x" }),
    // @ts-expect-error which of its two successes?
    addPet: () => ({ id: 1, name: "x" }),
    // @ts-expect-error it has no such status
    dropPet: ({ answer }) => answer(200),
    tail: () => [],
    news,
  });
  // @ts-expect-error the others are missing
  pets.server({ dropPet: () => undefined });
}
