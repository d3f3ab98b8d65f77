import assert from "node:assert/strict";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openStore, type StoreWarning } from "@fairlead/store";
import { currentUser } from "../../src/permissions.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const posix = { skip: currentUser === undefined ? "no POSIX modes here" : false };
const collection = { maxEntries: 10, secret: false };

describe("repair", posix, () => {
  for (const scheme of ["file", "sqlite"]) {
    it(`closes the files of a store and its directory, and tells (${scheme})`, async () => {
      using directory = temporaryDirectory();
      const inner = join(directory.path, "inner");
      const path = join(inner, "store");
      await makeStore(`${scheme}:${path}`);
      for (const suffix of ["-wal", ".cache"]) writeFileSync(path + suffix, "");
      const names = readdirSync(inner);
      for (const name of names) chmodSync(join(inner, name), 0o664);
      chmodSync(inner, 0o755);
      await assert.rejects(openStore(`${scheme}:${path}`), { code: "STORE_PERMISSIONS" });
      const warnings: StoreWarning[] = [];
      await using store = await openStore(`${scheme}:${path}`, {
        repair: true,
        onWarning: (warning) => warnings.push(warning),
      });
      assert.equal(store.collection("things", collection).size, 1);
      assert.equal(modeOf(inner), "700");
      for (const name of names) assert.equal(modeOf(join(inner, name)), "600", name);
      assert.ok(warnings.every(({ type }) => type === "repaired"));
      assert.deepEqual(warnings.map(({ message }) => message).sort(), [
        `${inner} had mode 0755 and has 0700 now`,
        ...names.map((name) => `${join(inner, name)} had mode 0664 and has 0600 now`).sort(),
      ]);
    });

    it(`does nothing and tells nothing where nothing is to be done (${scheme})`, async () => {
      using directory = temporaryDirectory();
      const warnings: StoreWarning[] = [];
      const options = { repair: true, onWarning: (warning: StoreWarning) => warnings.push(warning) };
      for (let round = 0; round < 2; round++) {
        await using store = await openStore(`${scheme}:${join(directory.path, "made", "store")}`, options);
        store.collection("things", collection).set("a", Buffer.from("1"));
      }
      assert.deepEqual(warnings, []);
    });
  }

  it("does not close a directory in which there is something else", async () => {
    using directory = temporaryDirectory();
    const inner = join(directory.path, "inner");
    const path = join(inner, "store");
    await makeStore(`file:${path}`);
    writeFileSync(join(inner, "index.html"), "");
    chmodSync(inner, 0o755);
    chmodSync(path, 0o644);
    await assert.rejects(openStore(`file:${path}`, { repair: true }), { code: "STORE_PERMISSIONS" });
    assert.deepEqual([modeOf(inner), modeOf(path)], ["755", "644"]);
  });

  it("does not touch a directory above", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "inner", "store");
    await makeStore(`file:${path}`);
    chmodSync(directory.path, 0o777);
    await assert.rejects(openStore(`file:${path}`, { repair: true }), { code: "STORE_PERMISSIONS" });
    assert.equal(modeOf(directory.path), "777");
  });

  it("follows no link and deletes none", async () => {
    using directory = temporaryDirectory();
    const inner = join(directory.path, "inner");
    mkdirSync(inner, 0o700);
    const target = join(directory.path, "target");
    writeFileSync(target, "mine", { mode: 0o644 });
    chmodSync(target, 0o644);
    for (const [suffix, link] of [
      ["-symbolic", symlinkSync],
      ["-hard", linkSync],
    ] as const) {
      const path = join(inner, `store${suffix}`);
      link(target, path);
      for (const scheme of ["file", "sqlite"]) {
        await assert.rejects(openStore(`${scheme}:${path}`, { repair: true }), { code: "STORE_IS_LINK" });
      }
      assert.equal(lstatSync(path).isSymbolicLink(), suffix === "-symbolic");
    }
    assert.deepEqual([modeOf(target), readFileSync(target, "utf8")], ["644", "mine"]);
  });

  it("leaves what is not the store's as it is", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store");
    const other = join(directory.path, "storehouse");
    for (const file of [path, other]) {
      writeFileSync(file, "");
      chmodSync(file, 0o644);
    }
    await (await openStore(`file:${path}`, { repair: true, onWarning: () => undefined })).close();
    assert.deepEqual([modeOf(path), modeOf(other)], ["600", "644"]);
  });
});

async function makeStore(url: string): Promise<void> {
  await using store = await openStore(url);
  store.collection("things", collection).set("a", Buffer.from("1"));
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o7777).toString(8);
}
