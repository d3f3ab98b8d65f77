import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";

describe("npm test", () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), "fairlead-test-"));
    const use = 'import { test } from "node:test";\n';
    write("packages/good/test/deep/one.test.ts", `${use}test("holds", () => {});`);
    write("packages/skipped/test/two.test.ts", `${use}test("left out", { skip: "no peer" }, () => {});`);
    write("packages/bad/test/three.test.ts", `${use}test("breaks", () => { throw new Error(); });`);
    write("packages/empty/test/five.test.ts", "");
    write("packages/dead/test/four.test.ts", "process.exit(3);");
    const seed = 'import { readConfigureGlobal } from "fast-check";\n';
    write("packages/dice/test/six.test.ts", `${use}${seed}test("seed " + readConfigureGlobal().seed, () => {});`);
    for (const name of ["test.ts", "file-deadline.ts", "same-cases.ts"])
      copyFileSync(join(import.meta.dirname, name), join(root, "scripts", name));
    symlinkSync(join(import.meta.dirname, "../node_modules"), join(root, "node_modules"));
  });
  after(() => {
    rmSync(root, { recursive: true, force: true });
  });

  const cases: readonly (readonly [
    title: string,
    args: readonly string[],
    ci: boolean,
    code: number,
    output: RegExp,
  ])[] = [
    ["passes when tests pass, with the runner's summary", ["good"], true, 0, /^ℹ pass 1$/m],
    ["runs the files whose path contains any of the parts", ["good", "skipped"], false, 0, /^ℹ tests 2$/m],
    ["runs the tests that --name matches", ["good", "bad", "--name", "holds"], true, 0, /✔ holds/],
    ["fails when --name matches nothing", ["good", "--name", "absent"], false, 1, /no test has this name:\n {2}absent/],
    ["fails when a file has no test", ["good", "empty"], false, 1, /no test in:\n {2}packages\/empty\/test\/five/],
    ["fails when a test fails", ["good", "bad"], false, 1, /^ℹ fail 1$/m],
    ["fails when a file dies", ["dead"], false, 1, /four\.test\.ts/],
    ["fails when a part names nothing", ["god"], false, 1, /no test file has 'god' in its path/],
    ["lets a skipped test be", ["skipped"], false, 0, /^ℹ skipped 1$/m],
    ["tries properties with the same cases each time in CI", ["dice"], true, 0, /✔ seed \d+ /],
    ["tries properties with other cases each time elsewhere", ["dice"], false, 0, /✔ seed undefined /],
    [
      "fails in CI when a test is skipped, and says which and why",
      ["skipped"],
      true,
      1,
      /two\.test\.ts: left out \(no peer\)/,
    ],
  ];
  for (const [title, args, ci, code, output] of cases) {
    test(title, () => {
      const env = { ...process.env, CI: ci ? "true" : "", NODE_TEST_CONTEXT: undefined };
      const result = spawnSync(process.execPath, [join(root, "scripts/test.ts"), ...args], { encoding: "utf8", env });
      assert.match(result.stdout + result.stderr, output);
      assert.equal(result.status, code);
    });
  }

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    mkdirSync(join(root, "scripts"), { recursive: true });
    writeFileSync(join(root, path), text);
  }
});
