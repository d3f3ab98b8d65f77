import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { z } from "zod";
import { updateIfUnchanged } from "../../src/patterns/index.ts";
import { startService } from "../client/service.ts";

/** A resource that keeps to preconditions, as RFC 9110 section 13 has it. */
function resource(document: unknown, tag: (version: number) => string = (version) => `"v${String(version)}"`) {
  const state = {
    document,
    version: 1,
    writes: [] as { method: string; type: string | null; ifMatch: string | null; body: unknown }[],
  };
  const beforeWrite: (() => void)[] = [];
  return {
    state,
    /** Somebody else writes just before we do. */
    interfere: (change: () => void) => beforeWrite.push(change),
    fetch: async (request: Request): Promise<Response> => {
      const exists = state.document !== undefined;
      if (request.method === "GET") {
        return exists
          ? Response.json(state.document, { headers: { etag: tag(state.version) } })
          : new Response(null, { status: 404 });
      }
      const body: unknown = await request.json();
      const ifMatch = request.headers.get("if-match");
      state.writes.push({ method: request.method, type: request.headers.get("content-type"), ifMatch, body });
      beforeWrite.shift()?.();
      const isNew = request.headers.get("if-none-match") === "*";
      const holds = isNew ? state.document === undefined : ifMatch === tag(state.version);
      if (!holds) return new Response(null, { status: 412 });
      state.document = request.method === "PATCH" ? { ...(state.document as object), ...(body as object) } : body;
      state.version += 1;
      return Response.json(state.document, { status: isNew ? 201 : 200 });
    },
  };
}

const counter = z.object({ count: z.number() });

describe("a resource that others change, too", () => {
  test("is written back where it is as it was read", async () => {
    const cart = resource({ count: 1 });
    await using service = await startService(cart.fetch);
    const response = await updateIfUnchanged(service.client(), "cart", ({ count }) => ({ count: count + 1 }), {
      schema: counter,
    });
    assert.equal(response?.status, 200);
    assert.deepEqual(cart.state.document, { count: 2 });
    assert.equal(cart.state.writes[0]?.ifMatch, '"v1"');
  });

  test("is read, changed and written again where somebody else was faster: nobody's change is lost", async () => {
    const cart = resource({ count: 1 });
    for (let times = 0; times < 3; times += 1) {
      cart.interfere(() => {
        cart.state.document = { count: (cart.state.document as { count: number }).count + 10 };
        cart.state.version += 1;
      });
    }
    await using service = await startService(cart.fetch);
    await updateIfUnchanged(service.client(), "cart", ({ count }) => ({ count: count + 1 }), { schema: counter });
    assert.deepEqual(cart.state.document, { count: 32 });
    assert.equal(cart.state.writes.length, 4);
  });

  test("is left to the others after as many tries as allowed", async () => {
    const cart = resource({ count: 1 });
    for (let times = 0; times < 9; times += 1) cart.interfere(() => (cart.state.version += 1));
    await using service = await startService(cart.fetch);
    const update = updateIfUnchanged(service.client(), "cart", () => ({ count: 0 }), { attempts: 3 });
    await assert.rejects(update, { code: "SERVICE_STATUS", status: 412 });
    assert.equal(cart.state.writes.length, 3);
    assert.deepEqual(cart.state.document, { count: 1 });
  });

  test("is changed by a patch of what differs, whose type says so", async () => {
    const add = (cart: unknown): unknown => Object.assign(cart as object, { count: 5 });
    for (const [patch, type, body] of [
      ["merge-patch", "application/merge-patch+json", { count: 5 }],
      ["json-patch", "application/json-patch+json", [{ op: "replace", path: "/count", value: 5 }]],
      ["strategic-merge-patch", "application/strategic-merge-patch+json", { count: 5, name: "x" }],
    ] as const) {
      const cart = resource({ count: 1, name: "x" });
      await using service = await startService(cart.fetch);
      await updateIfUnchanged(service.client(), "cart", add, { patch, headers: { "x-a": "b" } });
      assert.deepEqual(cart.state.writes, [{ method: "PATCH", type, ifMatch: '"v1"', body }]);
    }
  });

  test("is not changed by a merge patch that would have to set null", async () => {
    const cart = resource({ count: 1 });
    await using service = await startService(cart.fetch);
    const update = updateIfUnchanged(service.client(), "cart", () => ({ count: null }), { patch: "merge-patch" });
    await assert.rejects(update, { code: "OPTION_INVALID" });
  });

  test("has its version sent along, though the change drops it, or a schema does", async () => {
    const schema = z.object({ spec: z.number() });
    const bodies: unknown[] = [];
    await using service = await startService(async (request) => {
      if (request.method === "GET") return Response.json({ metadata: { resourceVersion: "7", name: "a" }, spec: 1 });
      bodies.push(await request.json());
      return Response.json({});
    });
    for (const patch of [undefined, "merge-patch", "json-patch"] as const) {
      const options = { schema, version: "metadata.resourceVersion", ...(patch && { patch }) };
      await updateIfUnchanged(service.client(), "pod", () => ({ spec: 2 }), options);
    }
    const metadata = { resourceVersion: "7" };
    assert.deepEqual(bodies.slice(0, 2), [
      { spec: 2, metadata },
      { spec: 2, metadata },
    ]);
    assert.deepEqual(bodies[2], [
      { op: "test", path: "/metadata/resourceVersion", value: "7" },
      { op: "replace", path: "/spec", value: 2 },
    ]);
  });

  test("is not written where nothing is to be changed", async () => {
    const cart = resource({ count: 1 });
    await using service = await startService(cart.fetch);
    assert.equal(await updateIfUnchanged(service.client(), "cart", () => undefined), undefined);
    assert.deepEqual(cart.state.writes, []);
  });

  test("is created where there is none, and changed where somebody was faster", async () => {
    const cart = resource(undefined);
    cart.interfere(() => (cart.state.document = { count: 10 }));
    await using service = await startService(cart.fetch);
    const options = { schema: counter, initial: { count: 0 } };
    await updateIfUnchanged(service.client(), "cart", ({ count }) => ({ count: count + 1 }), options);
    assert.deepEqual(cart.state.document, { count: 11 });
    assert.deepEqual(
      cart.state.writes.map(({ ifMatch }) => ifMatch),
      [null, '"v1"'],
    );
  });

  for (const [what, tag] of [
    ["no ETag", undefined],
    ["a weak one, which If-Match matches with nothing", 'W/"1"'],
  ] as const) {
    test(`is not written where there is ${what}`, async () => {
      let writes = 0;
      await using service = await startService((request) => {
        if (request.method !== "GET") writes += 1;
        return Response.json({}, { headers: tag === undefined ? {} : { etag: tag } });
      });
      await assert.rejects(
        updateIfUnchanged(service.client(), "cart", () => ({})),
        { code: "VERSION_UNKNOWN" },
      );
      assert.equal(writes, 0);
    });
  }

  test("says its version itself, as Kubernetes has it, where another is answered with 409", async () => {
    let version = 7;
    let hasInterfered = false;
    await using service = await startService(async (request) => {
      if (request.method === "GET") return Response.json({ metadata: { resourceVersion: String(version) }, spec: 1 });
      if (!hasInterfered) version += 1;
      hasInterfered = true;
      const written = (await request.json()) as { metadata: { resourceVersion: string } };
      const isSame = written.metadata.resourceVersion === String(version);
      return isSame ? Response.json(written) : Response.json({ kind: "Status", reason: "Conflict" }, { status: 409 });
    });
    const client = service.client();
    const change = (pod: unknown): unknown => ({ ...(pod as object), spec: 2 });
    assert.equal(
      (await updateIfUnchanged(client, "pod", change, { version: "metadata.resourceVersion" }))?.status,
      200,
    );
    await assert.rejects(updateIfUnchanged(client, "pod", change, { version: "metadata.etag" }), {
      code: "VERSION_UNKNOWN",
    });
  });

  test("is written once, though the answer got lost: a second one would meet what the first has done", async () => {
    let writes = 0;
    await using service = await startService((request) => {
      if (request.method === "GET") return Response.json({}, { headers: { etag: '"1"' } });
      writes += 1;
      return new Response(null, { status: 503 });
    });
    await assert.rejects(
      updateIfUnchanged(service.client(), "cart", () => ({})),
      { status: 503 },
    );
    assert.equal(writes, 1);
  });
});
