/**
 * npm run fuzz -- [SECONDS] [SEED]
 *
 * Runs each package's fuzz program for so many seconds (60), from a seed that it prints. `npm test` runs the same programs
 * for some seconds from a seed that never changes.
 */
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace-packages.ts";

const [seconds = "60", seed = String(Math.floor(Math.random() * 2 ** 31))] = process.argv.slice(2);
if (!(Number(seconds) > 0) || !Number.isInteger(Number(seed))) {
  console.error("usage: npm run fuzz -- [SECONDS] [SEED]");
  process.exit(1);
}

for (const program of globSync("packages/*/test/programs/fuzz.ts", { cwd: root }).sort()) {
  console.log(`${program} --seconds ${seconds} --seed ${seed}`);
  const parameters = [...process.execArgv, join(root, program), "--seconds", seconds, "--seed", seed];
  const { status, signal } = spawnSync(process.execPath, parameters, { cwd: root, stdio: "inherit" });
  if (status === 0) continue;
  console.error(`ended with ${signal ?? String(status)}`);
  process.exitCode = 1;
}
