import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import { openStore } from "@fairlead/store";
import { temporaryDirectory } from "../temporary-directory.ts";
import { bundlePrograms, type Bundle } from "./bundle.ts";
import { openThings, verifyThings } from "./history.ts";

/** System calls that the store makes and Node's start does not; which are made to fail. */
const faults = [
  "fsync:error=EIO",
  "pwrite64:error=EIO",
  "pwrite64:error=ENOSPC",
  "ftruncate:error=EIO",
  "rename:error=EIO",
  "unlink:error=EIO",
] as const;
/** For strace: one call, three in a row, and every seventh from some call on. */
const times = ["1", "4", "5..7", "9+7"] as const;
/** What a store's methods may fail with. */
const known = new Set(["STORE_OPEN_FAILED", "STORE_WRITE_FAILED"]);

describe("system calls that fail", () => {
  let bundle: Bundle;
  before(async () => {
    bundle = await bundlePrograms("faults-process");
  });
  after(() => {
    bundle[Symbol.dispose]();
  });

  for (const scheme of ["file", "sqlite"]) {
    it(`cost nothing that was flushed, and are told by typed errors only (${scheme})`, async (context) => {
      if (!mayTrace(context)) return;
      let seed = 20_261_123;
      let failures = 0;
      for (const fault of faults) {
        for (const when of times) {
          using directory = temporaryDirectory();
          const place = join(directory.path, "made");
          mkdirSync(place, { mode: 0o700 });
          const url = `${scheme}:${join(place, "store")}`;
          seed++;
          const { flushed, codes } = runWith(`${fault}:when=${when}`, bundle.path("faults-process"), url, seed);
          failures += codes.length;
          for (const code of codes) assert.ok(known.has(code), `${fault} at ${when}: ${code}`);
          await using store = await openStore(url, { onWarning: ({ message }) => assert.fail(message) });
          const step = verifyThings(openThings(store), seed);
          assert.ok(step >= flushed, `${fault} at ${when}: ${String(step)} found, ${String(flushed)} flushed`);
        }
      }
      assert.ok(failures > times.length, "what failed was noticed");
    });
  }
});

function runWith(
  fault: string,
  program: string,
  url: string,
  seed: number,
): { readonly flushed: number; readonly codes: readonly string[] } {
  const [call = ""] = fault.split(":");
  const tracing = ["-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", `trace=${call}`, "-e", `inject=${fault}`];
  const parameters = [...tracing, process.execPath, program, url, String(seed)];
  const { error, status, stdout, stderr } = spawnSync("strace", parameters, { encoding: "utf8", timeout: 60_000 });
  assert.equal(error, undefined, `${fault}: ${stderr}`);
  assert.equal(status, 0, `${fault}: ${stderr}`);
  return JSON.parse(stdout) as { readonly flushed: number; readonly codes: readonly string[] };
}

function mayTrace(context: TestContext): boolean {
  try {
    execFileSync("strace", ["-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "true"], {
      stdio: "ignore",
    });
    return true;
  } catch {
    context.diagnostic("this user may not trace processes: nothing to see");
    return false;
  }
}
