import { execFileSync } from "node:child_process";
import assert from "node:assert/strict";
import { test } from "node:test";

/** Says which modules were asked for. */
const observe = `
  import { registerHooks } from "node:module";
  const seen = [];
  registerHooks({ resolve(specifier, context, next) { seen.push(specifier); return next(specifier, context); } });
  await import("@fairlead/rest/content");
  console.log(JSON.stringify(seen));`;

test("importing @fairlead/rest/content loads no parser, nor what the runtime loads late", () => {
  const output = execFileSync(process.execPath, ["--conditions=source", "--input-type=module", "-e", observe], {
    cwd: import.meta.dirname,
    encoding: "utf8",
  });
  const seen: unknown = JSON.parse(output);
  assert.ok(Array.isArray(seen) && seen.includes("@fairlead/rest/content"));
  assert.deepEqual(
    seen.filter((name) => /momoa|parse-xml|^yaml$|^node:util$/.test(String(name))),
    [],
  );
});
