import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { faultTypes } from "@fairlead/testserver";
import { endpointFamilies } from "../src/endpoints/index.ts";
import { serviceFamilies } from "../src/services/index.ts";

// Within a family a missing check fails by itself; what could be forgotten is a family.
describe("the checks by clients that are not ours", async () => {
  const tests = await sourcesIn("test");
  const sources = await sourcesIn("src");

  for (const [kind, maker, tester, families] of [
    ["services", "serviceFamily", "describeServices", serviceFamilies],
    ["endpoints", "(?:endpointFamily|httpbinFamily)", "describeFamily", endpointFamilies],
  ] as const) {
    test(`are there for every family of ${kind}`, () => {
      const made = sources.matchAll(new RegExp(`^export const (\\w+)[^=\\n]* =\\s+${maker}\\(`, "gm"));
      const names = [...made].map(([, name]) => name ?? "");
      assert.equal(names.length, families.length);
      for (const name of names) {
        const call = new RegExp(`\\b${tester}\\((?:\\w+\\()?\\s*${name}\\b`);
        assert.ok(call.test(tests), `${name} has no checks: ${tester}(${name}, …)`);
      }
    });
  }

  test("are there for services and faults in more than 150 cases", () => {
    const services = serviceFamilies.flatMap((family) => family.services);
    assert.ok(services.length + faultTypes.length > 150, `${services.length} services, ${faultTypes.length} faults`);
  });
});

async function sourcesIn(folder: string): Promise<string> {
  const root = join(import.meta.dirname, "..", folder);
  const names = (await readdir(root, { recursive: true })).filter((name) => name.endsWith(".ts"));
  return (await Promise.all(names.map((name) => readFile(join(root, name), "utf8")))).join("\n");
}
