import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

/** What is loaded with the first request, or with the first login. */
const late = /\/(?:oauth4webapi|open|packages\/server)\//;

test("importing @fairlead/oauth loads neither the protocol's library nor the server", () => {
  const program = `
    import { registerHooks } from "node:module";
    const seen = [];
    registerHooks({ load: (url, context, next) => (seen.push(url), next(url, context)) });
    await import("@fairlead/oauth");
    console.log(JSON.stringify(seen));`;
  const output = execFileSync(process.execPath, ["--conditions=source", "--input-type=module", "--eval", program], {
    cwd: import.meta.dirname,
    encoding: "utf8",
  });
  const seen = JSON.parse(output) as readonly string[];
  assert.ok(seen.some((url) => url.endsWith("/open-oauth-client.ts")));
  assert.deepEqual(
    seen.filter((url) => late.test(url)),
    [],
  );
});
