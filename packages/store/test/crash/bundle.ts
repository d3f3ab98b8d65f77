import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Programs that start in a third of the time that their sources take, for tests that start thousands. */
export interface Bundle extends Disposable {
  /** The path of a program by the name of its source. */
  path(name: string): string;
}

/** Bundles programs of this directory, with what SQLite's writing thread runs beside them. */
export async function bundlePrograms(...names: readonly string[]): Promise<Bundle> {
  const directory = mkdtempSync(join(tmpdir(), "fairlead-bundle-"));
  const sources = names.map((name) => fileURLToPath(new URL(`./${name}.ts`, import.meta.url)));
  await build({
    entryPoints: [...sources, fileURLToPath(new URL("../../src/sqlite/writer-thread.ts", import.meta.url))],
    entryNames: "[name]",
    outdir: directory,
    bundle: true,
    // It is native.
    external: ["@napi-rs/keyring"],
    format: "esm",
    platform: "node",
    // The client of Redis is CommonJS, and calls it.
    banner: { js: `const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);` },
    conditions: ["source"],
    logLevel: "error",
  });
  writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
  return {
    path: (name) => join(directory, `${name}.js`),
    [Symbol.dispose]: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
