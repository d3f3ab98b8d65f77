import { openNetworkAccessManager, type NetworkAccessManagerOptions } from "@fairlead/access";
import { openStore, type Store } from "@fairlead/store";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { asking, password, statusOf } from "./asking.ts";
import { basicListener, digestListener, serve } from "./authenticating-server.ts";

const authentication = { dangerous: { sendSecretsInTheClear: true } };
const kept = password("me", "secret", "store");
const listener = basicListener(() => ({ realm: "one", user: "me:secret" }));

/** Everything in a store. */
function contents(store: Store): string {
  const collections = store
    .collectionNames()
    .map((name) => store.collection(name, { maxEntries: 1_000, secret: true }));
  return JSON.stringify(
    collections.map((each) => [...each.entries()].map(({ key, value }) => [key, Buffer.from(value).toString()])),
  );
}

async function visit(store: Store, url: string, options: NetworkAccessManagerOptions): Promise<number> {
  await using manager = await openNetworkAccessManager({ store, authentication, ...options });
  return await statusOf(manager, url);
}

describe("credentials in the store", () => {
  test("are there when the application asked for it, and then nobody is asked after a restart", async () => {
    await using server = await serve(listener);
    await using digest = await serve(digestListener({ username: "me", password: "secret", algorithm: "SHA-256" }));
    await using store = await openStore("memory:");
    const { onAuthenticate, questions } = asking(kept);
    for (const { origin } of [server, digest])
      assert.equal(await visit(store, `${origin}/dir/x`, { onAuthenticate }), 200);
    assert.equal(questions.length, 2);
    const again = asking({ type: "none" });
    for (const { origin } of [server, digest]) assert.equal(await visit(store, `${origin}/dir/y`, again), 200);
    assert.equal(again.questions.length, 0);
    // Basic goes at once, and Digest has to wait for a nonce.
    assert.equal(server.requests.length, 3);
    assert.equal(digest.requests.length, 4);
    // Not below another folder, where they were not asked for.
    assert.equal(await visit(store, `${server.origin}/other`, again), 200);
    assert.equal(server.requests.length, 5);
  });

  test("are not there otherwise: by default, when they were wrong, from a request's own callback", async () => {
    await using server = await serve(listener);
    await using store = await openStore("memory:");
    assert.equal(await visit(store, server.origin, asking(password("me", "secret"))), 200);
    assert.equal(await visit(store, server.origin, asking(password("me", "guess", "store"), { type: "none" })), 401);
    await using manager = await openNetworkAccessManager({ store, authentication, ...asking({ type: "none" }) });
    assert.equal(await statusOf(manager, server.origin, asking(kept)), 200);
    assert.equal(await statusOf(manager, server.origin, { partition: "https://news.example/" }), 401);
    assert.equal(contents(store).includes("me"), false, contents(store));
  });

  test("are for their partition", async () => {
    await using server = await serve(listener);
    await using store = await openStore("memory:");
    await using manager = await openNetworkAccessManager({ store, authentication, ...asking(kept) });
    assert.equal(await statusOf(manager, server.origin, { partition: "https://news.example/" }), 200);
    const again = asking({ type: "none" });
    assert.equal(await visit(store, server.origin, again), 401);
    await using later = await openNetworkAccessManager({ store, authentication, ...again });
    assert.equal(await statusOf(later, server.origin, { partition: "https://news.example/" }), 200);
  });

  test("are read by nobody who does not answer, or knows not who is at the other end", async () => {
    await using server = await serve(listener);
    await using store = await openStore("memory:");
    assert.equal(await visit(store, server.origin, asking(kept)), 200);
    assert.equal(await visit(store, server.origin, {}), 401);
    const tls = { dangerous: { acceptAnyCertificate: true } };
    assert.equal(await visit(store, server.origin, { ...asking({ type: "none" }), tls }), 401);
  });

  test("go when they are refused, and when they are to be forgotten", async () => {
    let user = "me:secret";
    await using server = await serve(basicListener(() => ({ realm: "one", user })));
    await using store = await openStore("memory:");
    assert.equal(await visit(store, server.origin, asking(kept)), 200);
    user = "me:changed";
    assert.equal(await visit(store, server.origin, asking({ type: "none" })), 401);
    user = "me:secret";
    assert.equal(await visit(store, server.origin, asking({ type: "none" })), 401);
    assert.equal(await visit(store, server.origin, asking(kept)), 200);
    await using manager = await openNetworkAccessManager({ store, authentication, ...asking({ type: "none" }) });
    manager.forgetCredentials("http://other.example");
    assert.equal(contents(store).includes("secret"), true);
    manager.forgetCredentials(server.origin);
    assert.equal(contents(store).includes("secret"), false);
    assert.equal(await statusOf(manager, server.origin), 401);
  });

  test("are not written after they were to be forgotten", async () => {
    await using store = await openStore("memory:");
    const held = Promise.withResolvers<undefined>();
    const sent = Promise.withResolvers<undefined>();
    await using server = await serve((request, response) => {
      if (request.headers.authorization === undefined) {
        listener(request, response);
        return;
      }
      sent.resolve(undefined);
      void held.promise.then(() => response.end());
    });
    await using manager = await openNetworkAccessManager({ store, authentication, ...asking(kept) });
    const status = statusOf(manager, server.origin);
    await sent.promise;
    manager.forgetCredentials();
    held.resolve(undefined);
    assert.equal(await status, 200);
    assert.equal(contents(store).includes("secret"), false);
  });

  test("that are damaged are for nobody", async () => {
    await using server = await serve(listener);
    await using store = await openStore("memory:");
    const collection = store.collection("credentials", { maxEntries: 1_024, secret: true });
    collection.set("nonsense", Buffer.from("nonsense"));
    assert.equal(await visit(store, server.origin, asking(kept)), 200);
    const [record] = [...collection.entries()].filter(({ key }) => key !== "nonsense");
    assert.ok(record !== undefined);
    // Moved to another origin, it is not what its key says.
    collection.set(record.key.replace(/\d+/, "1"), record.value);
    assert.equal(await visit(store, server.origin, asking({ type: "none" })), 200);
  });
});
