import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { root } from "./workspace-packages.ts";

test("in the company of all pure modules, what a platform has does not compile", () => {
  // One import that pulls in the types of Node would give them to all pure modules without a word.
  const impure = ["Buffer", "console", "crypto", "fetch", "performance", "process", "setTimeout", "structuredClone"];
  mkdirSync(join(root, ".work"), { recursive: true });
  const folder = mkdtempSync(join(root, ".work", "pure-"));
  try {
    writeFileSync(join(folder, "bait.ts"), `${impure.map((name) => `void ${name};\n`).join("")}import "node:net";\n`);
    const { include } = JSON.parse(readFileSync(join(root, "tsconfig.pure.json"), "utf8")) as { include: string[] };
    const up = relative(folder, root);
    const configuration = {
      extends: `${up}/tsconfig.pure.json`,
      include: ["bait.ts", ...include.map((each) => `${up}/${each}`)],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(configuration));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", "."], { cwd: folder, encoding: "utf8" });
    const missing = [...stdout.matchAll(/^bait\.ts\(.*Cannot find (?:name|module[^']*) '([^']+)'/gm)].map(
      ([, name]) => name,
    );
    assert.deepEqual(missing, [...impure, "node:net"], stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
