import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { createUser, type TestUser } from "../child.ts";

const run = promisify(execFile);
const folder = join(import.meta.dirname, "../../../../examples/test-network");
/** Debian's, which has the module requests. */
const python = "/usr/bin/python3";

/** Those that a machine without them is not set up for tests without; Java and Go are a matter of luck. */
const programs = [
  { command: "bash", args: ["with-curl.sh"], isRequired: true },
  { command: python, args: ["with_http_client.py"], isRequired: true },
  { command: python, args: ["with_requests.py"], isRequired: true },
  { command: "java", args: ["WithHttpClient.java"], isRequired: false },
  { command: "go", args: ["run", "main.go"], isRequired: false },
] as const;

describe("a test network that the command line started", () => {
  let user: TestUser;
  let network: ReturnType<TestUser["start"]>;
  before(async () => {
    user = await createUser();
    network = user.start(["testserver", "--manifest", "network.json", "--ca", "ca.pem", "--json"]);
    await once(network.stdout, "data");
  });
  after(async () => {
    network.kill("SIGTERM");
    await once(network, "exit");
    await user[Symbol.asyncDispose]();
  });

  for (const { command, args, isRequired } of programs) {
    test(`is used by ${[command, ...args].join(" ")}`, async (context) => {
      const done = run(command, [...args, user.path("network.json")], { cwd: folder, timeout: 50_000 });
      const outcome = await done.catch((error: unknown) => {
        const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
        if (isRequired || !isMissing) throw error;
        return undefined;
      });
      if (outcome === undefined) {
        context.diagnostic(`${command} is not on this machine: its example was not run`);
        return;
      }
      const [good, refused, redirect, cookie, ...more] = outcome.stdout.trimEnd().split("\n");
      assert.deepEqual(
        [good, redirect, cookie, more],
        ["good: 200", "redirect: 302, then 200", "cookie: flavour=oat", []],
      );
      assert.match(refused ?? "", /^refused: .*(?:expired|NotAfter)/i);
    });
  }
});
