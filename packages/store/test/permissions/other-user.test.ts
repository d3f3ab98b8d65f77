import assert from "node:assert/strict";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openStore } from "@fairlead/store";
import { temporaryDirectory, type TemporaryDirectory } from "../temporary-directory.ts";
import { asNobody, asRoot, nobody } from "./another-user.ts";

const collection = { maxEntries: 10, secret: true };

describe("another user", asRoot, () => {
  for (const scheme of ["file", "sqlite"]) {
    it(`reads nothing of a store that is open, whatever the umask (${scheme})`, async () => {
      using directory = sharedDirectory();
      const path = join(directory.path, "network", "store");
      const before = process.umask(0);
      try {
        await using store = await openStore(`${scheme}:${path}`);
        for (let round = 0; round < 3; round++) {
          store.collection("things", collection).set("a", Buffer.from(`secret ${String(round)}`));
          await store.flush();
          for (const name of readdirSync(join(directory.path, "network"))) {
            const file = join(directory.path, "network", name);
            assert.notEqual(asNobody('cat "$1"', file), 0, name);
            // Its own mode keeps it closed, too, were the directory opened.
            assert.equal(statSync(file).mode & 0o7777, 0o600, name);
          }
          assert.notEqual(asNobody('ls "$1"', join(directory.path, "network")), 0);
        }
      } finally {
        process.umask(before);
      }
      assert.equal(asNobody('mv "$1" "$2"', join(directory.path, "network"), join(directory.path, "away")), 1);
      assert.equal(asNobody('ls "$1"', directory.path), 0, "the attack could work at all");
    });

    it(`cannot have a store made in a directory of theirs (${scheme})`, async () => {
      using directory = sharedDirectory();
      for (const mode of ["700", "755", "777"]) {
        const planted = join(directory.path, `planted-${mode}`);
        assert.equal(asNobody('mkdir "$1" && chmod "$2" "$1"', planted, mode), 0);
        for (const path of [join(planted, "store"), join(planted, "made", "store")]) {
          for (const repair of [false, true]) {
            await assert.rejects(openStore(`${scheme}:${path}`, { repair }), { code: "STORE_FOREIGN_OWNER" });
          }
        }
        assert.deepEqual(readdirSync(planted), []);
      }
    });

    it(`cannot lead a store by a link of theirs to a directory of ours (${scheme})`, async () => {
      using directory = sharedDirectory();
      using ours = temporaryDirectory();
      const link = join(directory.path, "link");
      assert.equal(asNobody('ln -s "$1" "$2"', ours.path, link), 0);
      for (const repair of [false, true]) {
        await assert.rejects(openStore(`${scheme}:${join(link, "store")}`, { repair }), {
          code: "STORE_FOREIGN_OWNER",
        });
      }
      assert.deepEqual(readdirSync(ours.path), []);
      assert.ok(lstatSync(link).isSymbolicLink());
    });

    it(`cannot have what they own used as a store; it is left as it is (${scheme})`, async () => {
      using directory = temporaryDirectory();
      const path = join(directory.path, "store");
      writeFileSync(path, "", { mode: 0o600 });
      chownSync(path, nobody, nobody);
      for (const repair of [false, true]) {
        await assert.rejects(openStore(`${scheme}:${path}`, { repair }), { code: "STORE_FOREIGN_OWNER" });
      }
      assert.equal(statSync(path).uid, nobody);
    });

    it(`cannot plant what we wait for ever on (${scheme})`, async () => {
      using directory = temporaryDirectory();
      const open = join(directory.path, "open");
      mkdirSync(open);
      chmodSync(open, 0o777);
      chmodSync(directory.path, 0o755);
      assert.equal(asNobody('mkfifo "$1"', join(open, "store")), 0);
      await assert.rejects(openStore(`${scheme}:${join(open, "store")}`, { repair: true }), {
        code: "STORE_NOT_A_FILE",
      });
      assert.ok(lstatSync(join(open, "store")).isFIFO());
    });
  }

  for (const suffix of ["-wal", "-shm", "-journal"]) {
    for (const [what, plant] of [
      ["a file", 'echo planted > "$1"'],
      ["a link", 'ln -s /etc/hostname "$1"'],
      ["a pipe", 'mkfifo "$1"'],
    ] as const) {
      it(`cannot plant SQLite's ${suffix}: ${what}`, async () => {
        using directory = temporaryDirectory();
        const open = join(directory.path, "open");
        mkdirSync(open, 0o700);
        const path = join(open, "store");
        await (await openStore(`sqlite:${path}`)).close();
        const content = readFileSync(path);
        chmodSync(directory.path, 0o755);
        chmodSync(open, 0o777);
        assert.equal(asNobody(plant, path + suffix), 0);
        await assert.rejects(openStore(`sqlite:${path}`), { code: "STORE_PERMISSIONS" });
        // The directory is closed; what is not ours stays, for its owner and us to look at.
        await assert.rejects(openStore(`sqlite:${path}`, { repair: true }), {
          code: what === "a file" ? "STORE_FOREIGN_OWNER" : what === "a link" ? "STORE_IS_LINK" : "STORE_NOT_A_FILE",
        });
        assert.equal(statSync(open).mode & 0o7777, 0o700);
        assert.equal(lstatSync(path + suffix).uid, nobody);
        assert.deepEqual(readFileSync(path), content);
      });
    }
  }

  it("who could write to the directory cannot keep a way in by a hard link", async () => {
    for (const [name, code] of [
      ["other", "STORE_PERMISSIONS"],
      ["store-other", "STORE_IS_LINK"],
    ] as const) {
      using directory = temporaryDirectory();
      const open = join(directory.path, "open");
      mkdirSync(open, 0o700);
      const path = join(open, "store");
      await (await openStore(`sqlite:${path}`)).close();
      chmodSync(directory.path, 0o755);
      chmodSync(open, 0o777);
      chmodSync(path, 0o666);
      // fs.protected_hardlinks lets that be: they may write to the file.
      assert.equal(asNobody('ln "$1" "$2"', path, join(open, name)), 0);
      await assert.rejects(openStore(`sqlite:${path}`, { repair: true }), { code });
    }
  });
});

/** As /tmp is. */
function sharedDirectory(): TemporaryDirectory {
  const directory = temporaryDirectory();
  chmodSync(directory.path, 0o1777);
  return directory;
}
