import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { type RegisterHook, testNetwork } from "@fairlead/testserver/fixture";

const services = ["http", "control"] as const;

describe("a test network for a file of tests", () => {
  test("is started once, is as new for each test, and lets node --test end", async () => {
    const file = join(import.meta.dirname, "fixtures", "tests-by-fixture.ts");
    // Node.js says to its children that they are part of a run of tests; this one is a run of its own.
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
    const child = spawn(process.execPath, ["--conditions=source", "--test", "--test-reporter=tap", file], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    // As child_process has it.
    const closed = once(child, "close") as Promise<[code: number | null]>;
    const [output, [code]] = await Promise.all([text(child.stdout), closed]);
    assert.equal(code, 0, output);
    assert.match(output, /^# pass 2$/m);
  });

  test("takes the hooks by the names that vitest and jest have", async () => {
    const runner = standIn();
    const { beforeAll, beforeEach, afterAll } = runner;
    const network = testNetwork({ beforeAll, beforeEach, afterAll }, { services });
    assert.throws(() => network.http, /use it in tests and hooks, not beside them/);
    await runner.call("beforeAll");
    await runner.call("beforeEach");
    network.faults("http").add({ type: "latency", milliseconds: 1 });
    network.clock.advance(1000);
    assert.equal((await fetch(`${network.http.origin}/json`)).status, 200);
    assert.ok("requests" in network && network.requests.length === 1);
    await runner.call("beforeEach");
    assert.deepEqual([network.requests, network.faults("all").list, network.clock.offsetMilliseconds], [[], [], 0]);
    await runner.call("afterAll");
    await assert.rejects(fetch(`${network.http.origin}/json`));
  });

  test("keeps what tests have changed where nothing is called before each", async () => {
    const runner = standIn();
    const network = testNetwork({ before: runner.beforeAll, after: runner.afterAll }, { services });
    await runner.call("beforeAll");
    network.clock.advance(1000);
    await runner.call("beforeEach");
    assert.ok(network.clock.offsetMilliseconds > 0);
    await runner.call("afterAll");
  });

  test("that could not be started leaves nothing to close", async () => {
    const runner = standIn();
    testNetwork(runner, { services, host: "192.0.2.1" });
    await assert.rejects(runner.call("beforeAll"), { code: "EADDRNOTAVAIL" });
    await runner.call("afterAll");
  });
});

type HookName = "beforeAll" | "beforeEach" | "afterAll";

interface StandIn extends Readonly<Record<HookName, RegisterHook>> {
  readonly call: (name: HookName) => Promise<void>;
}

/** A test runner that calls what was registered when it is told to. */
function standIn(): StandIn {
  const hooks: Record<HookName, (() => Promise<void>)[]> = { beforeAll: [], beforeEach: [], afterAll: [] };
  const register =
    (name: HookName): RegisterHook =>
    (hook) =>
      hooks[name].push(hook);
  return {
    beforeAll: register("beforeAll"),
    beforeEach: register("beforeEach"),
    afterAll: register("afterAll"),
    call: async (name) => {
      for (const hook of hooks[name]) await hook();
    },
  };
}
