/**
 * A service and those who ask it, from one contract: what it is called, what it takes, what it answers.
 *
 * `curl` asks it as well as its own client, and `/docs` is a page to try it.
 */
import { defineApi, problem, StatusError } from "fairlead/rest";
import { serve } from "fairlead/server";
import { z } from "zod";

const pet = z.object({ id: z.number(), name: z.string() });
const noSuchPet = problem(z.object({ type: z.literal("https://pets.example/no-such-pet"), title: z.string() }));

const pets = defineApi({
  title: "Pets",
  version: "1.0.0",
  operations: {
    listPets: {
      method: "GET",
      path: "/pets",
      query: z.object({ limit: z.coerce.number().max(100).default(20) }),
      responses: { 200: z.array(pet) },
    },
    getPet: { method: "GET", path: "/pets/{petId}", responses: { 200: pet, 404: noSuchPet } },
    addPet: { method: "POST", path: "/pets", body: pet.omit({ id: true }), responses: { 201: pet } },
  },
});

const known = new Map([[1, { id: 1, name: "Rex" }]]);

const fetch = pets.server({
  listPets: ({ query }) => [...known.values()].slice(0, query.limit),
  getPet: ({ params, answer }) =>
    known.get(Number(params.petId)) ??
    answer(404, { type: "https://pets.example/no-such-pet", title: "there is no such pet" }),
  addPet: ({ body }) => {
    const added = { id: known.size + 1, ...body };
    known.set(added.id, added);
    return added;
  },
});

const { url = "", server } = await serve({ fetch, port: 0 });
const client = pets.client({ base: url });

console.log("added", await client.addPet({ body: { name: "Fido" } }));
console.log("all", await client.listPets());

// A success is what a call gives; all of the contract's answers are told apart by their status.
const answer = await client.getPet({ params: { petId: 7 } }).response();
console.log(answer.status, answer.status === 404 ? answer.body.title : answer.body.name);

// Whoever does not have the contract gets problem details: all that is wrong, at once.
try {
  await client.getPet({ params: { petId: 7 } });
} catch (error) {
  if (error instanceof StatusError) console.log(error.message, error.problem);
}
await server.close();
