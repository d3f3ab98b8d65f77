import type { NetworkAccessManager } from "@fairlead/access";
import { openCollection, type CollectionName } from "@fairlead/access/memory";
import { openStore, type Store } from "@fairlead/store";
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { asking, password, statusOf } from "../authentication/asking.ts";
import { basicListener, serve } from "../authentication/authenticating-server.ts";
import { networkFixture } from "../network-fixture.ts";

const fixture = networkFixture();
const page = (path: string): string => `${fixture.network.origin("https", "a.fairlead.test")}${path}`;

/** A store of two who know nothing of each other, as two processes do; or one that is open once, for both. */
let directory = "";
let stores: readonly [Store, Store];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "fairlead-shared-"));
});
afterEach(async () => {
  for (const store of stores) await store.close();
  await rm(directory, { recursive: true });
});

/** Does something, and waits until the other store has heard of it: whoever listens longer has heard it before. */
async function heard(store: Store, name: CollectionName, act: () => Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const end = openCollection(store, name).onForeignChange(() => {
    resolve(undefined);
  });
  await act();
  if (stores[0] !== stores[1]) await promise;
  end();
}

const set = (manager: NetworkAccessManager, value: string): Promise<number> =>
  statusOf(manager, page(`/cookies/set-raw?value=${encodeURIComponent(value)}`));

/** The Cookie field that goes to the page. */
async function sent(manager: NetworkAccessManager): Promise<string> {
  await statusOf(manager, page("/echo"));
  return String(fixture.network.requests.at(-1)?.headers["cookie"] ?? "");
}

const sharings: readonly (readonly [who: string, open: (url: string) => Promise<readonly [Store, Store]>])[] = [
  ["managers of two processes on one store", async (url) => [await openStore(url), await openStore(url)]],
  [
    "managers that share an open store",
    async (url) => {
      const store = await openStore(url);
      return [store, store];
    },
  ],
];

for (const [who, share] of sharings)
  describe(who, () => {
    beforeEach(async () => {
      stores = await share(`sqlite:${join(directory, "store.db")}`);
    });

    test("send the cookies that the other was set, and not those that it was told to delete", async () => {
      await using one = await fixture.open({ store: stores[0] });
      await using other = await fixture.open({ store: stores[1] });
      await set(one, "session=1; Path=/");
      await heard(stores[1], "cookies", () => set(one, "kept=1; Max-Age=60; Path=/"));
      assert.equal(await sent(other), "kept=1", "a cookie of the session stays in its process");
      await heard(stores[0], "cookies", () => set(other, "kept=2; Max-Age=60; Path=/"));
      assert.equal(await sent(one), "session=1; kept=2");
      await heard(stores[1], "cookies", () => set(one, "kept=; Max-Age=0; Path=/"));
      assert.equal(await sent(other), "");
      assert.equal(await sent(one), "session=1");
    });

    test("have forgotten what the other forgot", async () => {
      await using one = await fixture.open({ store: stores[0] });
      await using other = await fixture.open({ store: stores[1] });
      await heard(stores[1], "cookies", () => set(one, "kept=1; Max-Age=60; Path=/"));
      assert.equal(await sent(other), "kept=1");
      await heard(stores[0], "cookies", () => other.forget({ site: "fairlead.test" }));
      assert.equal(await sent(one), "");
    });

    test("know the credentials that the other was given, until one of them forgets", async () => {
      const kept = password("me", "secret", "store");
      await using server = await serve(basicListener(() => ({ realm: "one", user: "me:secret" })));
      const authentication = { dangerous: { sendSecretsInTheClear: true } };
      const [first, second] = [asking(kept), asking({ type: "none" })];
      await using one = await fixture.open({ store: stores[0], authentication, ...first });
      await using other = await fixture.open({ store: stores[1], authentication, ...second });
      assert.equal(await statusOf(other, server.origin), 401);
      await heard(stores[1], "credentials", () => statusOf(one, server.origin));
      assert.equal(await statusOf(other, server.origin), 200);
      const asked = first.questions.length;
      await heard(stores[0], "credentials", () => other.clear("credentials"));
      assert.equal(await statusOf(one, server.origin), 200);
      assert.equal(first.questions.length, asked + 1);
    });

    test("hand out a ticket once", async () => {
      await using one = await fixture.open({ store: stores[0], tls: { maxVersion: "TLSv1.3" } });
      await heard(stores[1], "tls-tickets", () => statusOf(one, page("/echo")));
      const [bank, otherBank] = stores.map((store) => openCollection(store, "tls-tickets"));
      const [record] = otherBank?.entries() ?? [];
      const key = record?.key ?? assert.fail("the other sees no ticket");
      const taken = await Promise.all([bank?.take(key), otherBank?.take(key)]);
      assert.equal(taken.filter((record) => record !== undefined).length, 1);
    });
  });
