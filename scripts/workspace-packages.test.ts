import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { publicPackages, publishedManifest, root, workspacePackages } from "./workspace-packages.ts";

const packages = workspacePackages();
const [first] = packages;
assert(first !== undefined);

/** Packages with data of others in them. */
const licences: Readonly<Record<string, string>> = { "hsts-preload": "Apache-2.0 AND MPL-2.0" };

for (const { name, folder, manifest } of packages) {
  describe(`packages/${name}`, () => {
    test("shares version, licence, module type and oldest Node.js with the others", () => {
      const { version, license, type, engines } = manifest;
      assert.deepEqual(
        { version, license, type, engines },
        {
          version: first.manifest.version,
          license: licences[name] ?? "Apache-2.0",
          type: "module",
          engines: { node: ">=22.19" },
        },
      );
    });

    test("is named like its folder, and says what it is", () => {
      assert.equal(manifest.name, name === "fairlead" ? "fairlead" : `@fairlead/${name}`);
      assert.match(manifest.description, /^[A-Z].*[^.]$/);
      assert(existsSync(join(folder, "README.md")), "README.md is missing");
    });

    test("exports sources here and what is built from them elsewhere", () => {
      for (const [path, target] of Object.entries(manifest.exports)) {
        if (typeof target === "string") continue;
        const stem = /^\.\/src\/(.+)\.ts$/.exec(target.source ?? "")?.[1];
        assert(stem !== undefined && existsSync(join(folder, "src", `${stem}.ts`)), `${path} has no source`);
        assert.deepEqual(target, {
          source: `./src/${stem}.ts`,
          types: `./dist/${stem}.d.ts`,
          default: `./dist/${stem}.js`,
        });
      }
    });

    test("takes other packages of this repository in this version, and nothing in a range", () => {
      for (const [dependency, version] of Object.entries(manifest.dependencies ?? {})) {
        if (dependency.startsWith("@fairlead/")) assert.equal(version, manifest.version);
        assert.match(version, /^\d+\.\d+\.\d+$/, dependency);
      }
    });
  });
}

for (const { name, folder, manifest } of publicPackages()) {
  describe(`packages/${name}, published`, () => {
    test("is built after what it depends on", () => {
      const { references = [] } = JSON.parse(readFileSync(join(folder, "tsconfig.build.json"), "utf8")) as {
        references?: { path: string }[];
      };
      const dependencies = Object.keys(manifest.dependencies ?? {}).filter((each) => each.startsWith("@fairlead/"));
      assert.deepEqual(
        references.map(({ path }) => path),
        dependencies.map((each) => `../${each.slice("@fairlead/".length)}/tsconfig.build.json`).sort(),
      );
    });

    test("depends on nothing private", () => {
      const published = publicPackages().map((each) => each.manifest.name);
      for (const each of Object.keys(manifest.dependencies ?? {})) {
        assert(!each.startsWith("@fairlead/") || published.includes(each), each);
      }
    });

    test("does not show its sources to Node", () => {
      assert.doesNotMatch(JSON.stringify(publishedManifest(manifest).exports), /source|\.\/src/);
    });
  });
}

test("every public package is built", () => {
  const { references } = JSON.parse(readFileSync(join(root, "tsconfig.build.json"), "utf8")) as {
    references: { path: string }[];
  };
  assert.deepEqual(
    references.map(({ path }) => path),
    publicPackages().map(({ name }) => `packages/${name}/tsconfig.build.json`),
  );
});
