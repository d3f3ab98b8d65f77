/**
 * npm run build
 *
 * Makes what would be published: JavaScript and declarations in packages/NAME/dist, and a tarball of each public package
 * in dist/.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { npmCommand } from "./npm-command.ts";
import { publicPackages, publishedManifest, root, type WorkspacePackage } from "./workspace-packages.ts";

const tarballFolder = join(root, "dist");
const stagingFolder = join(root, ".work", "publish");

const packages = publicPackages();
compile(packages);
pack(packages.map(stage));

function compile(packages: readonly WorkspacePackage[]): void {
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
