import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { RequestContext } from "../../src/index.ts";
import { rateLimit, type RateLimitOptions } from "../../src/admission/index.ts";
import { Buckets } from "../../src/admission/buckets.ts";

function contextOf(address: string | undefined): RequestContext {
  return {
    connection: { id: 1, remote: undefined, local: undefined, proxy: undefined, tls: undefined },
    client: address === undefined ? undefined : { address, port: undefined },
    inform: () => undefined,
    requestTrailers: [],
    waitUntil: () => undefined,
  };
}

/** A limit, and a client of it: what comes of a request is what the server makes of the plug-in's two hooks. */
function limited(options: Partial<RateLimitOptions> = {}): {
  ask: (address: string | undefined, fields?: Record<string, string>) => Promise<Response>;
  clock: { now: number };
} {
  const clock = { now: 0 };
  const plugin = rateLimit({ requests: 2, seconds: 10, now: () => clock.now, ...options });
  const ask = async (address: string | undefined, headers: Record<string, string> = {}): Promise<Response> => {
    const [request, context] = [new Request("http://localhost/", { headers }), contextOf(address)];
    const refused = await plugin.request?.(request, context);
    if (refused instanceof Response) return refused;
    const answer = new Response("hello", { status: 201, headers: { "x-own": "kept" } });
    return (await plugin.response?.(answer, request, context)) ?? answer;
  };
  return { ask, clock };
}

describe("a rate limit", () => {
  test("answers 429 with Retry-After once the bucket is empty, until there is a token again", async () => {
    const { ask, clock } = limited();
    const statuses = async (count: number): Promise<number[]> => {
      const all: number[] = [];
      for (let each = 0; each < count; each += 1) all.push((await ask("192.0.2.1")).status);
      return all;
    };
    assert.deepEqual(await statuses(3), [201, 201, 429]);
    clock.now = 1_500;
    const refused = await ask("192.0.2.1");
    assert.equal(refused.headers.get("retry-after"), "4");
    assert.equal(await refused.text(), "too many requests\n");
    clock.now = 5_000;
    assert.deepEqual(await statuses(2), [201, 429]);
  });

  test("says with every answer what is left, and keeps the rest of the answer", async () => {
    const { ask, clock } = limited({ name: "api" });
    const first = await ask("192.0.2.1");
    assert.equal(first.headers.get("ratelimit-policy"), '"api";q=2;w=10');
    assert.equal(first.headers.get("ratelimit"), '"api";r=1;t=5');
    assert.deepEqual([first.status, first.headers.get("x-own"), await first.text()], [201, "kept", "hello"]);
    await ask("192.0.2.1");
    clock.now = 1_000;
    const refused = await ask("192.0.2.1");
    assert.equal(refused.headers.get("ratelimit"), '"api";r=0;t=9');
  });

  test("counts each address for itself, and a /64 of IPv6 as one", async () => {
    const { ask } = limited({ requests: 1 });
    assert.equal((await ask("192.0.2.1")).status, 201);
    assert.equal((await ask("192.0.2.2")).status, 201);
    assert.equal((await ask("::ffff:192.0.2.2")).status, 429);
    assert.equal((await ask("2001:db8::1")).status, 201);
    assert.equal((await ask("2001:db8::2:1")).status, 429);
  });

  test("counts by the application's key, and not at all without one", async () => {
    const { ask } = limited({ requests: 1, key: (request) => request.headers.get("x-user") ?? undefined });
    assert.equal((await ask("192.0.2.1", { "x-user": "a" })).status, 201);
    assert.equal((await ask("192.0.2.2", { "x-user": "a" })).status, 429);
    assert.equal((await ask("192.0.2.1", { "x-user": "b" })).status, 201);
    assert.equal((await ask("192.0.2.1")).headers.get("ratelimit"), null);
    assert.equal((await ask("192.0.2.1")).status, 201);
    const { ask: byAddress } = limited({ requests: 1 });
    await byAddress(undefined);
    assert.equal((await byAddress(undefined)).status, 201, "a Unix socket");
  });

  test("tells whom it refuses", async () => {
    const told: unknown[] = [];
    const { ask } = limited({ requests: 1, onRefusal: ({ code, peer }) => told.push(code, peer) });
    await ask("192.0.2.1");
    await ask("192.0.2.1");
    assert.deepEqual(told, ["RATE_LIMITED", "192.0.2.1"]);
  });

  test("remembers so many and no more, and forgets those whose bucket is full", () => {
    const buckets = new Buckets({ requests: 1, seconds: 1, burst: 1 }, 1_000);
    for (let each = 0; each < 5_000; each += 1) buckets.draw(`a${each}`, 0);
    assert.equal(buckets.size, 1_000);
    for (let each = 0; each < 600; each += 1) buckets.draw("b", 2_000 + each);
    assert.equal(buckets.size, 1);
    assert.equal(buckets.draw("b", 2_600).isAllowed, false, "who goes on asking is not forgotten");
  });

  for (const options of [
    { requests: 0 },
    { seconds: -1 },
    { burst: 0 },
    { keys: 0 },
    { name: 'a"b' },
    { requests: Number.NaN },
  ]) {
    test(`is not made with ${JSON.stringify(options)}`, () => {
      assert.throws(() => limited(options), { code: "OPTION_INVALID" });
    });
  }
});
