import assert from "node:assert/strict";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { after, before, describe, test } from "node:test";
import type { Surroundings } from "../../src/command.ts";
import { formatConnectivity } from "../../src/connectivity/page.ts";
import { performConnectivity, type ConnectivityPlan } from "../../src/connectivity/perform.ts";
import { Interruption } from "../../src/interruption.ts";
import { createWorld, type TestWorld } from "../test-world.ts";

/** A machine with a network, whatever this one has. */
const CONNECTED = { eth0: [{ address: "192.0.2.7", internal: false }] };

describe("fairlead connectivity", () => {
  let world: TestWorld;
  before(async () => {
    world = await createWorld();
  });
  after(() => world[Symbol.asyncDispose]());

  const ending = new AbortController();
  const plan = (given: Partial<ConnectivityPlan> = {}): ConnectivityPlan => ({
    probeUrl: undefined,
    apiUrl: undefined,
    timeoutMilliseconds: 10_000,
    anchorsFile: world.user.path("ca.pem"),
    addresses: new Map(),
    json: false,
    watch: false,
    ...given,
  });
  async function run(
    given: Partial<ConnectivityPlan>,
  ): Promise<readonly [code: number, stdout: string, stderr: string]> {
    const surroundings = surroundingsFor(ending.signal);
    const code = await performConnectivity(plan(given), surroundings, () => CONNECTED);
    return [code, surroundings.stdout.read() ?? "", surroundings.stderr.read() ?? ""];
  }
  const probe = (outcome: string): URL => new URL(world.url("http", `/probe/${outcome}`));

  test("online: 0", async () => {
    assert.deepEqual(await run({ probeUrl: probe("online") }), [0, "online: the internet answers\n", ""]);
  });

  test("before a portal: 11, with its URL and who says so", async () => {
    const [code, stdout] = await run({ probeUrl: probe("redirect") });
    assert.equal(code, 11);
    assert.match(
      stdout,
      /^portal: .+\n {2}portal +https:\/\/localhost:\d+\/portal\/page\n {2}told by +a redirect in the clear/,
    );
  });

  test("no verdict: 12, and a word where nothing was asked", async () => {
    assert.deepEqual((await run({ probeUrl: probe("error") })).slice(0, 1), [12]);
    const [code, stdout, stderr] = await run({});
    assert.deepEqual([code, stdout.split(":")[0]], [12, "local"]);
    assert.match(stderr, /--probe-url or --api-url/);
  });

  test("--json is for programs, and tells what the API said", async () => {
    await fetch(world.url("http", "/portal/page?then=enter"));
    const [code, stdout] = await run({
      json: true,
      apiUrl: new URL(world.url("https", "/portal/api?seconds=60&bytes=5")),
    });
    const { state, portal } = JSON.parse(stdout) as { state: string; portal: Record<string, unknown> };
    assert.deepEqual([code, state, portal["secondsRemaining"], portal["source"]], [0, "online", 60, "api"]);
  });

  test("--watch tells each change, until it is interrupted", async () => {
    const stopping = new AbortController();
    const surroundings = surroundingsFor(stopping.signal);
    await fetch(world.url("http", "/portal/page?then=leave"));
    const watching = performConnectivity(
      plan({ watch: true, json: true, probeUrl: new URL(world.url("http", "/portal/probe")) }),
      surroundings,
      () => CONNECTED,
    );
    const [first] = (await once(surroundings.stdout, "data")) as [string];
    await fetch(world.url("http", "/portal/page?then=enter"));
    const [second] = (await once(surroundings.stdout, "data")) as [string];
    const lines = [first, second].map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      lines.map(({ state, previous, cause }) => [state, previous, cause]),
      [
        ["portal", undefined, undefined],
        ["online", "portal", "schedule"],
      ],
    );
    stopping.abort(new Interruption("interrupt"));
    await assert.rejects(watching, Interruption);
  });

  test("arguments that cannot be", async () => {
    for (const args of [
      ["--probe-url", "https://a.example/"],
      ["--api-url", "http://a.example/"],
      ["--probe-url", "http://me:secret@a.example/"],
      ["--timeout", "soon"],
      ["surplus"],
    ]) {
      const { exitCode, stderr } = await world.user.run(["connectivity", ...args]);
      assert.equal(exitCode, 2, args.join(" "));
      assert.doesNotMatch(stderr, /secret/);
    }
  });

  test("from the command line: what is not online is not 0", async () => {
    const { exitCode, stdout } = await world.user.run(["connectivity"]);
    assert.equal(exitCode, 12);
    assert.match(stdout, /^(?:offline|local): /);
  });
});

test("what a portal calls itself is escaped", () => {
  const portal = {
    url: "https://a.example/\u001b[2J",
    venueInfoUrl: undefined,
    canExtendSession: true,
    secondsRemaining: 5,
    bytesRemaining: 1536,
    source: "api",
  } as const;
  assert.deepEqual(formatConnectivity("portal", portal, (_, text) => text).slice(1), [
    "  portal   https://a.example/\\u{1b}[2J",
    "  told by  the portal's API, over verified TLS",
    "  session  5 s and 1.5 KiB left",
    "  extend   the session can be lengthened at the portal",
  ]);
});

function surroundingsFor(
  signal: AbortSignal,
): Surroundings & { readonly stdout: PassThrough; readonly stderr: PassThrough } {
  const [stdout, stderr] = [new PassThrough({ encoding: "utf8" }), new PassThrough({ encoding: "utf8" })];
  return { stdin: new PassThrough(), stdout, stderr, env: {}, signal, self: [process.execPath] };
}
