import assert from "node:assert/strict";
import { test } from "node:test";
import { startService, type Service } from "./service.ts";

/** Fails as often as it is told to, and tells what came. */
function failing(
  times: number,
  fields: Readonly<Record<string, string>> = {},
): Promise<Service & { readonly keys: (string | null)[] }> {
  const keys: (string | null)[] = [];
  return startService(async (request) => {
    keys.push(request.headers.get("idempotency-key"));
    const content = await request.text();
    return keys.length > times ? Response.json(content) : new Response(null, { status: 503, headers: fields });
  }).then((service) => Object.assign(service, { keys }));
}

const retry = { backoffMilliseconds: 0 };

test("what failed is made again, where it changes nothing or the same", async () => {
  await using service = await failing(2);
  assert.equal(await service.client({ retry }).put("x", { json: 1 }).json(), "1");
  assert.equal(service.keys.length, 3);
});

test("a service that says when to ask again is asked then", async () => {
  await using service = await failing(1, { "retry-after": "0" });
  const response = await service.client({ retry }).get("x");
  assert.equal(service.keys.length, 2);
  assert.deepEqual(
    response.transaction.hops.map(({ retries }) => retries.length),
    [1],
  );
});

test("one that asks for more patience than there is, is not asked again, and the error tells when", async () => {
  await using service = await failing(1, { "retry-after": "3600" });
  await assert.rejects(service.client({ retry }).get("x").json(), { status: 503, retryAfterMilliseconds: 3_600_000 });
  assert.equal(service.keys.length, 1);
});

test("a POST is made once", async () => {
  await using service = await failing(1);
  await assert.rejects(service.client({ retry }).post("x", { json: 1 }).json(), { status: 503 });
  assert.equal(service.keys.length, 1);
});

test("a POST with an idempotency key is made again, with the same key", async () => {
  await using service = await failing(1);
  assert.equal(await service.client({ retry }).post("x", { json: 1, idempotencyKey: true }).json(), "1");
  const [first, second] = service.keys;
  assert.match(first ?? "", /^"[\da-f-]{36}"$/);
  assert.equal(second, first);
});

test("an idempotency key is sent as it is given, and makes nothing again where nothing is to be", async () => {
  await using service = await failing(1);
  const client = service.client({ retry: false });
  await assert.rejects(client.post("x", { idempotencyKey: "mine" }).json(), { status: 503 });
  assert.deepEqual(service.keys, ["mine"]);
});

test("a form is sent again when the call is made again", async () => {
  await using service = await failing(1);
  assert.equal(
    await service
      .client({ retry })
      .put("x", { form: { a: 1 } })
      .json(),
    "a=1",
  );
});

test("a form with files is sent again when the call is made again, with its length", async () => {
  const lengths: (string | null)[] = [];
  await using service = await startService(async (request) => {
    lengths.push(request.headers.get("content-length"));
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the runtime's own reading is a second opinion here
    const form = await request.formData();
    const file = form.get("file");
    if (lengths.length === 1) return new Response(null, { status: 503 });
    return Response.json([form.get("name"), file instanceof File && [file.name, file.type, await file.text()]]);
  });
  const form = new FormData();
  form.append("name", 'ü"\r\n');
  form.append("file", new File(["a".repeat(100_000)], 'b".txt', { type: "text/plain" }));
  const told: number[] = [];
  const read = await service
    .client({ retry })
    .put("x", { multipart: form, onUploadProgress: ({ transferred }) => told.push(transferred) })
    .json();
  assert.deepEqual(read, ['ü"\r\n', ['b".txt', "text/plain", "a".repeat(100_000)]]);
  assert.equal(lengths[1], String(told.at(-1)));
  assert.equal(new Set(lengths).size, 1);
});
