/**
 * node scripts/run.mjs scripts/packaging.ts
 *
 * Checks the tarballs that `npm run build` made: as publint and attw see them, and unpacked in an empty project, where
 * every export is imported, compiled against and the command line is run.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { publicPackages, root, type WorkspacePackage } from "./workspace-packages.ts";

const publint = join(root, "node_modules/publint/src/cli.js");
const attw = join(root, "node_modules/@arethetypeswrong/cli/dist/index.js");
const tsc = join(root, "node_modules/typescript/bin/tsc");

/** What a page loads, and nothing else can: it has Lit for browsers in it. */
const forBrowsersAlone: ReadonlySet<string> = new Set(["@fairlead/widgets/bundle"]);

const packages = publicPackages();
for (const each of packages) {
  const tarball = tarballOf(each);
  run([publint, "run", tarball, "--strict"]);
  run([attw, tarball, "--profile", "esm-only", "--no-emoji", "--quiet"]);
}

const project = mkdtempSync(join(tmpdir(), "fairlead-installed-"));
process.once("exit", () => rmSync(project, { recursive: true, force: true }));
for (const each of packages) install(each, project);
importEverything(project);
const command = join(project, "node_modules/fairlead/bin/fairlead.js");
const published = packages[0]?.manifest.version ?? "?";
const version = run([command, "--version"], project);
if (!version.includes(published)) fail(`fairlead --version says ${version}`);
checkArchive(project, published);
await checkConsole(command, project);
console.log(`${packages.length} packages can be installed, imported and compiled against`);

function tarballOf({ manifest: { name, version } }: WorkspacePackage): string {
  return join(root, "dist", `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
}

/** What npm would do: unpacks the tarball, and puts what the manifest declares, no more, beside it. */
function install(each: WorkspacePackage, project: string): void {
  const target = join(project, "node_modules", each.manifest.name);
  mkdirSync(target, { recursive: true });
  execFileSync("tar", ["-xzf", tarballOf(each), "-C", target, "--strip-components=1"]);
  for (const dependency of Object.keys(each.manifest.dependencies ?? {})) {
    if (!dependency.startsWith("@fairlead/")) link(dependency, target);
  }
}

function importEverything(project: string): void {
  const specifiers = packages.flatMap(({ manifest }) =>
    Object.entries(manifest.exports)
      .filter(([, target]) => typeof target !== "string")
      .map(([path]) => `${manifest.name}${path.slice(1)}`),
  );
  const exporting = (specifier: string, index: number): string => `export * as export${index} from "${specifier}";\n`;
  const inNode = specifiers.filter((specifier) => !forBrowsersAlone.has(specifier));
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
  writeFileSync(join(project, "everything.js"), inNode.map(exporting).join(""));
  run(["everything.js"], project);

  // Nothing above needs them; types of ours speak of them.
  const peers = new Set(packages.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {})));
  for (const peer of peers) link(peer, project);
  link("@types/node", project);
  writeFileSync(join(project, "everything.ts"), specifiers.map(exporting).join(""));
  const strict = ["--strict", "--exactOptionalPropertyTypes", "--module", "nodenext", "--target", "es2024"];
  run([tsc, "--noEmit", ...strict, "--types", "node", "everything.ts"], project);
}

/** An archive names the package that wrote it, whose manifest is not as far from joined modules as from sources. */
function checkArchive(project: string, published: string): void {
  const lines = [
    'import { openNetworkAccessManager } from "fairlead";',
    "await using manager = await openNetworkAccessManager();",
    "console.log(JSON.stringify(await manager.recordHar()));",
  ];
  writeFileSync(join(project, "archive.js"), lines.join("\n"));
  const archive = run(["archive.js"], project);
  if (!archive.includes(`{"name":"@fairlead/access","version":"${published}"}`)) fail(`an archive says ${archive}`);
}

/** The console's page is made when its package is, and lies where the joined modules look for it. */
async function checkConsole(command: string, project: string): Promise<void> {
  const console = spawn(process.execPath, [command, "console", "--no-open", "--store", "memory:"], {
    cwd: project,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, HOME: project },
  });
  try {
    let said = "";
    for await (const piece of console.stdout) {
      said += String(piece);
      if (said.includes("\n")) break;
    }
    const address = /http:\S+/.exec(said)?.[0] ?? fail(`fairlead console says ${said}`);
    const answer = await fetch(address);
    const page = await answer.text();
    const script = / src="([^"]+\.js)"/.exec(page)?.[1] ?? fail(`the console's page is ${page}`);
    const { status, headers } = await fetch(new URL(script, answer.url));
    const type = headers.get("content-type") ?? "";
    if (status !== 200 || !type.includes("javascript")) fail(`the console's script is answered by ${status} ${type}`);
  } finally {
    console.kill("SIGINT");
    await once(console, "exit");
  }
}

function link(dependency: string, folder: string): void {
  const path = join(folder, "node_modules", dependency);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(join(root, "node_modules", dependency), path);
}

/** Runs a program on this Node, without the flags that show it our sources, and returns what it writes. */
function run(args: readonly string[], cwd: string = root): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  if (status !== 0) fail(`${args.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
