import assert from "node:assert/strict";
import { chmodSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { openStore, type Collection, type Store, type StoreWarning } from "@fairlead/store";
import { temporaryDirectory } from "../temporary-directory.ts";

const roomy = { maxEntries: 100, secret: false };

describe("what others write in the file", () => {
  // What looks at the file does not keep a process alive.
  let alive: NodeJS.Timeout;
  before(() => {
    alive = setInterval(() => undefined, 60_000);
  });
  after(() => {
    clearInterval(alive);
  });

  it("is there without opening the store again: what a person adds, changes and removes", async () => {
    await using fixture = await open();
    const { things, edit } = fixture;
    things.set("a", Buffer.from("1"));
    things.set("b", Buffer.from("2"));
    await fixture.store.flush();
    const told = changesOf(things, 3);
    edit((text) =>
      text.replace(/"a": .*\n/, '"c": {"value":[3],"expires":"2100-01-01"},\n').replace('"value":2', '"value":4'),
    );
    assert.deepEqual((await told).sort(), ["a=-", "b=4", "c=[3]"]);
    assert.equal(things.get("a"), undefined);
    assert.equal(text(things, "b"), "4");
    assert.equal(things.get("c")?.expiresAt, Date.UTC(2100, 0, 1));
  });

  it("is there in the other store: what a process writes, takes and clears", async () => {
    await using fixture = await open();
    await using other = await openStore(fixture.store.url);
    const theirs = other.collection("things", roomy);
    const { things } = fixture;
    let told = changesOf(things, 2);
    theirs.set("a", Buffer.from("1"));
    theirs.set("b", Buffer.from("2"));
    await other.flush();
    assert.deepEqual(await told, ["a=1", "b=2"]);
    assert.equal(things.get("a")?.writtenAt, theirs.get("a")?.writtenAt);
    told = changesOf(things, 1);
    assert.ok(await theirs.take("a"));
    assert.deepEqual(await told, ["a=-"]);
    told = changesOf(things, 1);
    theirs.clear();
    await other.flush();
    assert.deepEqual(await told, ["b=-"]);
    assert.equal(things.size, 0);
  });

  it("is learned by a write, too, which loses none of it and does not bring back what it deletes", async () => {
    await using fixture = await open();
    const { things, store, edit } = fixture;
    for (const key of ["a", "b", "c"]) things.set(key, Buffer.from("1"));
    await store.flush();
    const told: string[] = [];
    things.onForeignChange((change) => told.push(formatChange(change)));
    edit((before) => before.replaceAll('"value":1', '"value":22'));
    things.delete("a");
    things.set("b", Buffer.from("3"));
    await store.flush();
    assert.deepEqual(told, ["c=22"]);
    assert.deepEqual([...things.entries()].map(({ key }) => `${key}=${text(things, key)}`).sort(), ["b=3", "c=22"]);
    assert.deepEqual(Object.keys(fixture.content().collections["things"] ?? {}), ["c", "b"]);
  });

  it("is not told when it is what we have written", async () => {
    await using fixture = await open();
    const { things, store, edit } = fixture;
    const told: string[] = [];
    things.onForeignChange((change) => told.push(formatChange(change)));
    things.set("a", Buffer.from("1"));
    await store.flush();
    const changes = changesOf(things, 1);
    edit((before) => before.replace("\n    }", ',\n"marker":{"value":1}}'));
    await changes;
    assert.deepEqual(told, ["marker=1"]);
  });

  it("is not written over when it comes while a batch is on its way", async () => {
    await using fixture = await open();
    const { things, store, path, edit } = fixture;
    things.set("a", Buffer.from("1"));
    await store.flush();
    things.set("b", Buffer.from("2"));
    const flushed = store.flush();
    // The batch has read the file, and writes beside it what is to replace it.
    while (!readdirSync(dirname(path)).some((name) => /store\.json\..{36}$/.test(name))) await turn();
    edit((before) => before.replace("\n    }", ',\n"theirs":{"value":3}}'));
    await flushed;
    assert.deepEqual(Object.keys(fixture.content().collections["things"] ?? {}), ["a", "theirs", "b"]);
    assert.equal(text(things, "theirs"), "3");
  });

  it("is believed once it is whole: half an edit leaves everything as it was, and is told once", async () => {
    await using fixture = await open();
    const { things, store, path } = fixture;
    things.set("a", Buffer.from("1"));
    await store.flush();
    const whole = readFileSync(path, "utf8");
    for (const half of [whole.slice(0, 40), ""]) {
      const lost = fixture.nextWarning();
      writeFileSync(path, half);
      assert.equal((await lost).type, "engine-lost");
      assert.equal(text(things, "a"), "1");
      // Nothing is written over it meanwhile.
      things.set("b", Buffer.from("2"));
      const failed = fixture.nextWarning();
      await assert.rejects(store.flush(), { code: "STORE_WRITE_FAILED" });
      assert.equal((await failed).type, "write-failed");
      assert.equal(readFileSync(path, "utf8"), half);
      const back = fixture.nextWarning();
      const told = changesOf(things, 1);
      writeFileSync(path, whole.replace('"value":1', `"value":${half.length}`));
      assert.deepEqual(await told, [`a=${half.length}`]);
      assert.equal((await back).type, "engine-back");
      await store.flush();
      assert.deepEqual(Object.keys(fixture.content().collections["things"] ?? {}), ["a", "b"]);
      const undone = changesOf(things, 2);
      writeFileSync(path, whole);
      await undone;
    }
  });

  it("may be that the file is gone; an editor that puts it back at once is not believed", async () => {
    await using fixture = await open();
    const { things, store, path } = fixture;
    things.set("a", Buffer.from("1"));
    await store.flush();
    renameSync(path, `${path}~`);
    renameSync(`${path}~`, path);
    const told = changesOf(things, 1);
    rmSync(path);
    assert.deepEqual(await told, ["a=-"]);
    things.set("b", Buffer.from("2"));
    await store.flush();
    assert.deepEqual(Object.keys(fixture.content().collections["things"] ?? {}), ["b"]);
  });

  it("is told when others could read it, although nothing is to be written", async () => {
    await using fixture = await open();
    const { things, store, path } = fixture;
    things.set("a", Buffer.from("1"));
    await store.flush();
    const lost = fixture.nextWarning();
    chmodSync(path, 0o644);
    const { type, cause } = await lost;
    assert.equal(type, "engine-lost");
    assert.match(String(cause), /run chmod 600/);
    const back = fixture.nextWarning();
    chmodSync(path, 0o600);
    assert.equal((await back).type, "engine-back");
  });

  it("has its damaged records told, and the others are there", async () => {
    await using fixture = await open();
    const { things, edit, store } = fixture;
    things.set("a", Buffer.from("1"));
    await store.flush();
    const told = changesOf(things, 1);
    const dropped = fixture.nextWarning();
    edit((before) => before.replace("\n    }", ',\n"b":{"value":2},"c":{"expires":1}}'));
    assert.deepEqual(await told, ["b=2"]);
    const { type, collection } = await dropped;
    assert.deepEqual([type, collection], ["record-dropped", "things"]);
  });
});

interface Fixture extends AsyncDisposable {
  readonly path: string;
  readonly store: Store;
  readonly things: Collection;
  /** As an editor does that writes in place. */
  readonly edit: (change: (text: string) => string) => void;
  readonly content: () => { readonly collections: Readonly<Record<string, object>> };
  readonly nextWarning: () => Promise<StoreWarning>;
}

async function open(): Promise<Fixture> {
  const directory = temporaryDirectory();
  const path = join(directory.path, "store.json");
  const waiting: ((warning: StoreWarning) => void)[] = [];
  const store = await openStore(`file:${path}`, {
    onWarning: (warning) => {
      const next = waiting.shift();
      assert.ok(next, `nobody expected ${warning.type}: ${warning.message}`);
      next(warning);
    },
  });
  return {
    path,
    store,
    things: store.collection("things", roomy),
    edit: (change) => {
      writeFileSync(path, change(readFileSync(path, "utf8")));
    },
    // The cast holds for every file of a store.
    content: () => JSON.parse(readFileSync(path, "utf8")) as ReturnType<Fixture["content"]>,
    nextWarning: () => new Promise((resolve) => waiting.push(resolve)),
    [Symbol.asyncDispose]: async () => {
      await store.close();
      directory[Symbol.dispose]();
    },
  };
}

type Change = Parameters<Parameters<Collection["onForeignChange"]>[0]>[0];

/** The next changes by others, as text. */
function changesOf(collection: Collection, count: number): Promise<string[]> {
  return new Promise((resolve) => {
    const told: string[] = [];
    const stop = collection.onForeignChange((change) => {
      told.push(formatChange(change));
      if (told.length < count) return;
      stop();
      resolve(told);
    });
  });
}

function formatChange({ key, record }: Change): string {
  return `${key}=${record === undefined ? "-" : Buffer.from(record.value).toString()}`;
}

function text(collection: Collection, key: string): string {
  return Buffer.from(collection.get(key)?.value ?? []).toString();
}
