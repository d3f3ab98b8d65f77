import { readFileSync } from "node:fs";
import { join } from "node:path";
import { arrows, thirdParty } from "./scripts/package-arrows.ts";

const declares = (name, dependency) =>
  dependency in
  (JSON.parse(readFileSync(join(import.meta.dirname, "packages", name, "package.json"), "utf8")).dependencies ?? {});

const arrowRules = Object.entries(arrows).map(([name, below]) => ({
  name: `arrows-of-${name}`,
  comment: `${name} may import ${below.length === 0 ? "no other package" : below.join(", ")}, and declares which of them it does.`,
  severity: "error",
  from: { path: `^packages/${name}/src/` },
  to: {
    path: "^packages/",
    pathNot: [name, ...below.filter((each) => declares(name, `@fairlead/${each}`))].map((each) => `^packages/${each}/`),
  },
}));

const thirdPartyRules = Object.keys(arrows).map((name) => ({
  name: `third-party-of-${name}`,
  comment: `${name} takes ${thirdParty[name]?.join(", ") ?? "nothing"} from npm. A new dependency needs a decision.`,
  severity: "error",
  from: { path: `^packages/${name}/src/` },
  to: { path: "^node_modules/", pathNot: (thirdParty[name] ?? []).map((each) => `^node_modules/${each}/`) },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...arrowRules,
    ...thirdPartyRules,
    {
      name: "package-without-arrows",
      comment: "A new package gets a line in scripts/package-arrows.ts before it may import another.",
      severity: "error",
      from: { path: "^packages/([^/]+)/src/", pathNot: Object.keys(arrows).map((name) => `^packages/${name}/`) },
      to: { path: "^packages/", pathNot: "^packages/$1/" },
    },
    {
      name: "no-cycles",
      comment: "Modules that import each other cannot be read, tested or moved one by one.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-unresolved",
      comment: "An import that leads nowhere escapes every other rule.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "no-relative-crossing",
      comment: "Another package is imported by its name, through its exports.",
      severity: "error",
      from: { path: "^packages/([^/]+)/" },
      to: { path: "^packages/", pathNot: "^packages/$1/", dependencyTypes: ["local"] },
    },
    {
      name: "no-tests-in-sources",
      severity: "error",
      comment: "What is published does not depend on tests.",
      from: { path: "^packages/[^/]+/src/" },
      to: { path: "^packages/[^/]+/test/" },
    },
    {
      name: "no-development-dependencies-in-sources",
      comment: "What sources import must be installed with the package.",
      severity: "error",
      from: { path: "^packages/[^/]+/src/" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["npm", "type-only"] },
    },
    {
      name: "no-undeclared-dependencies",
      comment: "Each package declares what it imports.",
      severity: "error",
      from: { path: "^packages/[^/]+/src/" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "conformance-in-tests-only",
      comment: "Conformance suites are private, and are run by tests; benches start the same peers.",
      severity: "error",
      from: { pathNot: "^(packages/(conformance/|[^/]+/test/)|bench/)" },
      to: { path: "^packages/conformance/" },
    },
    {
      name: "no-platform-in-pure-packages",
      comment: "Rules take bytes, values, the time and a random number as arguments.",
      severity: "error",
      from: {
        path: [
          "^packages/(core|http)/src/",
          "^packages/[^/]+/src/.*/protocol/",
          "^packages/[^/]+/src/protocol/",
          "^packages/widgets/src/.*/rules/",
          "^packages/widgets/src/(text|url)/",
        ],
      },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-attics",
      comment: "A file is named by its concept.",
      severity: "error",
      from: {},
      to: { path: "^packages/.*/(utils?|helpers?|common|misc|types)\\.ts$" },
    },
  ],
  options: {
    // Type-only imports count as arrows.
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)dist/" },
    // Without these, `@fairlead/*` does not resolve, and what does not resolve breaks no rule.
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["source", "import", "node", "default", "types"],
      extensions: [".ts", ".js", ".d.ts"],
    },
  },
};
