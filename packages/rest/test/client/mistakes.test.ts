import assert from "node:assert/strict";
import { test } from "node:test";
import { serve } from "@fairlead/server";
import { z } from "zod";
import { bearer, restClient, StatusError, type CallOptions } from "../../src/index.ts";

const client = restClient({ base: "https://api.example/v1" });

const mistakes: readonly (readonly [what: string, mistake: () => unknown, message: RegExp])[] = [
  ["a base without its scheme", () => restClient({ base: "api.example" }), /\(base\); give a whole URL/],
  [
    "a base that begins with a host and a port",
    () => restClient({ base: "localhost:80" }),
    /\(base\); give a whole URL/,
  ],
  ["a token that is empty", () => bearer(""), /\(the token\); it is empty/],
  ["a token with its scheme", () => bearer("Bearer t0ken"), /\(the token\); give it alone, without 'Bearer'/],
  ["a name written as :name", () => client.get("users/:id", { params: { id: 7 } }), /\(params\); write \{name\}/],
  ["a query as text", () => client.get("users", wrong({ query: "a=1" })), /\(query\); give an object/],
  ["a query of the web's", () => client.get("users", wrong({ query: new URLSearchParams("a=1") })), /\(query\); give/],
  ["a date in a query", () => client.get("users", wrong({ query: { since: new Date(0) } })), /\(query\.since\); give/],
  [
    "a number as a field",
    () => client.get("users", wrong({ headers: { "X-Page": 7 } })),
    /\(headers: X-Page\); give text/,
  ],
  [
    "a value as the body",
    () => client.post("users", wrong({ body: { name: "Ada" } })),
    /\(body\); .* a value goes as json/,
  ],
];

for (const [what, mistake, message] of mistakes) {
  test(`${what} is refused before anything is sent, by words that name what to give`, async () => {
    await assert.rejects(async () => mistake(), { name: "UsageError", message });
  });
}

/** Options as somebody gives them who has no types. */
function wrong(options: object): CallOptions {
  return options;
}

test("errors say in their message what the problem is called, and which members break a schema", async (t) => {
  const problem = { title: `no such pet\u001b[2J${"!".repeat(5_000)}`, detail: "sk_secret is not among them" };
  const { url = "", server } = await serve({
    port: 0,
    fetch: (request) =>
      request.url.endsWith("/problem")
        ? Response.json(problem, { status: 404, headers: { "content-type": "application/problem+json" } })
        : Response.json({ id: "seven", agent: request.headers.get("user-agent") }),
  });
  t.after(() => server.close());
  const pets = restClient({ base: url });
  await assert.rejects(pets.get("problem").json(), (error: unknown) => {
    assert.ok(error instanceof StatusError);
    assert.match(error.message, /\(status 404, no such pet\\u\{1b\}\[2J!+\)/);
    assert.ok(error.message.length < 500 && !error.message.includes("sk_secret"));
    return true;
  });
  const pet = z.object({ id: z.number(), name: z.string(), born: z.string(), legs: z.number(), agent: z.string() });
  await assert.rejects(pets.get("pet").json(pet), { message: /\(id: .+; name: .+; born: .+; and 1 more\)/ });
  assert.partialDeepStrictEqual(await pets.get("pet").json(), { agent: "fairlead" });
});
