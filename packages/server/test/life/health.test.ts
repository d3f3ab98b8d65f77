import { TimeoutError } from "@fairlead/core";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { RequestContext } from "../../src/index.ts";
import { health, type Health } from "../../src/life/index.ts";

const context: RequestContext = {
  connection: { id: 1, remote: undefined, local: undefined, proxy: undefined, tls: undefined },
  client: undefined,
  inform: () => undefined,
  requestTrailers: [],
  waitUntil: () => undefined,
};

/** Status and content of what a path is answered with; `undefined` where the request goes on. */
async function ask(
  plugin: Health,
  path: string,
  { method = "GET", closing }: { readonly method?: string; readonly closing?: AbortSignal } = {},
): Promise<{ readonly status: number; readonly content: unknown } | undefined> {
  const response = await plugin.request(new Request(`http://a.example${path}`, { method }), { ...context, closing });
  if (response === undefined) return undefined;
  const text = await response.text();
  return { status: response.status, content: text === "" ? "" : JSON.parse(text) };
}

describe("health", () => {
  test("answers for its two paths, and lets everything else go on", async () => {
    const plugin = health();
    assert.deepEqual(await ask(plugin, "/livez"), { status: 200, content: { status: "ok", checks: {} } });
    assert.deepEqual(await ask(plugin, "/readyz?verbose"), { status: 200, content: { status: "ok", checks: {} } });
    assert.equal(await ask(plugin, "/"), undefined);
    assert.equal(await ask(plugin, "/livez/more"), undefined);
    assert.equal((await ask(plugin, "/readyz", { method: "POST" }))?.status, 405);
  });

  test("is not ready while a check fails, and tells the name of the check alone", async () => {
    const failures: [string, unknown][] = [];
    const secret = new Error("password hunter2 is wrong");
    const plugin = health({
      checks: {
        cache: () => undefined,
        database: () => {
          throw secret;
        },
        queue: () => Promise.reject(secret),
      },
      onFailure: (check, error) => failures.push([check, error]),
    });
    assert.deepEqual(await ask(plugin, "/readyz"), {
      status: 503,
      content: { status: "failed", checks: { cache: "ok", database: "failed", queue: "failed" } },
    });
    assert.deepEqual(failures, [
      ["database", secret],
      ["queue", secret],
    ]);
    assert.equal((await ask(plugin, "/livez"))?.status, 200, "what it depends on is no reason to be restarted");
  });

  test("gives a check up after its deadline, and tells it so", async () => {
    let reason: unknown;
    const plugin = health({
      checks: {
        stuck: (signal) => {
          signal.addEventListener("abort", () => {
            reason = signal.reason;
          });
          return new Promise(() => undefined);
        },
      },
      checkMilliseconds: 5,
    });
    assert.equal((await ask(plugin, "/readyz"))?.status, 503);
    assert.ok(reason instanceof TimeoutError);
  });

  test("checks once for all who ask at a time, and again when the answer is old", async () => {
    let runs = 0;
    const check = (): void => {
      runs += 1;
    };
    const lasting = health({ checks: { check }, reuseMilliseconds: 60_000 });
    await Promise.all([ask(lasting, "/readyz"), ask(lasting, "/readyz")]);
    await ask(lasting, "/readyz");
    assert.equal(runs, 1);
    const fresh = health({ checks: { check }, reuseMilliseconds: 0 });
    await ask(fresh, "/readyz");
    await ask(fresh, "/readyz");
    assert.equal(runs, 3);
  });

  test("is not ready once it leaves, or its server closes; and lives", async () => {
    const plugin = health();
    const closing = AbortSignal.abort();
    assert.deepEqual(await ask(plugin, "/readyz", { closing }), {
      status: 503,
      content: { status: "closing", checks: {} },
    });
    assert.equal((await ask(plugin, "/livez", { closing }))?.status, 200);
    plugin.leave();
    assert.equal((await ask(plugin, "/readyz"))?.status, 503);
    assert.equal((await ask(plugin, "/livez"))?.status, 200);
  });
});
