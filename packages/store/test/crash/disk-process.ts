import assert from "node:assert/strict";
import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { openStore, type Store, type StoreWarning } from "@fairlead/store";
import { doStep, openThings, verifyThings } from "./history.ts";
import { seededRandom } from "./random.ts";
import { mountSmallDisk, type SmallDisk } from "./small-disk.ts";
import { installTraps } from "./traps.ts";

/**
 * What happens on a disk that is full or read-only, run in a mount namespace with: the scenario, the store's scheme, and
 * a directory. Prints, as JSON, what was seen; fails with what should not be.
 */
const [scenario = "", scheme = "", directory = ""] = process.argv.slice(2);
const seed = 20_261_121;
/** Debian's user "nobody". */
const otherUser = 65_534;
const scenarios: Readonly<Record<string, () => Promise<unknown>>> = {
  full,
  fullAtOpening,
  fullOfItself,
  readOnly,
  closedDirectory,
};

installTraps();
console.log(JSON.stringify(await scenarios[scenario]?.()));

/** The disk is full at random moments, with room for some pages more or less, and then has space again. */
async function full(): Promise<unknown> {
  const disk = mountSmallDisk(directory, 16 * 2 ** 20);
  const url = `${scheme}:${join(disk.path, "store", "store")}`;
  const random = seededRandom(seed);
  const warnings: StoreWarning[] = [];
  let store = await openStore(url, { onWarning: (warning) => warnings.push(warning) });
  let things = openThings(store);
  let [step, flushed, failures] = [-1, -1, 0];
  for (let cycle = 0; cycle < 60; cycle++) {
    disk.fill(Math.floor(random() * random() * 40));
    for (let burst = 0; burst < 20; burst++) {
      for (let steps = 1 + Math.floor(random() * 6); steps > 0; steps--) doStep(things, seed, ++step);
      if (await isDurable(store)) {
        flushed = step;
      } else {
        failures++;
        break;
      }
    }
    assert.equal(verifyThings(things, seed), step, "reads go on");
    if (random() < 0.3) {
      // What a process that is killed now would leave.
      const after = await stepOnDisk(url, disk);
      assert.ok(after >= flushed, `cycle ${String(cycle)}: ${String(after)} on disk, ${String(flushed)} flushed`);
    }
    disk.free();
    await store.flush();
    flushed = step;
    if (random() < 0.2) {
      await store.close();
      store = await openStore(url, { onWarning: (warning) => warnings.push(warning) });
      things = openThings(store);
      assert.equal(verifyThings(things, seed), step);
    }
  }
  await store.close();
  assert.equal(await stepOnDisk(url), step);
  const types = new Set(warnings.map(({ type }) => type));
  return { failures, warnings: [...types], left: readdirSync(join(disk.path, "store")) };
}

/** A store is opened, or made, on a disk with room for some pages; then there is space. */
async function fullAtOpening(): Promise<unknown> {
  const disk = mountSmallDisk(directory, 4 * 2 ** 20);
  const existing = `${scheme}:${join(disk.path, "existing", "store")}`;
  await writeStep(existing);
  const codes = new Set<string>();
  for (let pages = 0; pages < 24; pages++) {
    const made = `${scheme}:${join(disk.path, `made-${String(pages)}`, "store")}`;
    for (const url of [existing, made]) {
      disk.fill(pages);
      codes.add(await openAndWrite(url));
      disk.free();
      const step = await stepOnDisk(url);
      assert.ok(step >= (url === existing ? 0 : -1), "nothing that was there is lost");
    }
    await writeStep(made);
    assert.equal(await stepOnDisk(made), 0, "what could not be made can be made now");
  }
  return { codes: [...codes].sort() };
}

/** A full disk with some room, in which all that is written for long finds its place again and again. */
async function fullOfItself(): Promise<unknown> {
  const disk = mountSmallDisk(directory, 8 * 2 ** 20);
  const url = `${scheme}:${join(disk.path, "store", "store")}`;
  let step = -1;
  const writeTo = async (last: number): Promise<void> => {
    await using store = await openStore(url);
    const things = openThings(store);
    while (step < last) {
      doStep(things, seed, ++step);
      if (step % 5 === 0) await store.flush();
    }
  };
  await makeRoom(url);
  await writeTo(400);
  disk.fill(100);
  await writeTo(3_000);
  assert.equal(await stepOnDisk(url), step);
  return { step };
}

/** A store on a read-only disk: one that was closed, one that a process was killed with, none. */
async function readOnly(): Promise<unknown> {
  const disk = mountSmallDisk(directory, 8 * 2 ** 20);
  const url = `${scheme}:${join(disk.path, "store", "store")}`;
  const killed = `${scheme}:${join(disk.path, "killed", "store")}`;
  await writeStep(url);
  await using living = await openStore(`${scheme}:${join(disk.path, "living", "store")}`);
  doStep(openThings(living), seed, 0);
  await living.flush();
  mkdirSync(join(disk.path, "killed"), 0o700);
  cpSync(join(disk.path, "living"), join(disk.path, "killed"), { recursive: true });
  chmodSync(join(disk.path, "killed"), 0o700);
  await living.close();
  disk.remount("ro");
  const warnings = [...(await expectReadOnly(url)), ...(await expectReadOnly(killed))];
  const none = `${scheme}:${join(disk.path, "none", "store")}`;
  await assert.rejects(openStore(none), { name: "StoreError", code: "STORE_OPEN_FAILED" });
  disk.remount("rw");
  assert.equal(await stepOnDisk(url), 0);
  assert.equal(await stepOnDisk(killed), 0);
  await writeStep(none);
  return { warnings: [...new Set(warnings)] };
}

/** A directory that we must not write, in the eyes of another user than root, whom nothing is forbidden. */
async function closedDirectory(): Promise<unknown> {
  const path = join(directory, "store");
  const url = `${scheme}:${join(path, "store")}`;
  chownSync(directory, otherUser, otherUser);
  process.setgid?.(otherUser);
  process.setuid?.(otherUser);
  await writeStep(url);
  chmodSync(path, 0o500);
  const warnings = await expectReadOnly(url);
  chmodSync(path, 0o700);
  assert.equal(await stepOnDisk(url), 0);
  return { warnings };
}

/** @returns the types of warnings. */
async function expectReadOnly(url: string): Promise<readonly string[]> {
  const warnings: string[] = [];
  const store = await openStore(url, { onWarning: ({ type }) => warnings.push(type) });
  const things = openThings(store);
  assert.equal(verifyThings(things, seed), 0, "what was remembered is there");
  const taken = await things.get("things")?.take("step");
  assert.equal(taken, undefined, "another process could have it, too");
  doStep(things, seed, 1);
  assert.equal(verifyThings(things, seed), 1, "what is learned is there as long as the process is");
  assert.deepEqual(store.collectionNames(), [...things.keys()].sort());
  await assert.rejects(store.flush(), { name: "StoreError", code: "STORE_WRITE_FAILED" });
  await assert.rejects(store.close(), { name: "StoreError", code: "STORE_WRITE_FAILED" });
  return [...new Set(warnings)];
}

/** Leaves free pages in a database, so that it need not grow. */
async function makeRoom(url: string): Promise<void> {
  await using store = await openStore(url);
  const padding = store.collection("padding", { maxEntries: 100, secret: false });
  for (let index = 0; index < 40; index++) padding.set(String(index), new Uint8Array(10_000));
  await store.flush();
  padding.clear();
}

async function isDurable(store: Store): Promise<boolean> {
  try {
    await store.flush();
    return true;
  } catch (error) {
    assert.equal(codeOf(error), "STORE_WRITE_FAILED", String(error));
    return false;
  }
}

/** @returns the code of what failed, or nothing. */
async function openAndWrite(url: string): Promise<string> {
  try {
    await using store = await openStore(url, { onWarning: () => undefined });
    doStep(openThings(store), seed, 0);
    return "";
  } catch (error) {
    return codeOf(error);
  }
}

async function writeStep(url: string): Promise<void> {
  assert.equal(await openAndWrite(url), "");
}

/** @returns the step that a store is at for whoever opens it now; giving it some room where it cannot be opened without. */
async function stepOnDisk(url: string, disk?: SmallDisk): Promise<number> {
  try {
    await using store = await openStore(url);
    return verifyThings(openThings(store), seed);
  } catch (error) {
    if (disk === undefined || codeOf(error) !== "STORE_OPEN_FAILED") throw error;
    disk.free();
    return stepOnDisk(url);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  throw error;
}
