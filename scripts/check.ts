/**
 * npm run check -- [STEP...]
 *
 * Everything but the tests that has to hold before a change is good. Prints a line for each step, and the output of
 * those that fail.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { styleText } from "node:util";
import { root } from "./workspace-packages.ts";

interface Step {
  readonly name: string;
  /** What holds when it passes. */
  readonly claim: string;
  /** Commands for this Node, one after the other. */
  readonly commands: readonly (readonly string[])[];
}

const tool = (path: string): string => join("node_modules", path);
const script = (name: string): string => join("scripts", name);

/** The longest first: the others fit beside them. */
const steps: readonly Step[] = [
  {
    name: "packaging",
    claim: "what would be published installs, imports and runs",
    commands: [[script("build.ts")], [script("packaging.ts")]],
  },
  {
    name: "lint",
    claim: "no floating promise, no forgotten variant, no impure rule",
    commands: [[tool("eslint/bin/eslint.js"), "--max-warnings=0", "."]],
  },
  {
    name: "types",
    claim: "sources, tests, benches, examples and scripts compile",
    commands: ["tsconfig.json", "tsconfig.browser.json", "tsconfig.browser-tests.json"].map((project) => [
      tool("typescript/bin/tsc"),
      "--project",
      project,
    ]),
  },
  {
    name: "pure",
    claim: "pure modules compile without a platform",
    commands: [[tool("typescript/bin/tsc"), "--project", "tsconfig.pure.json"]],
  },
  {
    name: "arrows",
    claim: "packages import downward, nothing goes round, everything resolves",
    commands: [
      [
        tool("dependency-cruiser/bin/dependency-cruiser.mjs"),
        ...["--config", ".dependency-cruiser.js"],
        ...["packages", "bench", "examples", "scripts"].filter((folder) => existsSync(join(root, folder))),
      ],
    ],
  },
  {
    name: "examples",
    claim: "examples and README examples compile and run",
    commands: [[script("examples.ts")]],
  },
  {
    name: "format",
    claim: "files are formatted",
    commands: [[tool("@biomejs/biome/bin/biome"), "format", "."]],
  },
  {
    name: "docs",
    claim: "the references of errors and of the test network are up to date",
    commands: [[script("docs.ts"), "--check"]],
  },
];

const concurrency = 2;
const stepTimeoutMilliseconds = 10 * 60_000;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(", ")}; there are ${steps.map(({ name }) => name).join(", ")}`);
  process.exit(1);
}

const queue = steps.filter(({ name }) => wanted.length === 0 || wanted.includes(name)).values();
await Promise.all(Array.from({ length: concurrency }, work));

async function work(): Promise<void> {
  for (const step of queue) {
    const start = performance.now();
    const failure = await firstFailure(step);
    const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5);
    const mark = failure === undefined ? styleText("green", "✔") : styleText("red", "✖");
    console.log(`${mark} ${step.name.padEnd(10)} ${seconds} s  ${step.claim}`);
    if (failure === undefined) continue;
    process.exitCode = 1;
    console.log(failure.replace(/^/gm, "    ").trimEnd());
  }
}

/** Output of the first command that fails. */
async function firstFailure(step: Step): Promise<string | undefined> {
  for (const command of step.commands) {
    const { code, output } = await run(command);
    if (code !== 0) return output === "" ? `exit code ${code}` : output;
  }
  return undefined;
}

async function run(command: readonly string[]): Promise<{ readonly code: number | string; readonly output: string }> {
  const child = spawn(process.execPath, [...process.execArgv, ...command], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: stepTimeoutMilliseconds,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code: code ?? signal ?? "unknown", output }));
  });
}
