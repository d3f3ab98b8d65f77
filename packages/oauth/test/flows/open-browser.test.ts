import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

test("the system's browser gets the address as one argument, and no shell reads it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-browser-"));
  try {
    const browser = join(folder, "browser");
    const seen = join(folder, "seen");
    await writeFile(browser, `#!/bin/sh\nprintf '%s\\n' "$#" "$1" > "${seen}.part"\nmv "${seen}.part" "${seen}"\n`);
    await chmod(browser, 0o700);
    const address = "https://login.example/authorize?a=1&b=$(touch%20x)`id`;'%22%20--help";
    const program = `
      import { watch } from "node:fs";
      import { openBrowser } from ${JSON.stringify(import.meta.resolve("../../src/flows/open-browser.ts"))};
      const opened = new Promise((resolve) => {
        const watcher = watch(${JSON.stringify(folder)}, (_, name) => name === "seen" && (watcher.close(), resolve()));
      });
      await openBrowser(new URL(${JSON.stringify(address)}));
      await opened;`;
    execFileSync(process.execPath, ["--conditions=source", "--input-type=module", "--eval", program], {
      cwd: folder,
      timeout: 20_000,
      // What this machine has for browsers is none of them.
      env: { PATH: process.env["PATH"], HOME: folder, XDG_DATA_DIRS: folder, BROWSER: browser, DISPLAY: ":0" },
    });
    assert.deepEqual((await readFile(seen, "utf8")).trimEnd().split("\n"), ["1", new URL(address).href]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
