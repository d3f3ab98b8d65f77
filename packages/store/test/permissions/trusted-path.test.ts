import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readdirSync, realpathSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openStore } from "@fairlead/store";
import { currentUser, prepareDirectory } from "../../src/permissions.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const posix = { skip: currentUser === undefined ? "no POSIX modes here" : false };

describe("the way to a store", posix, () => {
  for (const above of [0o777, 0o722, 0o702]) {
    it(`is refused where others could exchange a directory: mode ${above.toString(8)}`, async () => {
      using directory = temporaryDirectory();
      const outer = join(directory.path, "outer");
      mkdirSync(join(outer, "inner"), { recursive: true, mode: 0o700 });
      chmodSync(outer, above);
      for (const scheme of ["file", "sqlite"]) {
        for (const path of ["inner/store", "inner/made/store", "made/store"]) {
          await assert.rejects(openStore(`${scheme}:${join(outer, path)}`), {
            code: "STORE_PERMISSIONS",
            message: /lets other users exchange files/,
            remedy: `run chmod go-w ${outer}`,
          });
        }
      }
      assert.deepEqual(readdirSync(outer), ["inner"]);
      assert.deepEqual(readdirSync(join(outer, "inner")), []);
    });
  }

  it("may lead through directories of root, not of other users", () => {
    using directory = temporaryDirectory();
    const owner = statSync(directory.path).uid;
    const check = (): string => prepareDirectory(join(directory.path, "file"), { user: owner + 1 });
    if (owner === 0) assert.equal(check(), realpathSync(directory.path) + "/file");
    else assert.throws(check, { code: "STORE_FOREIGN_OWNER" });
  });

  it("may lead through a directory that its owner's private group can write to, not another group", () => {
    using directory = temporaryDirectory();
    const { uid, gid } = statSync(directory.path);
    const inner = join(directory.path, "inner");
    mkdirSync(inner, 0o700);
    chmodSync(directory.path, 0o770);
    const check = (): string => prepareDirectory(join(inner, "file"), { user: uid });
    if (uid === gid) assert.equal(check(), join(realpathSync(inner), "file"));
    else assert.throws(check, { code: "STORE_PERMISSIONS" });
    if (uid === 0) {
      const another = { user: gid + 1 };
      assert.throws(() => prepareDirectory(join(inner, "file"), another), { code: "STORE_PERMISSIONS" });
    }
  });

  it("is followed through links, relative ones and absolute ones, up and down", () => {
    using directory = temporaryDirectory();
    const path = realpathSync(directory.path);
    mkdirSync(join(path, "a", "b"), { recursive: true, mode: 0o700 });
    mkdirSync(join(path, "c"), 0o700);
    symlinkSync("../../c", join(path, "a", "b", "relative"));
    symlinkSync(join(path, "a"), join(path, "absolute"));
    symlinkSync("absolute/./b/relative", join(path, "chain"));
    assert.equal(prepareDirectory(join(path, "chain", "made", "store")), join(path, "c", "made", "store"));
    assert.equal(statSync(join(path, "c", "made")).mode & 0o7777, 0o700);
  });

  it("is refused through a link that leads through a directory of others", () => {
    using directory = temporaryDirectory();
    mkdirSync(join(directory.path, "open", "inner"), { recursive: true, mode: 0o700 });
    chmodSync(join(directory.path, "open"), 0o777);
    symlinkSync("open/inner", join(directory.path, "link"));
    assert.throws(() => prepareDirectory(join(directory.path, "link", "store")), { code: "STORE_PERMISSIONS" });
  });

  it("is refused through links that lead nowhere, and nothing is made there", () => {
    using directory = temporaryDirectory();
    symlinkSync("nowhere", join(directory.path, "dangling"));
    symlinkSync("circle", join(directory.path, "circle"));
    for (const link of ["dangling", "circle"]) {
      const failure = { code: "STORE_OPEN_FAILED", message: link === "circle" ? /ELOOP/ : /ENOENT/ };
      assert.throws(() => prepareDirectory(join(directory.path, link, "store")), failure);
    }
    assert.deepEqual(readdirSync(directory.path).sort(), ["circle", "dangling"]);
  });

  it("is refused through a file", () => {
    using directory = temporaryDirectory();
    writeFileSync(join(directory.path, "file"), "");
    const failure = { code: "STORE_OPEN_FAILED", message: /not a directory/ };
    assert.throws(() => prepareDirectory(join(directory.path, "file", "store")), failure);
  });
});
