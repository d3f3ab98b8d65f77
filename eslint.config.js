import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";
import { documentedExports } from "./scripts/documented-exports.js";

const impureGlobals = [
  "Buffer",
  "clearImmediate",
  "clearInterval",
  "clearTimeout",
  "console",
  "crypto",
  "fetch",
  "global",
  "globalThis",
  "performance",
  "process",
  "queueMicrotask",
  "setImmediate",
  "setInterval",
  "setTimeout",
  "WebSocket",
];

/** The sources where protocol rules live: bytes, values, the time and a random number come in as arguments. */
const pureSources = [
  "packages/{core,http}/src/**/*.ts",
  "packages/*/src/**/protocol/**/*.ts",
  "packages/widgets/src/{text,url}/**/*.ts",
  "packages/widgets/src/**/rules/**/*.ts",
];

const noDefaultExport = {
  selector: "ExportDefaultDeclaration",
  message: "Export by name.",
};

export default defineConfig(
  globalIgnores(["**/dist/", "**/node_modules/", ".work/", "scripts/pure-platform.d.ts"]),
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ["./tsconfig.json", "./tsconfig.browser.json", "./tsconfig.browser-tests.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      eqeqeq: "error",
      "no-restricted-syntax": ["error", noDefaultExport],
      "@typescript-eslint/consistent-type-exports": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        {
          allowDefaultCaseForExhaustiveSwitch: false,
          considerDefaultExhaustiveForUnions: false,
          requireDefaultForNonUnion: false,
        },
      ],
      // node:test runs what it is given whether or not its promise is looked at.
      "@typescript-eslint/no-floating-promises": [
        "error",
        {
          allowForKnownSafeCalls: [
            { from: "package", package: "node:test", name: ["describe", "it", "suite", "test"] },
          ],
        },
      ],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `signal.reason` is whatever the caller aborted with, and is passed on as it is.
      "@typescript-eslint/only-throw-error": ["error", { allowThrowingAny: true, allowThrowingUnknown: true }],
      "@typescript-eslint/prefer-promise-reject-errors": [
        "error",
        { allowThrowingAny: true, allowThrowingUnknown: true },
      ],
      // It asks for `!`, which is forbidden.
      "@typescript-eslint/non-nullable-type-assertion-style": "off",
      // A contract's method stays `async` where an implementation has nothing to wait for: its throws become rejections.
      "@typescript-eslint/require-await": "off",
    },
  },
  {
    files: ["packages/*/src/**/*.ts"],
    plugins: { fairlead: { rules: { "documented-exports": documentedExports } } },
    rules: { "fairlead/documented-exports": "error" },
  },
  {
    files: ["packages/*/src/**/*.ts"],
    ignores: ["packages/fairlead/src/**"],
    rules: { "no-console": "error" },
  },
  {
    files: pureSources,
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: "^(?!\\.{1,2}/|@fairlead/(core|http)(/|$)|@fairlead/widgets/(url|tls-settings)$|tldts$|cborg$)",
              message: "A pure module imports pure modules only: no `node:`, no I/O.",
            },
          ],
        },
      ],
      "no-restricted-globals": [
        "error",
        ...impureGlobals.map((name) => ({ name, message: "A pure module takes what it needs as an argument." })),
      ],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: "A pure module takes the time as an argument." },
        { object: "Math", property: "random", message: "A pure module takes random numbers as arguments." },
      ],
      "no-restricted-syntax": [
        "error",
        noDefaultExport,
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0], CallExpression[callee.name='Date']",
          message: "A pure module takes the time as an argument.",
        },
        { selector: "ImportExpression", message: "A pure module has static imports only." },
      ],
    },
  },
);
