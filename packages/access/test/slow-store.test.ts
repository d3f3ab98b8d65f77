import type { NetworkAccessManager } from "@fairlead/access";
import { openStore, type Collection, type Store } from "@fairlead/store";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { inspect } from "node:util";
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { connect, type Socket } from "node:net";
import { networkFixture } from "./network-fixture.ts";
import { closed, scriptedServer } from "./scripted-server.ts";

const fixture = networkFixture();
const { open, either } = fixture;
const SECRET = "s3cr3t-5a1t";
/** A collection's table is made by its first record. */
const WRITTEN = "SELECT count(*) AS count FROM sqlite_schema WHERE name IN ('hsts', 'cookies', 'tls-tickets')";

/** A response that teaches HSTS and a cookie, over a connection that brings tickets. */
async function learn(manager: NetworkAccessManager): Promise<void> {
  const hsts = await manager.request(`${either("https")}/hsts?value=max-age%3D1000`);
  assert.equal(hsts.status, 200);
  await hsts.bytes();
  const cookie = await manager.fetch(`${either("https")}/cookies/set-raw?value=name%3D${SECRET}%3B%20Max-Age%3D1000`);
  assert.equal(cookie.status, 200);
  await cookie.bytes();
}

/** A memory store with something of its collections put in the place of the real. */
async function storeWith(change: (collection: Collection, store: Store) => Partial<Collection>): Promise<Store> {
  const store = await openStore("memory:");
  return new Proxy(store, {
    get(target, name) {
      if (name === "collection") {
        return (...args: Parameters<Store["collection"]>) => {
          const collection = store.collection(...args);
          return withMembers(collection, change(collection, store));
        };
      }
      return memberOf(target, name);
    },
  });
}

function withMembers(collection: Collection, members: Partial<Collection>): Collection {
  return new Proxy(collection, {
    get(target, name) {
      if (name in members) return memberOf(members, name);
      return memberOf(target, name);
    },
  });
}

function memberOf(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === "function" ? (value.bind(target) as unknown) : value;
}

describe("a store that takes its time delays nobody", () => {
  test("while its disk is busy, requests are made, answered and learned from", async () => {
    const directory = await mkdtemp(join(tmpdir(), "fairlead-"));
    try {
      const path = join(directory, "network.db");
      const store = await openStore(`sqlite:${path}`);
      const manager = await open({ store });
      // Before the first write, so that every one of them finds the file locked.
      using disk = new DatabaseSync(path);
      disk.exec("BEGIN IMMEDIATE");
      await learn(manager);
      const upgraded = await manager.request(`${either("http")}/json`);
      assert.deepEqual(
        upgraded.transaction.hops.map(({ reason }) => reason),
        ["hsts", "network"],
      );
      await upgraded.bytes();
      const { count } = disk.prepare(WRITTEN).get() ?? {};
      assert.equal(count, 0, "nothing of it is written yet");

      disk.exec("COMMIT");
      await manager.close();
      await store.close();
      await using later = await openStore(`sqlite:${path}`);
      assert.ok(later.collectionNames().includes("hsts"), "all of it was written in the end");
      assert.ok(later.collectionNames().includes("cookies"));
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test("only closing waits for what is not yet written", async () => {
    const gate = Promise.withResolvers<undefined>();
    const memory = await openStore("memory:");
    const store: Store = new Proxy(memory, {
      get(target, name) {
        if (name === "flush") return () => gate.promise;
        return memberOf(target, name);
      },
    });
    const manager = await open({ store });
    await learn(manager);
    assert.equal((await manager.request(`${either("http")}/json`)).transaction.hops[0]?.reason, "hsts");
    let isClosed = false;
    const closing = manager.close().then(() => {
      isClosed = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(isClosed, false);
    gate.resolve(undefined);
    await closing;
    await memory.close();
  });

  test("a ticket that never comes out of the store is bounded by the handshake's deadline, and by the signal", async () => {
    let onTake = (): void => undefined;
    const store = await storeWith(() => ({
      take: () => {
        onTake();
        return new Promise(() => undefined);
      },
    }));
    const first = await open({ store });
    await learn(first);
    await first.close();

    await using bounded = await open({ store, timeouts: { secure: 30 } });
    await assert.rejects(bounded.request(`${either("https")}/json`), { code: "TIMED_OUT", phase: "secure" });
    await using manager = await open({ store });
    const controller = new AbortController();
    onTake = () => {
      controller.abort(new Error("enough"));
    };
    const { signal } = controller;
    await assert.rejects(manager.request(`${either("https")}/json`, { signal }), { message: "enough" });
  });
});

test("a peer that resets the connection while the store is asked for a ticket fails one request", async () => {
  // Comes between the manager and the server, and ends what it is told to.
  const { port } = fixture.network.https;
  let isResetting = false;
  const sockets: Socket[] = [];
  const onSocket = (message: unknown): void => void sockets.push((message as { readonly socket: Socket }).socket);
  subscribe("net.client.socket", onSocket);
  await using relay = await scriptedServer((socket) => {
    if (isResetting) return;
    const server = connect(port, "127.0.0.1");
    server.on("error", () => socket.destroy());
    socket.pipe(server).pipe(socket);
  });
  const store = await storeWith(() => ({
    take: async () => {
      if (!isResetting) return undefined;
      (await relay.connection(2)).resetAndDestroy();
      await closed(sockets.at(-1) ?? assert.fail("the manager has connected"));
      return undefined;
    },
  }));
  const url = `https://localhost:${String(relay.port)}/json`;
  const first = await open({ store });
  await (await first.request(url)).bytes();
  await first.destroy();
  isResetting = true;
  await using manager = await open({ store });
  await assert.rejects(manager.request(url), { code: "CONNECTION_RESET" });
  unsubscribe("net.client.socket", onSocket);
});

describe("a store that throws breaks no response", () => {
  const warnings: Error[] = [];
  const collect = (warning: Error): void => {
    if (warning.name === "FairleadStoreWarning") warnings.push(warning);
  };
  beforeEach(() => {
    warnings.length = 0;
    process.on("warning", collect);
  });
  afterEach(() => {
    process.off("warning", collect);
  });

  const exploding: [what: string, members: Partial<Collection>][] = [
    ["set", { set: explode }],
    ["set and delete", { set: explode, delete: explode }],
    ["take, by throwing", { set: explode, take: explode }],
    ["take, by rejecting", { set: explode, take: () => Promise.reject(new Error(SECRET)) }],
  ];
  for (const [what, members] of exploding) {
    test(`${what}: one warning a manager, without secrets`, async () => {
      // What is there is offered by reads; nothing of it can be taken or written.
      const store = await storeWith((collection) => {
        if (collection.name === "tls-tickets") collection.set("x".repeat(43), Buffer.from("no session"));
        return members;
      });
      const manager = await open({ store });
      await learn(manager);
      await learn(manager);
      await manager.close();
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(warnings.length, 1, inspect(warnings));
      assert.match(warnings[0]?.message ?? "", /^what responses teach cannot be remembered: Error$/);
      assert.ok(!inspect(warnings).includes(SECRET));
    });
  }

  test("a ticket that cannot be taken costs a full handshake", async () => {
    let isBroken = false;
    const store = await storeWith((collection) => ({
      take: (key) => (isBroken ? Promise.reject(new Error(SECRET)) : collection.take(key)),
    }));
    for (const broken of [false, true]) {
      const manager = await open({ store });
      await (await manager.request(`${fixture.network.https.origin}/json`)).bytes();
      await manager.close();
      isBroken = broken;
    }
    isBroken = true;
    await using manager = await open({ store });
    const reply = await manager.request(`${fixture.network.https.origin}/json`);
    assert.equal(reply.transaction.hops[0]?.tls?.resumed, false);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(warnings.length, 1);
  });

  test("once its owner has closed it, requests fail: nobody knows any longer which hosts want https", async () => {
    const store = await openStore("memory:");
    await using manager = await open({ store: withoutFlush(store) });
    await learn(manager);
    await store.close();
    await assert.rejects(manager.request(`${either("http")}/json`), { name: "StoreError", code: "STORE_CLOSED" });
    await assert.rejects(manager.fetch(`${either("http")}/json`), { code: "STORE_CLOSED" });
  });

  function explode(): never {
    throw new Error(SECRET);
  }

  /** The store of a manager that is closed after it. */
  function withoutFlush(store: Store): Store {
    return new Proxy(store, {
      get(target, name) {
        if (name === "flush") return () => Promise.resolve();
        return memberOf(target, name);
      },
    });
  }
});
