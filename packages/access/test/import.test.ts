import { execFileSync } from "node:child_process";
import assert from "node:assert/strict";
import { test } from "node:test";

/** What takes long to load, and most programs do not use: each is loaded with the first request that needs it. */
const late =
  /^(?:undici|tldts|asn1js|koffi|quickjs-wasi|ssh2|node:sqlite|node:tls|node:dgram|node:http2?|node:https|node:zlib|node:worker_threads)(?:$|\/)/;

for (const specifier of ["@fairlead/access", "fairlead"]) {
  test(`importing ${specifier} loads nothing that can wait`, () => {
    // A hook sees what is imported, and the cache of `require` what was required.
    const program = `
      import { createRequire, registerHooks } from "node:module";
      const seen = [];
      registerHooks({ resolve(specifier, context, next) { seen.push(specifier); return next(specifier, context); } });
      await import(${JSON.stringify(specifier)});
      const required = Object.keys(createRequire(import.meta.url).cache).map((path) => path.replace(/^.*node_modules[/\\\\]/, ""));
      const runtime = process.moduleLoadList.filter((name) => name === "NativeModule internal/deps/undici/undici");
      console.log(JSON.stringify({ seen: [...seen, ...required], runtime }));`;
    const flags = [...process.execArgv.filter((flag) => flag.startsWith("--conditions")), "--input-type=module"];
    const output = execFileSync(process.execPath, [...flags, "--eval", program], {
      cwd: new URL("../../fairlead/", import.meta.url),
      encoding: "utf8",
    });
    const { seen, runtime } = JSON.parse(output) as { seen: string[]; runtime: string[] };
    assert.ok(seen.includes("@fairlead/core"), "the hook sees imports");
    assert.deepEqual(
      seen.filter((name) => late.test(name)),
      [],
    );
    assert.deepEqual(runtime, [], "the runtime's own fetch is loaded");
  });
}
