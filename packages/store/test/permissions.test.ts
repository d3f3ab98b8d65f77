import assert from "node:assert/strict";
import { chmodSync, linkSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openStore } from "@fairlead/store";
import { currentUser, openPrivateFile, verifyPrivateFile } from "../src/permissions.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const posix = { skip: currentUser === undefined ? "no POSIX modes here" : false };
const collection = { maxEntries: 10, secret: false };

describe("files and directories that the store makes", posix, () => {
  for (const umask of [0o000, 0o022, 0o777]) {
    for (const scheme of ["file", "sqlite"]) {
      it(`are closed to others under umask ${umask.toString(8).padStart(3, "0")} (${scheme})`, async () => {
        using directory = temporaryDirectory();
        const path = join(directory.path, "outer", "inner", "store");
        const before = process.umask(umask);
        try {
          const store = await openStore(`${scheme}:${path}`);
          store.collection("things", collection).set("a", Buffer.from("secret"));
          await store.flush();
          assert.equal(modeOf(join(directory.path, "outer")), "700");
          assert.equal(modeOf(join(directory.path, "outer", "inner")), "700");
          const files = readdirSync(join(directory.path, "outer", "inner"));
          assert.deepEqual(files.sort(), scheme === "file" ? ["store"] : ["store", "store-shm", "store-wal"]);
          for (const file of files) assert.equal(modeOf(join(directory.path, "outer", "inner", file)), "600", file);
          await store.close();
          await (await openStore(`${scheme}:${path}`)).close();
        } finally {
          process.umask(before);
        }
      });
    }
  }

  it("may stand below a directory that all write to when it has the sticky bit, as /tmp has", async () => {
    using directory = temporaryDirectory();
    chmodSync(directory.path, 0o1777);
    for (const scheme of ["file", "sqlite"]) {
      await (await openStore(`${scheme}:${join(directory.path, "own", scheme)}`)).close();
    }
    assert.equal(modeOf(join(directory.path, "own")), "700");
  });

  it("may stand below a directory that others can read, and in one reached by a link", async () => {
    using directory = temporaryDirectory();
    chmodSync(directory.path, 0o755);
    mkdirSync(join(directory.path, "real"), 0o700);
    symlinkSync("real", join(directory.path, "link"));
    await (await openStore(`sqlite:${join(directory.path, "link", "db")}`)).close();
    assert.equal(modeOf(join(directory.path, "real", "db")), "600");
  });
});

describe("a store that others could read or change", posix, () => {
  for (const scheme of ["file", "sqlite"]) {
    for (const mode of [0o640, 0o604, 0o620, 0o602, 0o777]) {
      it(`is refused: mode ${mode.toString(8)} (${scheme})`, async () => {
        using directory = temporaryDirectory();
        const path = join(directory.path, "it's here");
        await makeStore(`${scheme}:${path}`);
        chmodSync(path, mode);
        await assert.rejects(openStore(`${scheme}:${path}`), {
          name: "StoreError",
          code: "STORE_PERMISSIONS",
          remedy: `run chmod 600 '${directory.path}/it'\\''s here'`,
        });
        chmodSync(path, 0o600);
        await (await openStore(`${scheme}:${path}`)).close();
      });
    }

    it(`is refused: a symbolic link (${scheme})`, async () => {
      using directory = temporaryDirectory();
      const path = join(directory.path, "store");
      await makeStore(`${scheme}:${path}`);
      symlinkSync("store", join(directory.path, "link"));
      symlinkSync("nowhere", join(directory.path, "dangling"));
      for (const link of ["link", "dangling"]) {
        await assert.rejects(openStore(`${scheme}:${join(directory.path, link)}`), { code: "STORE_IS_LINK" });
      }
    });

    it(`is refused: a directory or a socket (${scheme})`, async () => {
      using directory = temporaryDirectory();
      mkdirSync(join(directory.path, "directory"), 0o700);
      const server = createServer().listen(join(directory.path, "socket"));
      await once(server, "listening");
      for (const name of ["directory", "socket"]) {
        await assert.rejects(openStore(`${scheme}:${join(directory.path, name)}`), { code: "STORE_NOT_A_FILE" });
      }
      server.close();
      await once(server, "close");
    });

    for (const mode of [0o755, 0o710, 0o701, 0o720, 0o777]) {
      it(`is refused: in a directory in which others have rights, mode ${mode.toString(8)} (${scheme})`, async () => {
        using directory = temporaryDirectory();
        const inner = join(directory.path, "inner");
        mkdirSync(inner);
        chmodSync(inner, mode);
        const own = `name a directory of its own, which is made for it: ${inner}/fairlead/store`;
        const close = `run chmod 700 ${inner}`;
        await assert.rejects(openStore(`${scheme}:${join(inner, "store")}`), {
          code: "STORE_PERMISSIONS",
          remedy: (mode & 0o022) === 0 ? `${own}; or ${close} if nobody else needs it` : close,
        });
        assert.deepEqual(readdirSync(inner), []);
      });
    }

    it(`is refused: in a directory such as /tmp, which nobody is told to close (${scheme})`, async () => {
      using directory = temporaryDirectory();
      chmodSync(directory.path, 0o1777);
      await assert.rejects(openStore(`${scheme}:${join(directory.path, "store")}`), {
        code: "STORE_PERMISSIONS",
        remedy: `name a directory of its own, which is made for it: ${directory.path}/fairlead/store`,
      });
    });

    it(`is refused: a file that has another name (${scheme})`, async () => {
      using directory = temporaryDirectory();
      const path = join(directory.path, "store");
      await makeStore(`${scheme}:${path}`);
      linkSync(path, join(directory.path, "other"));
      await assert.rejects(openStore(`${scheme}:${path}`), { code: "STORE_IS_LINK", message: /2 names/ });
      rmSync(join(directory.path, "other"));
      await (await openStore(`${scheme}:${path}`)).close();
    });
  }

  for (const suffix of ["-wal", "-shm", "-journal"]) {
    it(`is refused: SQLite's ${suffix} is readable`, async () => {
      using directory = temporaryDirectory();
      const path = join(directory.path, "store");
      await makeStore(`sqlite:${path}`);
      writeFileSync(path + suffix, "", { mode: 0o644 });
      await assert.rejects(openStore(`sqlite:${path}`), {
        code: "STORE_PERMISSIONS",
        remedy: `run chmod 600 ${path}${suffix}`,
      });
    });
  }

  it("is refused: another user's", () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "file");
    writeFileSync(path, "", { mode: 0o600 });
    const somebodyElse = (currentUser ?? 0) + 1;
    const expected = { code: "STORE_FOREIGN_OWNER", remedy: new RegExp(`chown "\\$\\(id -u\\)" ${path}`) };
    assert.throws(() => verifyPrivateFile(path, somebodyElse), expected);
    assert.throws(() => openPrivateFile(path, somebodyElse), expected);
    assert.equal(verifyPrivateFile(path), true);
  });
});

async function makeStore(url: string): Promise<void> {
  await using store = await openStore(url);
  store.collection("things", collection).set("a", Buffer.from("1"));
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o7777).toString(8);
}
