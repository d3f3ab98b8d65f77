import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { RequestContext } from "@fairlead/server";
import { z } from "zod";
import { apiServer, Problem } from "../../src/server/index.ts";

const context = {} as RequestContext;

describe("a served contract", () => {
  test("calls the handler with what the schemas have made, and checks what it gives", async () => {
    const fetch = apiServer(
      {
        title: "Users",
        version: "1",
        operations: {
          rename: {
            method: "POST",
            path: "/users/{id}",
            params: z.object({ id: z.coerce.number() }),
            query: z.object({ tag: z.array(z.string()).default([]) }),
            body: z.object({ name: z.string() }),
            responses: { 200: z.object({ id: z.number(), name: z.string(), tags: z.array(z.string()) }) },
          },
        },
      },
      {
        rename: ({ params, query, body }) => {
          if (body.name === "taken") throw new Problem(409, { detail: "that name is taken" });
          return { id: params.id, name: body.name, tags: query.tag };
        },
      },
    );
    const ask = (url: string, body: string): Promise<Response> | Response =>
      fetch(new Request(url, { method: "POST", body, headers: { "content-type": "application/json" } }), context);
    const answer = await ask("http://a/users/7?tag=x", '{"name":"Ada"}');
    assert.deepEqual(await answer.json(), { id: 7, name: "Ada", tags: ["x"] });
    assert.equal((await ask("http://a/users/7", '{"name":"taken"}')).status, 409);
    assert.equal((await ask("http://a/users/7", '{"name":7}')).status, 422);
    assert.equal((await ask("http://a/users/seven", '{"name":"Ada"}')).status, 400);
    assert.equal((await ask("http://a/user", '{"name":"Ada"}')).status, 404);
  });
});
