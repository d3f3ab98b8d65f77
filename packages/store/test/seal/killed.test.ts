import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, watch } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { isCodedError } from "@fairlead/core";
import { openStore, type Store } from "@fairlead/store";
import { exitOf } from "../process/start-process.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const roomy = { maxEntries: 10_000, secret: true };
const count = 2_000;
const keys = ["5ea1".repeat(16), "c0de".repeat(16)];
/** After the kill, most stores are found in the middle: so many are not, one after the other, when something is wrong. */
const roundsLimit = 20;

const schemes = { file: isAnnouncedInFile, sqlite: isAnnouncedInDatabase };

describe("kill -9 while everything is encrypted anew", { concurrency: true }, () => {
  for (const [scheme, isAnnounced] of Object.entries(schemes)) {
    it(`leaves all records under one key, when another takes its place (${scheme})`, async () => {
      using directory = temporaryDirectory();
      const path = join(directory.path, "store");
      await fill(await openStore(`${scheme}:${path}`, { key: bytesOf(keys[0]) }));
      let current = 0;
      for (let round = 0, found = false; !found; round++) {
        assert.ok(round < roundsLimit, "it was never killed in the middle");
        found = await killInTheMiddle(`${scheme}:${path}`, current, () => isAnnounced(path));
        current = await assertWhole(`${scheme}:${path}`, [0, 1]);
      }
      assert.deepEqual(readdirSync(directory.path), ["store"]);
    });

    it(`leaves all records of a store that was plain (${scheme})`, async () => {
      for (let round = 0, found = false; !found; round++) {
        assert.ok(round < roundsLimit, "it was never killed in the middle");
        using directory = temporaryDirectory();
        const path = join(directory.path, "store");
        await fill(await openStore(`${scheme}:${path}`));
        found = await killInTheMiddle(`${scheme}:${path}`, 0, () => isAnnounced(path));
        // Where it was quick, it has gone on to the other key.
        await assertWhole(`${scheme}:${path}`, [0, 1]);
        assert.deepEqual(readdirSync(directory.path), ["store"]);
      }
    });
  }
});

/** Kills a process that changes keys as soon as it has announced a change. @returns whether it was not done by then. */
async function killInTheMiddle(url: string, current: number, isAnnounced: () => boolean): Promise<boolean> {
  const directory = dirname(url.slice(url.indexOf(":") + 1));
  const program = fileURLToPath(new URL("./rekeying-process.ts", import.meta.url));
  const [first = "", second = ""] = [keys[current], keys[1 - current]];
  const child = spawn(process.execPath, ["--conditions=source", program, url, first, second]);
  child.stderr.pipe(process.stderr);
  const watcher = watch(directory, () => {
    if (!isAnnounced()) return;
    // Looking at a database is an event, too, and the next one would come before the child's end.
    watcher.close();
    child.kill("SIGKILL");
  });
  const exit = await exitOf(child);
  assert.equal(exit, "SIGKILL");
  return isAnnounced();
}

/** All records are there, and all are under the key that opens the store. @returns which of them that is. */
async function assertWhole(url: string, candidates: readonly number[]): Promise<number> {
  const [candidate, ...others] = candidates;
  assert.ok(candidate !== undefined, "no key opens it");
  const onWarning = ({ message }: { readonly message: string }): void => assert.fail(message);
  let store: Store;
  try {
    store = await openStore(url, { key: bytesOf(keys[candidate]), lostKey: "refuse", onWarning });
  } catch (error) {
    if (isCodedError(error) && error.code === "STORE_KEY_WRONG") return assertWhole(url, others);
    throw error;
  }
  await using open = store;
  const things = open.collection("things", roomy);
  const found = Array.from(things.entries(), ({ key, value }) => [key, Buffer.from(value).toString()]);
  assert.deepEqual(found, records);
  return candidate;
}

const records = Array.from({ length: count }, (_, index) => [`key-${String(index)}`, `value of ${String(index)}`]);

async function fill(store: Store): Promise<void> {
  const things = store.collection("things", roomy);
  for (const [key = "", value = ""] of records) things.set(key, Buffer.from(value));
  await store.close();
}

/** Whether the store says of its seal that another key is about to take its place. */
function isAnnouncedInFile(path: string): boolean {
  return existsSync(path) && readFileSync(path, "utf8").includes('"next":');
}

function isAnnouncedInDatabase(path: string): boolean {
  if (!existsSync(path)) return false;
  using database = new DatabaseSync(path, { readOnly: true, timeout: 1_000 });
  const table = "fairlead-seal";
  if (database.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?").get(table) === undefined) return false;
  const value = database.prepare(`SELECT value FROM "${table}"`).get()?.["value"];
  return value instanceof Uint8Array && Buffer.from(value).includes('"next":');
}

function bytesOf(digits = ""): Uint8Array {
  return Buffer.from(digits, "hex");
}
