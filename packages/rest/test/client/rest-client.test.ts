import { StatusError } from "@fairlead/rest/client";
import assert from "node:assert/strict";
import { test } from "node:test";
import { startService, type Service } from "./service.ts";

/** What a request was, as its answer. */
function echo(): Promise<Service> {
  return startService(async (request) => {
    const { method, url, headers } = request;
    const { pathname, search } = new URL(url);
    return Response.json({
      method,
      target: pathname + search,
      headers: Object.fromEntries(headers),
      content: await request.text(),
    });
  });
}

interface Echo {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: string;
}

test("base and fields are said once, and calls say the rest", async () => {
  await using service = await echo();
  const client = service.client({ base: `${service.origin}/v1`, headers: { "X-Version": "7" } });
  const echoed = (await client
    .get("users/{id}{?fields*}", {
      params: { id: "a b", fields: ["x", "y"] },
      query: { q: "ü&=", none: undefined, l: [1, 2] },
    })
    .json()) as Echo;
  assert.equal(echoed.method, "GET");
  assert.equal(echoed.target, "/v1/users/a%20b?fields=x&fields=y&q=%C3%BC%26%3D&l=1&l=2");
  assert.equal(echoed.headers["x-version"], "7");
  assert.equal(echoed.headers["accept"], "application/json");
});

for (const method of ["post", "put", "patch", "delete"] as const) {
  test(`${method} sends JSON`, async () => {
    await using service = await echo();
    const echoed = (await service
      .client()
      [method]("x", { json: { a: [1, null] } })
      .json()) as Echo;
    assert.deepEqual(
      [echoed.method, echoed.content, echoed.headers["content-type"]],
      [method.toUpperCase(), '{"a":[1,null]}', "application/json"],
    );
  });
}

test("a status that is none of success is an error that has what came", async () => {
  await using service = await startService(() =>
    Response.json(
      { type: "https://example.com/out-of-credit", title: "No credit", balance: 30 },
      { status: 403, headers: { "content-type": "application/problem+json", "retry-after": "3" } },
    ),
  );
  const calls = [
    () => service.client().get("account?token=secret").json(),
    () => service.client().get("account?token=secret"),
  ];
  for (const call of calls) {
    await assert.rejects(call, (error) => {
      assert(error instanceof StatusError);
      assert.deepEqual(
        [error.code, error.status, error.problem?.title, error.problem?.["balance"], error.retryAfterMilliseconds],
        ["SERVICE_STATUS", 403, "No credit", 30, 3000],
      );
      assert.equal(error.url, `${service.origin}/account?token=REDACTED`);
      assert.equal(error.headers.get("retry-after"), "3");
      assert.match(Buffer.from(error.bytes).toString(), /No credit/);
      assert(!Object.keys(error).includes("bytes"));
      assert.match(error.message, /\(status 403, No credit\)/);
      assert.doesNotMatch(error.message, /secret|balance/);
      return true;
    });
  }
});
