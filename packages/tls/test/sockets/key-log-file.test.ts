import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { keyLogFile } from "@fairlead/tls/sockets";

test("a key log is added to, is the owner's alone, and ends with close", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-"));
  try {
    const path = join(folder, "keys.log");
    await writeFile(path, "before\n", { mode: 0o644 });
    const { onKeyLog, close } = keyLogFile(path);
    onKeyLog("CLIENT_RANDOM 00 11");
    close();
    close();
    onKeyLog("too late");
    assert.equal(await readFile(path, "utf8"), "before\nCLIENT_RANDOM 00 11\n");
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a key log is no link to somewhere else", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-"));
  try {
    await writeFile(join(folder, "other"), "");
    await symlink(join(folder, "other"), join(folder, "keys.log"));
    assert.throws(() => keyLogFile(join(folder, "keys.log")), { code: "ELOOP" });
  } finally {
    await rm(folder, { recursive: true });
  }
});
