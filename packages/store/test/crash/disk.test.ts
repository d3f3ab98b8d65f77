import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { describe, it, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "../temporary-directory.ts";

/** Mounting needs root, or a system that lets users be root among themselves. */
const namespaces = [["--mount"], ["--map-root-user", "--mount"]];
const program = fileURLToPath(new URL("./disk-process.ts", import.meta.url));

for (const scheme of ["file", "sqlite"]) {
  describe(`a disk (${scheme})`, () => {
    it("that is full at random moments costs nothing that was flushed, and is told by typed errors", (context) => {
      const seen = run(context, "full", scheme);
      if (seen === undefined) return;
      assert.ok(Number(seen["failures"]) > 20, "it was full when something was written");
      assert.deepEqual(seen["warnings"], ["write-failed"]);
      assert.deepEqual(seen["left"], ["store"], "nothing is left of what could not be written");
    });

    it("that is full when a store is opened or made is told by a typed error, and then all is as it was", (context) => {
      const seen = run(context, "fullAtOpening", scheme);
      if (seen === undefined) return;
      const codes = new Set(seen["codes"] as readonly string[]);
      assert.ok(codes.delete("STORE_WRITE_FAILED"), "what was opened could not be written");
      codes.delete("STORE_OPEN_FAILED");
      assert.deepEqual([...codes], [""]);
    });

    it("that is full but for some room is written again and again", (context) => {
      run(context, "fullOfItself", scheme);
    });

    it("that is read-only is read, and told by a warning and typed errors; what is not there cannot be made", (context) => {
      const seen = run(context, "readOnly", scheme);
      if (seen !== undefined) assert.deepEqual(seen["warnings"], ["write-failed"]);
    });

    it("whose directory we may not write is read", (context) => {
      // As root it needs no namespace, and as another user it makes nothing of it.
      const seen = process.geteuid?.() === 0 ? run(context, "closedDirectory", scheme) : undefined;
      if (seen !== undefined) assert.deepEqual(seen["warnings"], ["write-failed"]);
    });
  });
}

/** @returns what the program saw; `undefined` where this user may not mount. */
function run(context: TestContext, scenario: string, scheme: string): Readonly<Record<string, unknown>> | undefined {
  const options = namespaces.find(mayUnshare);
  if (options === undefined) {
    context.diagnostic("this user may not make a mount namespace: nothing to see");
    return undefined;
  }
  using directory = temporaryDirectory();
  const parameters = [...options, process.execPath, "--conditions=source", program, scenario, scheme, directory.path];
  const { status, stdout, stderr } = spawnSync("unshare", parameters, { encoding: "utf8", timeout: 120_000 });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
}

function mayUnshare(options: readonly string[]): boolean {
  try {
    execFileSync("unshare", [...options, "mount", "-t", "tmpfs", "none", "/mnt"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
