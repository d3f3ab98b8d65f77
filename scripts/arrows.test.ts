import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { arrows } from "./package-arrows.ts";

// A rule that sees nothing is as green as one that is kept. So each rule is shown a tree that breaks it: small packages
// named like ours, linked as npm links workspaces, with exports that only the condition `source` can follow.

const root = dirname(import.meta.dirname);
const cruiser = join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");

describe("the arrows between packages", () => {
  let tree: string;

  before(() => {
    tree = mkdtempSync(join(tmpdir(), "fairlead-arrows-"));
    for (const name of ["access", "conformance", "core", "http", "store"]) addPackage(tree, name);
    write(tree, "packages/conformance/src/stream/index.ts", "");
    write(tree, "node_modules/left-pad/package.json", JSON.stringify({ name: "left-pad", version: "1.0.0" }));
    write(tree, "node_modules/left-pad/index.js", "export const leftPad = 1;");
  });

  after(() => {
    rmSync(tree, { recursive: true, force: true });
  });

  const cases: readonly (readonly [
    title: string,
    files: Readonly<Record<string, string>>,
    rules: readonly string[],
  ])[] = [
    [
      "let imports that go downward pass",
      { "packages/access/src/bait.ts": 'import "@fairlead/http"; import "@fairlead/core"; import "node:net";' },
      [],
    ],
    [
      "forbid an import that goes upward",
      { "packages/http/src/bait.ts": 'import "@fairlead/access";' },
      ["arrows-of-http"],
    ],
    [
      "count imports of types",
      { "packages/http/src/bait.ts": 'import type {} from "@fairlead/store";' },
      ["arrows-of-http"],
    ],
    [
      "count dynamic imports",
      { "packages/core/src/bait.ts": 'export const later = import("@fairlead/http");' },
      ["arrows-of-core"],
    ],
    [
      "forbid an import that leads nowhere",
      { "packages/access/src/bait.ts": 'import "@fairlead/http/absent"; import "./absent.ts";' },
      ["no-unresolved", "no-unresolved"],
    ],
    [
      "forbid modules that import each other",
      {
        "packages/core/src/bait.ts": 'import "./bait-too.ts";',
        "packages/core/src/bait-too.ts": 'import type {} from "./bait.ts";',
      },
      ["no-cycles"],
    ],
    [
      "forbid reaching into another package by path",
      { "packages/access/src/bait.ts": 'import "../../core/src/index.ts";' },
      ["no-relative-crossing"],
    ],
    [
      "forbid the platform in pure packages and protocol folders",
      {
        "packages/http/src/bait.ts": 'import "node:crypto";',
        "packages/access/src/deep/protocol/bait.ts": 'import "node:net";',
      },
      ["no-platform-in-pure-packages", "no-platform-in-pure-packages"],
    ],
    [
      "forbid npm packages that were not decided on",
      { "packages/core/src/bait.ts": 'import "left-pad";' },
      ["no-undeclared-dependencies", "third-party-of-core"],
    ],
    [
      "forbid tests in sources, and conformance suites outside tests",
      {
        "packages/core/test/bait.test.ts": 'import "@fairlead/conformance/stream";',
        "packages/store/src/bait.ts": 'import "../test/setting.ts";',
        "packages/store/test/setting.ts": "",
        "scripts/bait.ts": 'import "@fairlead/conformance/stream";',
      },
      ["conformance-in-tests-only", "no-tests-in-sources"],
    ],
    [
      "forbid a package that is not in the list to import another",
      { "packages/extra/src/bait.ts": 'import "@fairlead/core";' },
      ["package-without-arrows"],
    ],
    [
      "forbid attics",
      { "packages/core/src/bait.ts": 'import "./utils.ts";', "packages/core/src/utils.ts": "" },
      ["no-attics"],
    ],
  ];

  for (const [title, files, rules] of cases) {
    test(title, () => {
      for (const [path, text] of Object.entries(files)) write(tree, path, text);
      try {
        assert.deepEqual(brokenRules(tree), rules);
      } finally {
        for (const path of Object.keys(files)) rmSync(join(tree, path));
      }
    });
  }

  test("name every package", () => {
    assert.deepEqual(Object.keys(arrows).sort(), readdirSync(join(root, "packages")).sort());
  });

  test("bound what packages declare", () => {
    for (const [name, below] of Object.entries(arrows)) {
      const declared = Object.keys(readPackage(name).dependencies ?? {}).filter((each) =>
        each.startsWith("@fairlead/"),
      );
      const undrawn = declared.filter((each) => !below.includes(each.slice("@fairlead/".length)));
      assert.deepEqual(undrawn, [], `${name} declares what it may not import`);
    }
  });
});

/** Names of the rules that the tree breaks, sorted, once for each import. */
function brokenRules(tree: string): readonly string[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [cruiser, "--config", join(root, ".dependency-cruiser.js"), "--output-type", "json", "packages", "scripts"],
    { cwd: tree, encoding: "utf8" },
  );
  assert.notEqual(stdout, "", stderr);
  const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } };
  return summary.violations.map(({ rule }) => rule.name).sort();
}

function addPackage(tree: string, name: string): void {
  write(tree, `packages/${name}/package.json`, JSON.stringify(readPackage(name)));
  write(tree, `packages/${name}/src/index.ts`, "");
  mkdirSync(join(tree, "node_modules/@fairlead"), { recursive: true });
  symlinkSync(`../../packages/${name}`, join(tree, "node_modules/@fairlead", name));
  mkdirSync(join(tree, "scripts"), { recursive: true });
}

function readPackage(name: string): { readonly dependencies?: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8")) as ReturnType<
    typeof readPackage
  >;
}

function write(tree: string, path: string, text: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text);
}
