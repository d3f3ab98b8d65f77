/**
 * node scripts/run.mjs scripts/examples.ts
 *
 * Keeps the documentation true: every ```ts block of a README compiles, every block marked ```ts run and every file in
 * examples/ also runs and exits with 0. A block that cannot stand alone is marked ```ts fragment.
 */
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { extractExamples } from "./readme-examples.ts";
import { root } from "./workspace-packages.ts";

const runTimeoutMilliseconds = 60_000;

// Inside the repository, so that imports resolve as they do in it.
const folder = join(root, ".work", "readme");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const programs = globSync("examples/*.ts", { cwd: root }).sort();
let blocks = 0;
for (const path of globSync(["README.md", "packages/*/README.md", "docs/*.md", "docs/guide/*.md"], {
  cwd: root,
}).sort()) {
  for (const { line, mode, code } of extractExamples(readFileSync(join(root, path), "utf8"))) {
    if (mode === "fragment") continue;
    const file = join(folder, `${path.replaceAll("/", "-")}.${line}.ts`);
    // As far down as in the README, so that a message's line number holds for it.
    writeFileSync(file, `${"\n".repeat(line)}${code}\nexport {};\n`);
    blocks += 1;
    if (mode === "run") programs.push(relative(root, file));
  }
}

const configuration = {
  extends: "../../tsconfig.json",
  compilerOptions: { noUnusedLocals: false },
  include: ["*.ts", "../../scripts/electron-for-examples.d.ts"],
};
writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(configuration));
if (blocks > 0) run("compiling the README examples", [join(root, "node_modules/typescript/bin/tsc"), "-p", folder]);
for (const program of programs) run(program, [...process.execArgv, program]);
if (process.exitCode === undefined) console.log(`${blocks} README examples compile, ${programs.length} programs run`);

function run(title: string, args: readonly string[]): void {
  const options = { cwd: root, encoding: "utf8", timeout: runTimeoutMilliseconds } as const;
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, options);
  if (status === 0) return;
  console.error(`${title} ended with ${status ?? signal}:\n${stdout}${stderr}`);
  process.exitCode = 1;
}
