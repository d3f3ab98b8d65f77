import assert from "node:assert/strict";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { faultTypes, startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import { createUser, type TestUser } from "../child.ts";
import { runHere } from "../in-process.ts";

let user: TestUser;
let network: TestNetwork;
let manifest: string;
before(async () => {
  user = await createUser();
  network = await startTestNetwork();
  manifest = user.path("network.json");
  await network.writeManifest(manifest);
});
after(async () => {
  await network.close();
  await user[Symbol.asyncDispose]();
});

describe("fairlead testserver fault", () => {
  test("adds a fault to a network that runs, which acts; lists it with its hits, and removes it", async () => {
    const where = ["--manifest", manifest];
    const added = await runHere(
      ["testserver", "fault", "add", "http", "reset", "--after-bytes", "10", "--seed", "7", "--name", "cut", ...where],
      user,
    );
    assert.deepEqual([added.exitCode, added.stderr], [0, ""]);
    assert.equal(added.stdout, "1  http  reset after-bytes=10 name=cut seed=7  0 hit\n");

    await assert.rejects(fetch(`${network.http.origin}/json`));
    const listed = await runHere(["testserver", "fault", "list", ...where], user);
    assert.equal(listed.stdout, "1  http  reset after-bytes=10 name=cut seed=7  1 hit\n");

    const removed = await runHere(["testserver", "fault", "remove", "1", ...where], user);
    assert.deepEqual([removed.exitCode, removed.stdout], [0, "No fault acts.\n"]);
    assert.equal((await fetch(`${network.http.origin}/json`)).status, 200);
  });

  test("finds the network by FAIRLEAD_TESTSERVER, which holds a manifest or a control address", async () => {
    for (const found of [manifest, network.manifest.control ?? ""]) {
      const env = { FAIRLEAD_TESTSERVER: found };
      const { stdout, exitCode } = await user.run(["testserver", "fault", "list", "--json"], { env });
      assert.deepEqual([exitCode, stdout], [0, "[]\n"]);
    }
  });

  test("puts a fault on all services that it can act on", async () => {
    const where = ["--control", network.manifest.control ?? "", "--json"];
    const { stdout } = await runHere(
      ["testserver", "fault", "add", "all", "stall", "--direction", "up", ...where],
      user,
    );
    const { services } = JSON.parse(stdout) as { readonly services: readonly string[] };
    const streams = network.services.filter(({ transport, name }) => transport === "tcp" && name !== "control");
    assert.deepEqual(
      services,
      streams.map(({ name }) => name),
    );
    assert.equal((await runHere(["testserver", "fault", "remove", "all", ...where], user)).stdout, "[]\n");
  });

  test("lists every fault that there is", async () => {
    const { stdout } = await runHere(["testserver", "fault", "types"], user);
    for (const { type, does } of faultTypes) assert.match(stdout, new RegExp(`^${type}  \\([a-z, ]+\\) ${does}$`, "m"));
    assert.match(stdout, /^ {4}--jitter-milliseconds  by how much more or less: from 0 to 3600000, 0 by default$/m);
  });

  for (const [args, code, line] of [
    [[], 2, /fault takes add, list, types, remove/],
    [["add", "http"], 2, /TYPE is missing/],
    [["add", "http", "latancy"], 2, /there is no fault "latancy"; did you mean latency\?/],
    [["add", "http", "latency"], 2, /an option has a value that it cannot have \(milliseconds\); latency needs it/],
    [["add", "http", "latency", "--milliseconds", "soon"], 2, /milliseconds takes a number, not "soon"/],
    [["add", "http", "latency", "--after-bytes", "1"], 2, /latency takes milliseconds, .*seed, name, not after-bytes/],
    [
      ["add", "http", "latency", "--milliseconds", "9999999"],
      2,
      /\(milliseconds\); give a whole number from 0 to 3600000/,
    ],
    [["add", "http", "loss"], 2, /loss acts on services over udp/],
    [["add", "nowhere", "reset"], 2, /name a service that was started, not its control, or all/],
    [["add", "control", "reset"], 2, /name a service that was started, not its control, or all/],
    [["remove", "99"], 2, /no fault has this id/],
    [["remove", "x"], 2, /remove takes an id or all, not "x"/],
    [["list", "--control", "ftp://localhost"], 2, /there is no control address in/],
    [["list", "--manifest", "/nonexistent/network.json"], 9, /cannot read .*network\.json: there is no such file/],
  ] as const) {
    test(`ends with ${code} for ${args.join(" ")}`, async () => {
      const where = args[0] === "list" ? [] : ["--manifest", manifest];
      const { stdout, stderr, exitCode } = await runHere(["testserver", "fault", ...args, ...where], user);
      assert.deepEqual([exitCode, stdout], [code, ""], stderr);
      assert.match(stderr, line);
      assert.equal(stderr.split("\n").length, 2);
    });
  }

  test("ends with 3 where nobody listens any more", async () => {
    const gone = await startTestNetwork({ services: ["control"] });
    await gone.close();
    const where = ["--control", gone.manifest.control ?? ""];
    const { stderr, exitCode } = await runHere(["testserver", "fault", "list", ...where], user);
    assert.equal(exitCode, 3);
    assert.match(stderr, /^fairlead: control 127\.0\.0\.1:\d+: .+ \[CONNECTION_REFUSED\]\n$/);
  });

  test("says what to give where nothing tells which network", async () => {
    const { stderr, exitCode } = await runHere(["testserver", "fault", "list"], user);
    assert.equal(exitCode, 2);
    assert.match(stderr, /give --control URL or --manifest FILE, or set FAIRLEAD_TESTSERVER/);
  });
});

describe("fairlead testserver clock", () => {
  const ask = async (...args: readonly string[]): Promise<string> => {
    const { stdout, stderr, exitCode } = await runHere(["testserver", "clock", ...args, "--manifest", manifest], user);
    assert.deepEqual([exitCode, stderr], [0, ""]);
    return stdout;
  };

  test("tells the time of a network that runs, and puts it to a moment, by steps, and back", async () => {
    assert.match(await ask(), /^\d{4}-\d\d-\d\dT[\d:.]+Z\n$/);
    assert.match(await ask("2030-01-01"), /^2030-01-01T00:00:0\d\.\d+Z \([\d.]+ days ahead of the system\)\n$/);
    assert.match(await ask("+90d"), /^2030-04-01T/);
    assert.match(await ask("-1h"), /^2030-03-31T23:/);
    assert.doesNotMatch(await ask("system"), /system/);
    assert.equal(network.clock.offsetMilliseconds, 0);
  });

  test("refuses what is no time", async () => {
    for (const time of ["soon", "+1", "1960-01-01"]) {
      const { stderr, exitCode } = await runHere(["testserver", "clock", time, "--manifest", manifest], user);
      assert.equal(exitCode, 2);
      assert.match(stderr, /clock takes a date, a step|the time must be from 1971 to 2048/);
    }
  });
});

describe("fairlead testserver --fault", () => {
  test("starts a network with faults", async () => {
    const file = user.path("started.json");
    const child = user.start([
      ...["testserver", "--manifest", file],
      ...["--fault", "http:latency,milliseconds=1,jitter-milliseconds=1,seed=7", "--fault", "all:refuse,probability=0"],
    ]);
    for await (const line of createInterface(child.stdout)) if (line === "Ctrl-C ends it.") break;
    const { stdout } = await runHere(["testserver", "fault", "list", "--manifest", file], user);
    assert.match(
      stdout,
      /^1 {2}http {2}latency milliseconds=1 jitter-milliseconds=1 seed=7 {2}0 hit\n2 {2}http and \d+ more /,
    );
    child.kill("SIGTERM");
    await once(child, "exit");
  });

  for (const [text, line] of [
    ["latency", /--fault takes SERVICE:TYPE and ,NAME=VALUE behind it, not "latency"/],
    ["http:latency,200", /a fault takes NAME=VALUE behind its type, not "200"/],
    ["http:latency,milliseconds=-1", /milliseconds takes a number, not "-1"/],
    ["nowhere:reset", /name a service that was started/],
  ] as const) {
    test(`refuses ${text}`, async () => {
      const { stderr, exitCode } = await runHere(["testserver", "--fault", text], user);
      assert.equal(exitCode, 2);
      assert.match(stderr, line);
    });
  }
});
