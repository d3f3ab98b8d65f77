import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { ESLint } from "eslint";

// Each rule of eslint.config.js that the design leans on is shown a text that breaks it, under the name of a file that
// it holds for.

const root = dirname(import.meta.dirname);
const eslint = new ESLint({
  cwd: root,
  // With CI=true the parser supposes that each file is linted once, as it is on the disk, and would not see the text.
  overrideConfig: { languageOptions: { parserOptions: { disallowAutomaticSingleRunInference: true } } },
});

const [protocolFile] = globSync("packages/*/src/**/protocol/*.ts", { cwd: root });
assert(protocolFile !== undefined, "no folder is called protocol any more");

describe("pure modules", () => {
  const impure: readonly (readonly [text: string, rule: string])[] = [
    ['import "node:net";', "no-restricted-imports"],
    ['import type {} from "node:tls";', "no-restricted-imports"],
    ['import "net";', "no-restricted-imports"],
    ['import "undici";', "no-restricted-imports"],
    ['export const later = import("tldts");', "no-restricted-syntax"],
    ["void Date.now();", "no-restricted-properties"],
    ["void new Date();", "no-restricted-syntax"],
    ["void Date();", "no-restricted-syntax"],
    ["void Math.random();", "no-restricted-properties"],
    ["void performance;", "no-restricted-globals"],
    ["void console;", "no-restricted-globals"],
    ["void process;", "no-restricted-globals"],
    ["void setTimeout;", "no-restricted-globals"],
    ["void fetch;", "no-restricted-globals"],
    ["void crypto;", "no-restricted-globals"],
    ["void Buffer;", "no-restricted-globals"],
    ["void globalThis;", "no-restricted-globals"],
  ];
  for (const file of [
    "packages/http/src/index.ts",
    "packages/core/src/index.ts",
    "packages/widgets/src/url/index.ts",
    protocolFile,
  ]) {
    for (const [text, rule] of impure) {
      test(`${file} must not say ${text}`, async () => {
        assert((await brokenRules(text, file)).includes(rule));
      });
    }
    test(`${file} may compute with a time that it is given`, async () => {
      assert.deepEqual(
        await brokenRules("void new Date(0).getTime(); void Date.UTC(2026, 0); void Math.max(1, 2);", file),
        [],
      );
    });
  }
  test("drivers may use the platform", async () => {
    assert.deepEqual(await brokenRules('import "node:net"; void Date.now();', "packages/store/src/index.ts"), []);
  });
});

describe("all modules", () => {
  const careless: readonly (readonly [title: string, text: string, rule: string])[] = [
    ["no promise is left alone", "Promise.resolve(1);", "@typescript-eslint/no-floating-promises"],
    [
      "no variant is left out of a switch",
      'declare const v: { type: "a" } | { type: "b" }; switch (v.type) { case "a": break; }',
      "@typescript-eslint/switch-exhaustiveness-check",
    ],
    [
      "no variant hides in a default branch",
      'declare const v: "a" | "b"; switch (v) { case "a": break; default: break; }',
      "@typescript-eslint/switch-exhaustiveness-check",
    ],
    ["there is no any", "/** A. */ export const a = (b: any): void => void b;", "@typescript-eslint/no-explicit-any"],
    [
      "nothing is asserted not to be null",
      "declare const v: { a?: string }; void v.a!;",
      "@typescript-eslint/no-non-null-assertion",
    ],
    ["exports have names", "export default 1;", "no-restricted-syntax"],
    ["exports have docstrings", "// no docstring\nexport const a = 1;", "fairlead/documented-exports"],
    ["libraries do not print", "console.log();", "no-console"],
  ];
  for (const [title, text, rule] of careless) {
    test(title, async () => {
      assert((await brokenRules(text, "packages/store/src/index.ts")).includes(rule));
    });
  }

  test("one docstring serves all overloads", async () => {
    const text =
      "/** F. */\nexport function f(a: 1): 1;\nexport function f(a: 2): 2;\nexport function f(a: 1 | 2): 1 | 2 { return a; }";
    assert(!(await brokenRules(text, "packages/store/src/index.ts")).includes("fairlead/documented-exports"));
  });

  test("tests need not wait for what node:test returns", async () => {
    const text = 'import { describe, it, test } from "node:test"; test("a"); describe("b", () => { it("c"); });';
    assert.deepEqual(await brokenRules(text, "packages/core/test/errors.test.ts"), []);
  });
});

test("the pure packages are those that tsconfig.pure.json compiles without a platform", () => {
  const { include } = JSON.parse(readFileSync(join(root, "tsconfig.pure.json"), "utf8")) as { include: string[] };
  assert.deepEqual(include.filter((each) => !each.includes("**") && !each.endsWith(".d.ts")).sort(), [
    "packages/core/src",
    "packages/http/src",
    "packages/widgets/src/text",
    "packages/widgets/src/url",
  ]);
});

async function brokenRules(text: string, file: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(text, { filePath: join(root, file) });
  assert(result !== undefined);
  return result.messages.map(({ ruleId, message }) => ruleId ?? message).sort();
}
