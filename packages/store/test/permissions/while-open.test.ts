import assert from "node:assert/strict";
import { chmodSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openStore, type Store, type StoreWarning } from "@fairlead/store";
import { currentUser } from "../../src/permissions.ts";
import { temporaryDirectory, type TemporaryDirectory } from "../temporary-directory.ts";

const posix = { skip: currentUser === undefined ? "no POSIX modes here" : false };
const places = { file: ["", "store"], sqlite: ["", "store", "store-wal", "store-shm"] };

describe("a store that somebody opens to others while it is in use", posix, () => {
  for (const [scheme, names] of Object.entries(places)) {
    for (const name of names) {
      const what = `${name === "" ? "the directory" : name} (${scheme})`;

      it(`has nothing more written to it until it is closed again: ${what}`, async () => {
        using directory = temporaryDirectory();
        const warnings: StoreWarning[] = [];
        await using store = await openWithRecord(directory, scheme, { onWarning: (warning) => warnings.push(warning) });
        const loosened = join(directory.path, name);
        const mode = statSync(loosened).mode;
        chmodSync(loosened, mode | 0o044);
        set(store, "new secret");
        await assert.rejects(store.flush(), (error: Error) => {
          assert.equal((error as Error & { code: unknown }).code, "STORE_WRITE_FAILED");
          assert.match(String(error.cause), /other users have rights.*run chmod [67]00/);
          return true;
        });
        assert.deepEqual(
          warnings.map(({ type }) => type),
          ["write-failed"],
        );
        assert.ok(!everything(directory).includes("new secret"));
        chmodSync(loosened, mode);
        await store.flush();
        assert.ok(everything(directory).includes("new secret"));
      });

      it(`is closed again by repair, before anything is written: ${what}`, async () => {
        using directory = temporaryDirectory();
        const warnings: StoreWarning[] = [];
        const options = { repair: true, onWarning: (warning: StoreWarning) => warnings.push(warning) };
        await using store = await openWithRecord(directory, scheme, options);
        const loosened = join(directory.path, name);
        const mode = statSync(loosened).mode;
        chmodSync(loosened, mode | 0o044);
        set(store, "new secret");
        await store.flush();
        assert.equal(statSync(loosened).mode, mode);
        assert.deepEqual(
          warnings.map(({ type }) => type),
          ["repaired"],
        );
      });
    }
  }
});

async function openWithRecord(
  { path }: TemporaryDirectory,
  scheme: string,
  options: { readonly onWarning: (warning: StoreWarning) => void },
): Promise<Store> {
  const store = await openStore(`${scheme}:${join(path, "store")}`, options);
  set(store, "old secret");
  await store.flush();
  return store;
}

function set(store: Store, value: string): void {
  store.collection("things", { maxEntries: 10, secret: true }).set("a", Buffer.from(JSON.stringify(value)));
}

function everything({ path }: TemporaryDirectory): string {
  return readdirSync(path)
    .map((name) => readFileSync(join(path, name), "latin1"))
    .join();
}
