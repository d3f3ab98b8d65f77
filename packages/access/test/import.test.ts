import { execFileSync } from "node:child_process";
import assert from "node:assert/strict";
import { test } from "node:test";

/** What takes long to load, and most programs do not use: each is loaded with the first request that needs it. */
const late =
  /^(?:undici|tldts|asn1js|koffi|quickjs-wasi|ssh2|node:sqlite|node:tls|node:dgram|node:http2?|node:https|node:zlib|node:worker_threads)(?:$|\/)/;

/** What a manager does without until something asks for it; `node:util` brings worker threads, once it is imported. */
const lateOfManager =
  /^(?:undici|koffi|quickjs-wasi|ssh2|node:(?:sqlite|http2?|https|zlib|util|worker_threads))(?:$|\/)/;

for (const specifier of ["@fairlead/access", "fairlead"]) {
  test(`importing ${specifier} loads nothing that can wait`, () => {
    const { seen, runtime } = loadedBy(`await import(${JSON.stringify(specifier)});`);
    assert.deepEqual(
      seen.filter((name) => late.test(name)),
      [],
    );
    assert.deepEqual(runtime, [], "the runtime's own fetch is loaded");
  });
}

test("opening a manager loads nothing that can wait", () => {
  const { seen, runtime } = loadedBy(`
    const { openNetworkAccessManager } = await import("@fairlead/access");
    const manager = await openNetworkAccessManager();
    await manager.close();`);
  assert.deepEqual(
    seen.filter((name) => lateOfManager.test(name)),
    [],
  );
  assert.deepEqual(runtime, [], "the runtime's own fetch is loaded");
});

test("the preload list is read by the first request for a name of the public DNS, and by nothing before", () => {
  const { seen } = loadedBy(`
    const fs = await import("node:fs");
    const read = fs.default.readFileSync;
    fs.default.readFileSync = (file, ...options) => {
      seen.push(String(file));
      return read(file, ...options);
    };
    (await import("node:module")).syncBuiltinESMExports();
    const { openNetworkAccessManager } = await import("@fairlead/access");
    const manager = await openNetworkAccessManager({ resolve: async () => ({ addresses: [] }) });
    for (const host of ["127.0.0.1:1", "localhost:1", "intranet", "a.test", "a.com", "b.com"]) {
      seen.push(host);
      await manager.request("http://" + host + "/").catch(() => undefined);
    }
    await manager.close();`);
  const asked = seen.filter((name) => /^(?:[ab]\.|127|localhost|intranet)|hsts-preload\.bin$/.test(name));
  assert.deepEqual(
    asked.map((name) => name.replace(/^.*\//, "")),
    ["127.0.0.1:1", "localhost:1", "intranet", "a.test", "a.com", "hsts-preload.bin", "b.com"],
  );
});

interface Loaded {
  readonly seen: readonly string[];
  readonly runtime: readonly string[];
}

/** Runs a program in a fresh process. */
function loadedBy(what: string): Loaded {
  // A hook sees what is imported, and the cache of `require` what was required.
  const program = `
    import { createRequire, registerHooks } from "node:module";
    const seen = [];
    registerHooks({ resolve(specifier, context, next) { seen.push(specifier); return next(specifier, context); } });
    ${what}
    const required = Object.keys(createRequire(import.meta.url).cache).map((path) => path.replace(/^.*node_modules[/\\\\]/, ""));
    const runtime = process.moduleLoadList.filter((name) => name === "NativeModule internal/deps/undici/undici");
    console.log(JSON.stringify({ seen: [...seen, ...required], runtime }));`;
  const flags = [...process.execArgv.filter((flag) => flag.startsWith("--conditions")), "--input-type=module"];
  const output = execFileSync(process.execPath, [...flags, "--eval", program], {
    cwd: new URL("../../fairlead/", import.meta.url),
    encoding: "utf8",
  });
  const loaded = JSON.parse(output) as Loaded;
  assert.ok(loaded.seen.includes("@fairlead/core"), "the hook sees imports");
  return loaded;
}
