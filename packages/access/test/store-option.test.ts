import { openNetworkAccessManager, type NetworkAccessManagerOptions } from "@fairlead/access";
import { openStore, type StoreWarning } from "@fairlead/store";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "fairlead-store-option-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

describe("the store of a manager", () => {
  test("is mended, and its warnings are heard, where its options say so", async () => {
    const url = `sqlite:${join(directory, "network.db")}`;
    await using first = await openNetworkAccessManager({ store: url });
    await first.close();
    chmodSync(join(directory, "network.db"), 0o644);
    await assert.rejects(openNetworkAccessManager({ store: url }), { code: "STORE_PERMISSIONS" });

    const warnings: StoreWarning[] = [];
    const onWarning = (warning: StoreWarning): number => warnings.push(warning);
    await using manager = await openNetworkAccessManager({ store: { url, repair: true, onWarning } });
    assert.equal(manager.store.url, url);
    assert.equal(statSync(join(directory, "network.db")).mode & 0o777, 0o600);
    assert.deepEqual([...new Set(warnings.map(({ type }) => type))], ["repaired"]);
  });

  test("is encrypted with the key of its options, and closed with the manager", async () => {
    const url = `file:${join(directory, "network.json")}`;
    const key = randomBytes(32);
    const manager = await openNetworkAccessManager({ store: { url, key } });
    const { store } = manager;
    await manager.close();
    await assert.rejects(store.flush(), { code: "STORE_CLOSED" });
    await assert.rejects(openStore(url), { code: "STORE_KEY_REQUIRED" });
    await assert.rejects(openNetworkAccessManager({ store: { url, key: randomBytes(32), lostKey: "refuse" } }), {
      code: "STORE_KEY_WRONG",
    });
  });

  test("hands its options on to Redis", async () => {
    const signal = AbortSignal.abort(new Error("given up"));
    const store = { url: "redis://127.0.0.1:1", redis: { signal } };
    await assert.rejects(openNetworkAccessManager({ store }), { message: "given up" });
  });

  test("has the manager's clock, unless it has its own", async () => {
    await using manager = await openNetworkAccessManager({ store: { url: "memory:" }, now: () => 1_000 });
    const things = manager.store.collection("things", { maxEntries: 1, secret: false });
    things.set("a", new Uint8Array());
    assert.equal(things.get("a")?.writtenAt, 1_000);
  });

  test("that is open stays its owner's", async () => {
    await using store = await openStore("memory:");
    const manager = await openNetworkAccessManager({ store });
    assert.equal(manager.store, store);
    await manager.close();
    await store.flush();
  });

  test("needs a URL", async () => {
    // What a program without types may say.
    const options = { store: { key: "keyring" } } as unknown as NetworkAccessManagerOptions;
    await assert.rejects(openNetworkAccessManager(options), { name: "UsageError", code: "OPTION_INVALID" });
  });
});
