/**
 * npm run build
 *
 * Makes what would be published: JavaScript and declarations in packages/NAME/dist, and a tarball of each public package
 * in dist/. A package's modules are joined to a few files, since Node takes a third of a millisecond for each, and there
 * are hundreds; they are without spaces and comments, since it reads them whole, and the sources with maps to them are
 * beside them. What is imported when it is used, and what exports share, are files of their own.
 */
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { loadPageFiles } from "../packages/console/page-build/from-source.ts";
import { bundleForBrowsers } from "./browser-bundle.ts";
import { elementManifest } from "./element-manifest.ts";
import { npmCommand } from "./npm-command.ts";
import { publicPackages, publishedManifest, root, type WorkspacePackage } from "./workspace-packages.ts";

const tarballFolder = join(root, "dist");
const stagingFolder = join(root, ".work", "publish");

/** What a package starts by its URL: the command line by `bin`, threads by themselves. */
const started: Readonly<Record<string, readonly string[]>> = {
  fairlead: ["main.ts"],
  store: ["sqlite/writer-thread.ts"],
  testserver: ["stress/keeper-process.ts", "stress/late-timers.ts"],
};

/** What browsers load as it is, in a package's folder `dist`: joined with all that it rests on. */
const forBrowsers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  widgets: { "bundle/fairlead-widgets": "src/bundle/fairlead-widgets.ts" },
};

/** What stands in the place of what a package does differently in this repository. */
const inPlaceOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  console: { "#page-files": "src/page-files/built.ts" },
};

const packages = publicPackages();
declare(packages);
for (const each of packages) await bundle(each);
writeFileSync(join(root, "packages/widgets/dist/custom-elements.json"), JSON.stringify(elementManifest(), null, 2));
pack(packages.map(stage));

/** Checks the sources, and writes declarations. */
function declare(packages: readonly WorkspacePackage[]): void {
  for (const { folder } of packages) {
    rmSync(join(folder, "dist"), { recursive: true, force: true });
    rmSync(join(folder, "build.tsbuildinfo"), { force: true });
  }
  runOrExit(process.execPath, [
    join(root, "node_modules/typescript/bin/tsc"),
    "--build",
    join(root, "tsconfig.build.json"),
  ]);
}

/** Writes JavaScript. All of it stands beside `index.js`, so that URLs relative to a module hold wherever it ends up. */
async function bundle({ name, folder, manifest }: WorkspacePackage): Promise<void> {
  const sources = join(folder, "src");
  const exported = Object.values(manifest.exports).flatMap((target) =>
    typeof target === "string" || target.source === undefined || isForBrowsers(name, target.default)
      ? []
      : [{ in: join(folder, target.source), out: relative("dist", target.default).replace(/\.js$/, "") }],
  );
  const files = (started[name] ?? []).map((file) => ({ in: join(sources, file), out: basename(file, ".ts") }));
  await build({
    entryPoints: [...exported, ...files],
    outdir: join(folder, "dist"),
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    packages: "external",
    alias: Object.fromEntries(
      Object.entries(inPlaceOf[name] ?? {}).map(([path, file]) => [path, join(folder, file)] as const),
    ),
    platform: "node",
    format: "esm",
    target: "node22.19",
    sourcemap: true,
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: "warning",
  });
  if (name === "console") await writeConsolePage(join(folder, "dist", "page"));
  for (const [path, source] of Object.entries(forBrowsers[name] ?? {})) {
    const to = join(folder, "dist", dirname(path));
    mkdirSync(to, { recursive: true });
    const joined = await bundleForBrowsers({ entries: { [basename(path)]: join(folder, source) } });
    for (const file of joined) writeFileSync(join(to, file.name), file.bytes);
  }
}

function isForBrowsers(name: string, target: string): boolean {
  return Object.keys(forBrowsers[name] ?? {}).some((path) => target === `./dist/${path}.js`);
}

/** The console's page, as it is served. */
async function writeConsolePage(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of await loadPageFiles()) writeFileSync(join(folder, name), bytes);
}

/** A copy of what the package's `files` name, with the manifest that others may see and the licence. */
function stage({ name, folder, manifest }: WorkspacePackage): string {
  const staged = join(stagingFolder, name);
  rmSync(staged, { recursive: true, force: true });
  mkdirSync(staged, { recursive: true });
  for (const each of [...manifest.files, ...(manifest.bin === undefined ? [] : ["bin"])]) {
    if (existsSync(join(folder, each))) cpSync(join(folder, each), join(staged, each), { recursive: true });
  }
  cpSync(join(root, "LICENSE"), join(staged, "LICENSE"));
  writeFileSync(join(staged, "package.json"), `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`);
  return staged;
}

function pack(staged: readonly string[]): void {
  rmSync(tarballFolder, { recursive: true, force: true });
  mkdirSync(tarballFolder, { recursive: true });
  const [npm, ...prefix] = npmCommand();
  runOrExit(npm, [...prefix, "pack", "--silent", "--pack-destination", tarballFolder, ...staged], "ignore");
  console.log(`${readdirSync(tarballFolder).length} packages in dist/`);
}

function runOrExit(command: string, args: readonly string[], stdout: "inherit" | "ignore" = "inherit"): void {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["ignore", stdout, "inherit"] });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
