import { basic, bearer, get, restClient, type RestClientOptions } from "@fairlead/rest/client";
import type { RequestAuthenticator } from "@fairlead/access";
import assert from "node:assert/strict";
import { test } from "node:test";
import { startService, type Service } from "./service.ts";

type Fields = Readonly<Record<string, string>>;

/** Tells what fields a request had, or leads elsewhere. */
function telling(): Promise<Service> {
  return startService((request) => {
    const to = new URL(request.url).searchParams.get("to");
    return to === null
      ? Response.json(Object.fromEntries(request.headers))
      : new Response(null, { status: 307, headers: { location: to } });
  });
}

async function ask(service: Service, options: RestClientOptions, address: string): Promise<Fields> {
  return (await service.client(options).get(address).json()) as Fields;
}

for (const [name, options, field, value] of [
  ["fields", { headers: { "X-Key": "k" } }, "x-key", "k"],
  ["an Authorization field", { headers: { authorization: "Bearer k" } }, "authorization", "Bearer k"],
  ["a token", { authenticate: bearer("k") }, "authorization", "Bearer k"],
  ["a token that a function gives", { authenticate: bearer(() => Promise.resolve("k")) }, "authorization", "Bearer k"],
  ["a password", { authenticate: basic("me", "pä:ss") }, "authorization", "Basic bWU6cMOkOnNz"],
] as readonly (readonly [string, RestClientOptions, string, string])[]) {
  test(`${name} of a client goes to the origin of its base, and nowhere else`, async () => {
    await using elsewhere = await telling();
    await using service = await telling();
    assert.equal((await ask(service, options, "x"))[field], value);
    assert.equal((await ask(service, options, `${service.origin}/x`))[field], value);
    assert.equal((await ask(service, options, `${elsewhere.origin}/x`))[field], undefined);
    assert.equal((await ask(service, options, `x?to=${encodeURIComponent("/y")}`))[field], value);
    assert.equal((await ask(service, options, `x?to=${encodeURIComponent(elsewhere.origin)}`))[field], undefined);
    // Nor back again: whoever led it there chose the address.
    const there = `${elsewhere.origin}/?to=${encodeURIComponent(service.origin)}`;
    const back = await ask(service, options, `x?to=${encodeURIComponent(there)}`);
    if (options.headers !== undefined) assert.equal(back[field], undefined);
  });

  test(`${name} of a client stays behind when another has another origin`, async () => {
    await using elsewhere = await telling();
    await using service = await telling();
    const client = service.client(options);
    assert.equal(((await client.with({ base: "v2/" }).get("x").json()) as Fields)[field], value);
    assert.equal(((await client.with({ timeout: 1_000 }).get("x").json()) as Fields)[field], value);
    assert.equal(((await client.with({ base: elsewhere.origin }).get("x").json()) as Fields)[field], undefined);
  });
}

test("a secret among the fields of a call does not follow to another origin, and other fields do", async () => {
  await using elsewhere = await telling();
  await using service = await telling();
  const headers = { "X-Api-Key": "k", "X-Trace": "t", Range: "bytes=0-9" };
  const asked = async (address: string): Promise<unknown> => {
    const fields = (await service.client().get(address, { headers }).json()) as Fields;
    return [fields["x-api-key"], fields["x-trace"], fields["range"]];
  };
  assert.deepEqual(await asked("x"), ["k", "t", "bytes=0-9"]);
  assert.deepEqual(await asked(`x?to=${encodeURIComponent(elsewhere.origin)}`), [undefined, "t", "bytes=0-9"]);
});

test("fields of another client are added to, and take the place of those of the same name", async () => {
  await using service = await telling();
  const client = service.client({ headers: { "X-A": "1", "X-B": "1" } }).with({ headers: { "x-b": "2", "x-c": "2" } });
  const fields = (await client.get("x", { headers: { "X-C": "3" } }).json()) as Fields;
  assert.deepEqual([fields["x-a"], fields["x-b"], fields["x-c"]], ["1", "2", "3"]);
});

test("a call's own credentials are good for where it goes", async () => {
  await using elsewhere = await telling();
  await using service = await telling();
  const client = service.client({ authenticate: bearer("client") });
  const asked = async (address: string): Promise<string | undefined> =>
    ((await client.get(address, { authenticate: bearer("call") }).json()) as Fields)["authorization"];
  assert.equal(await asked("x"), "Bearer call");
  assert.equal(await asked(`${elsewhere.origin}/x`), "Bearer call");
  assert.equal(await asked(`x?to=${encodeURIComponent(elsewhere.origin)}`), undefined);
});

test("who is asked about a client's service is not asked by another", async () => {
  const challenge = (): Response =>
    new Response(null, { status: 401, headers: { "www-authenticate": 'Basic realm="r"' } });
  await using elsewhere = await startService(challenge);
  await using service = await startService(
    (request) => (request.headers.get("authorization") === null ? challenge() : Response.json("known")),
    { authentication: { dangerous: { sendSecretsInTheClear: true } } },
  );
  const asked: string[] = [];
  const client = service.client({
    retry: false,
    authenticate: ({ origin }) => {
      asked.push(origin);
      return { type: "password", username: "me", password: "secret", remember: "once" };
    },
  });
  assert.equal(await client.get("x").json(), "known");
  await assert.rejects(client.get(`${elsewhere.origin}/x`).json(), { status: 401 });
  assert.deepEqual(asked, [service.origin]);
});

test("a token that was refused is asked for once more", async () => {
  const tokens = ["old", "new", "newer"];
  await using service = await startService((request) =>
    request.headers.get("authorization") === "Bearer new"
      ? Response.json("known")
      : new Response(null, { status: 401 }),
  );
  const client = service.client({ authenticate: bearer(() => tokens.shift() ?? "none") });
  assert.equal(await client.post("x", { json: 1 }).json(), "known");
  await assert.rejects(
    service
      .client({ authenticate: bearer("old") })
      .get("x")
      .json(),
    { status: 401 },
  );
});

test("credentials name their origins, or the client has a base", async () => {
  await using service = await telling();
  assert.throws(() => restClient({ authenticate: bearer("k") }), { code: "OPTION_INVALID" });
  const authenticate = bearer("k", { origins: [service.origin] });
  const client = restClient({ manager: service.manager, authenticate });
  assert.equal(((await client.get(`${service.origin}/x`).json()) as Fields)["authorization"], "Bearer k");
  await using elsewhere = await telling();
  assert.equal(((await client.get(`${elsewhere.origin}/x`).json()) as Fields)["authorization"], undefined);
  assert.equal(bearer("k").covers(new URL(service.origin)), false);
});

test("an authenticator is asked within the base alone", async () => {
  await using elsewhere = await telling();
  await using service = await telling();
  const covered: string[] = [];
  const everywhere: RequestAuthenticator = {
    identity: "test",
    covers: ({ origin }) => {
      covered.push(origin);
      return true;
    },
    authenticate: () => ["x-proof", "p"],
  };
  const fields = await ask(service, { authenticate: everywhere }, `x?to=${encodeURIComponent(elsewhere.origin)}`);
  assert.equal(fields["x-proof"], undefined);
  assert.equal((await ask(service, { authenticate: everywhere }, "x"))["x-proof"], "p");
  assert(covered.every((origin) => origin === service.origin));
});

for (const fault of ["", "a b", "a\r\nX: y", "a=b", "ü"]) {
  test(`${JSON.stringify(fault)} is no token`, async () => {
    assert.throws(() => bearer(fault), { code: "OPTION_INVALID" });
    await using service = await telling();
    await assert.rejects(
      service
        .client({ authenticate: bearer(() => fault) })
        .get("x")
        .json(),
      { code: "OPTION_INVALID" },
    );
  });
}

test("a name with a colon, and control characters, are no credentials", () => {
  assert.throws(() => basic("a:b", "c"), { code: "OPTION_INVALID" });
  assert.throws(() => basic("a", "c\n"), { code: "OPTION_INVALID" });
  assert.throws(() => bearer("a", { origins: ["https://a.example/path"] }), { code: "OPTION_INVALID" });
});

test("get asks by the default manager", async () => {
  await using service = await telling();
  const fields = (await get(`${service.origin}/{x}`, { params: { x: 1 } }).json()) as Fields;
  assert.equal(fields["accept"], "application/json");
});

test("an idempotency key stays with the service that was asked, wherever that leads", async () => {
  await using service = await telling();
  await using other = await telling();
  const ask = async (to: string): Promise<Fields> =>
    (await service.client().post("/", { query: { to }, json: {}, idempotencyKey: "mine" }).json()) as Fields;
  const elsewhere = await ask(other.origin);
  assert.equal(elsewhere["content-type"], "application/json");
  assert.equal(elsewhere["idempotency-key"], undefined);
  assert.equal((await ask(`${service.origin}/there`))["idempotency-key"], "mine");
});
