import type { NetworkAccessManager, RedirectQuestion } from "@fairlead/access";
import type { RedirectPolicy } from "@fairlead/http/redirects";
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import * as undici from "undici";
import { networkFixture } from "../network-fixture.ts";

const fixture = networkFixture();
const { open, either } = fixture;
const origin = (): string => fixture.network.origin("https", "a.fairlead.test");

/** What a library that takes a dispatcher gets, which is not told whether it follows. */
async function redirected(dispatcher: undici.Dispatcher, path: string): Promise<number> {
  const { statusCode, body } = await undici.request(origin() + path, { dispatcher });
  await body.dump();
  return statusCode;
}

describe("redirects that a library follows by itself", () => {
  const down = "/redirect/302/http";
  const across = "/redirect/302/cross-site";
  const cases: [policy: RedirectPolicy, path: string, outcome: number | string][] = [
    [{ type: "no-less-safe" }, across, 302],
    [{ type: "no-less-safe" }, down, "REDIRECT_LESS_SAFE"],
    [{ type: "same-origin" }, "/redirect/302/same-origin", 302],
    [{ type: "same-origin" }, "/redirect/302/same-site", "REDIRECT_CROSS_ORIGIN"],
    [{ type: "same-site" }, across, "REDIRECT_CROSS_SITE"],
    [{ type: "trusted", from: [], to: [] }, across, "REDIRECT_NOT_LISTED"],
    [{ type: "error" }, across, "REDIRECT_UNEXPECTED"],
    [{ type: "manual" }, down, 302],
    [{ type: "same-origin" }, "/location/javascript", 302],
    [{ type: "no-less-safe" }, "/location/user-info", "REDIRECT_LOCATION_INVALID"],
  ];
  for (const [redirect, path, outcome] of cases) {
    test(`under ${redirect.type}, ${path} gives ${String(outcome)}`, async () => {
      await using manager = await open({ redirect });
      if (typeof outcome === "number") assert.equal(await redirected(manager, path), outcome);
      else await assert.rejects(redirected(manager, path), { code: outcome });
    });
  }

  test("a library that only looks at them says so by an option of its dispatch", async () => {
    await using manager = await open();
    const looking = manager.compose(
      (dispatch) => (options, handler) =>
        dispatch({ ...options, redirect: { type: "manual" } } as typeof options, handler),
    );
    assert.equal(await redirected(looking, down), 302);
    await assert.rejects(redirected(manager, down), { code: "REDIRECT_LESS_SAFE" });
  });

  test("a body that is sent once is for the library to send again", async () => {
    await using manager = await open();
    const { statusCode, body } = await undici.request(`${origin()}/redirect/307/same-origin`, {
      dispatcher: manager,
      method: "PUT",
      body: Readable.from([Buffer.from("once")]),
    });
    await body.dump();
    assert.equal(statusCode, 307);
  });

  test("the redirect of a known HSTS host that leads to http is none", async () => {
    await using manager = await open();
    await (await manager.request(`${either("https")}/hsts?value=max-age%3D1000`)).bytes();
    assert.equal(await redirected(manager, down), 302);
  });
});

describe("redirects that are asked about", () => {
  async function asking(
    answer: (question: RedirectQuestion) => boolean | Promise<boolean>,
  ): Promise<NetworkAccessManager> {
    return open({ redirect: { type: "ask" }, onRedirect: answer });
  }

  test("are handed on when they are accepted, and are an error when they are not", async () => {
    const asked: string[] = [];
    await using manager = await asking(({ from, to, isLessSafe }) => {
      asked.push(`${from.pathname} ${to.host} ${String(isLessSafe)}`);
      return !isLessSafe;
    });
    assert.equal(await redirected(manager, "/redirect/302/cross-site"), 302);
    await assert.rejects(redirected(manager, "/redirect/302/http"), { code: "REDIRECT_REFUSED" });
    const { port } = fixture.network.https;
    assert.deepEqual(asked, [
      `/redirect/302/cross-site other.test:${String(port)} false`,
      `/redirect/302/http a.fairlead.test:${String(fixture.network.http.port)} true`,
    ]);
  });

  test("come whole when the answer comes late", async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const asked = Promise.withResolvers<undefined>();
    await using manager = await asking(() => {
      asked.resolve(undefined);
      return promise;
    });
    const text = undici
      .request(`${origin()}/redirect/302/same-origin`, { dispatcher: manager })
      .then(({ body }) => body.text());
    await asked.promise;
    resolve(true);
    assert.match(await text, /^see https:/);
  });

  test("end with the request that asks, and with the manager", async () => {
    for (const ending of ["abort", "destroy"] as const) {
      const asked = Promise.withResolvers<undefined>();
      const manager = await asking(() => {
        asked.resolve(undefined);
        return new Promise<boolean>(() => undefined);
      });
      const controller = new AbortController();
      const request = undici.request(`${origin()}/redirect/302/same-origin`, {
        dispatcher: manager,
        signal: controller.signal,
      });
      const refused = assert.rejects(request, ending === "abort" ? { message: "enough" } : { code: "MANAGER_CLOSED" });
      await asked.promise;
      if (ending === "abort") controller.abort(new Error("enough"));
      else await manager.destroy();
      await refused;
      await manager.destroy();
    }
  });
});
