import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./workspace-packages.ts";

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

test("every dependency is named where it is told what it is for", () => {
  const headings = readFileSync(join(root, "docs/decisions/dependencies.md"), "utf8").match(/^### .+$/gm) ?? [];
  const told = new Set(headings.flatMap((heading) => heading.split(/[\s,()`]+/)));
  const manifests = ["package.json", ...globSync("packages/*/package.json", { cwd: root })];
  const untold = manifests.flatMap((path) => {
    // The manifest is ours.
    const manifest = JSON.parse(readFileSync(join(root, path), "utf8")) as Manifest;
    const { dependencies, devDependencies, optionalDependencies, peerDependencies } = manifest;
    return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies })
      .filter((name) => !name.startsWith("@fairlead/"))
      .filter((name) => !told.has(name) && !told.has(name.replace("@types/", "")))
      .map((name) => `${path}: ${name}`);
  });
  assert.deepEqual(untold, []);
});
