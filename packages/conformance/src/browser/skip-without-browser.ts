import { spawnSync } from "node:child_process";

/** Why tests of pages cannot run; `false` when they can, and where what is missing is to be a failure. */
export function skipWithoutBrowser(): string | false {
  if (process.env["CI"] === "true" || browserPath() !== undefined) return false;
  return "there is no Chromium: apt-get install chromium";
}

/** Where the browser is; `undefined` when it is not there. */
export function browserPath(): string | undefined {
  const { status, stdout } = spawnSync("which", ["chromium"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}
