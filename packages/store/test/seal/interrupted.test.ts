import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Batch } from "../../src/change-queue.ts";
import { FileBackend } from "../../src/file/backend.ts";
import { readStoreFile, type StoreFile } from "../../src/file/store-file.ts";
import { RecordStore } from "../../src/record-store.ts";
import { openKeySealing } from "../../src/seal/key-sealing.ts";
import { parseSealRecord } from "../../src/seal/seal-record.ts";
import { readSealRecord } from "../../src/sealed-writer.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const roomy = { maxEntries: 100, secret: true };
const [first, second] = [randomBytes(32), randomBytes(32)];

describe("changing the key, stopped in the middle", () => {
  it("leaves the former key in force when the new one was announced and no more", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store");
    await write(path);
    // Announced; then everything fails, as in a process that was killed.
    const store = await opened(path, first, { failFrom: 2 });
    await assert.rejects(store.rotateKey(second));
    assert.equal(typeof (await sealOf(path)).next, "object", "it was announced");
    const again = await opened(path, first, {}, 0);
    assert.deepEqual(keysOf(again), ["a"]);
    assert.equal((await sealOf(path)).next, undefined, "it was undone");
    await again.close();
  });

  it("has happened when everything was written and only the answer was lost", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store");
    await write(path);
    const store = await opened(path, first, { loseAnswerOf: 2 });
    await store.rotateKey(second);
    store.collection("things", roomy).set("b", Buffer.from("1"));
    await store.close();
    const again = await opened(path, second);
    assert.deepEqual(keysOf(again), ["a", "b"]);
    await again.close();
  });

  it("is undone at once when writing fails but the disk is there again", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store");
    await write(path);
    const store = await opened(path, first, { failOnly: 2 });
    await assert.rejects(store.rotateKey(second), { code: "STORE_WRITE_FAILED" });
    assert.equal((await sealOf(path)).next, undefined);
    store.collection("things", roomy).set("b", Buffer.from("1"));
    await store.rotateKey(second);
    await store.close();
    const again = await opened(path, second);
    assert.deepEqual(keysOf(again), ["a", "b"]);
    await again.close();
  });

  it("is waited for by who opens the store meanwhile", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store");
    await write(path);
    const { store, gate, rotated } = await announced(path);
    const opening = opened(path, second);
    gate.resolve(undefined);
    await rotated;
    const other = await opening;
    assert.deepEqual(keysOf(other), ["a"]);
    await Promise.all([store.close(), other.close()]);
  });

  it("does not bring back what another process takes meanwhile", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store");
    await write(path);
    const other = await opened(path, first);
    const things = other.collection("things", roomy);
    const { store, gate, rotated } = await announced(path);
    // Nobody gets it while the file is locked.
    let taken = await things.take("a");
    while (taken === undefined) taken = await nextTurn().then(() => things.take("a"));
    assert.equal(Buffer.from(taken.value).toString(), "1");
    gate.resolve(undefined);
    await rotated;
    await store.close();
    await other.close().catch(() => undefined);
    const again = await opened(path, second);
    assert.deepEqual(keysOf(again), []);
    await again.close();
  });

  it("fails when another process has taken it for stopped and undone it; the next try does it", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store");
    await write(path);
    const { store, gate, rotated } = await announced(path);
    const other = await opened(path, first, {}, 0);
    assert.deepEqual(keysOf(other), ["a"]);
    await other.close();
    gate.resolve(undefined);
    await rotated;
    await store.close();
    const again = await opened(path, second);
    assert.deepEqual(keysOf(again), ["a"]);
    await again.close();
  });
});

describe("encrypting a plain store, stopped in the middle", () => {
  it("leaves it plain, and the next who opens it with a key encrypts it", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store");
    const plain = new RecordStore(path, new TroubledBackend(path, await readStoreFile(path)), {});
    plain.collection("things", roomy).set("a", Buffer.from("1"));
    await plain.close();
    await assert.rejects(opened(path, first, { openFails: true }), /no space/);
    assert.equal((await sealOf(path)).current, undefined);
    const again = await opened(path, first, {}, 0);
    assert.deepEqual(keysOf(again), ["a"]);
    await again.close();
  });
});

interface Troubles {
  /** Numbers of writes, after opening. */
  readonly failFrom?: number;
  readonly failOnly?: number;
  readonly loseAnswerOf?: number;
  readonly holdOn?: number;
  readonly gate?: Promise<undefined>;
  readonly openFails?: boolean;
}

/** A file store whose disk has troubles. */
class TroubledBackend extends FileBackend {
  #troubles: Troubles = {};
  #writes = 0;
  readonly #writeThrough = this.write;

  constructor(path: string, file: StoreFile) {
    super(path, file, { place: {}, onWarning: () => undefined });
    Object.assign(this, { write: (batch: Batch) => this.#write(batch) });
  }

  start(troubles: Troubles): void {
    this.#writes = 0;
    this.#troubles = troubles;
  }

  async #write(batch: Batch): Promise<void> {
    const number = ++this.#writes;
    const { failFrom = Infinity, failOnly, loseAnswerOf, holdOn, gate } = this.#troubles;
    if (number >= failFrom || number === failOnly) throw new Error("no space left on device");
    if (number === holdOn) await gate;
    await this.#writeThrough(batch);
    if (number === loseAnswerOf) throw new Error("the writing thread crashed");
  }
}

/** A store that has announced that it changes its key, and waits for the gate before it does. */
async function announced(path: string): Promise<{
  readonly store: RecordStore;
  readonly gate: PromiseWithResolvers<undefined>;
  readonly rotated: Promise<void>;
}> {
  const gate = Promise.withResolvers<undefined>();
  const store = await opened(path, first, { holdOn: 2, gate: gate.promise });
  const rotated = store.rotateKey(second);
  while ((await sealOf(path)).next === undefined) await nextTurn();
  return { store, gate, rotated };
}

async function opened(path: string, key: Uint8Array, troubles: Troubles = {}, patience?: number): Promise<RecordStore> {
  const backend = new TroubledBackend(path, await readStoreFile(path));
  if (troubles.openFails === true) backend.start({ failFrom: 2 });
  const found = readSealRecord(backend);
  const options = { url: path, backend, key, store: {}, ...(patience === undefined ? {} : { patience }) };
  const sealing = await openKeySealing(options, found);
  backend.start(troubles);
  return new RecordStore(path, backend, {}, sealing);
}

async function write(path: string): Promise<void> {
  const store = await opened(path, first);
  store.collection("things", roomy).set("a", Buffer.from("1"));
  await store.close();
}

async function sealOf(path: string): Promise<{ readonly current?: unknown; readonly next?: unknown }> {
  const record = parseSealRecord(
    readSealRecord(new TroubledBackend(path, await readStoreFile(path))) ?? new Uint8Array(),
  );
  assert.ok(typeof record === "object");
  return record;
}

function keysOf(store: RecordStore): readonly string[] {
  return Array.from(store.collection("things", roomy).entries(), ({ key }) => key).sort();
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
