import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { createInterface } from "node:readline";
import { startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import type { RelayManifest } from "@fairlead/testserver/relay";
import { createUser, type TestUser } from "../child.ts";
import { runHere } from "../in-process.ts";

let user: TestUser;
let network: TestNetwork;
before(async () => {
  user = await createUser();
  network = await startTestNetwork({ services: ["http"] });
});
after(async () => {
  await network.close();
  await user[Symbol.asyncDispose]();
});

describe("fairlead testserver relay", () => {
  test("stands before a server, with faults from the beginning and those that come, until it is ended", async () => {
    const { host, port } = network.http;
    const faults = ["--fault", "latency,milliseconds=1,seed=7"];
    const child = user.start(["testserver", "relay", `${host}:${port}`, ...faults, "--manifest", "relay.json"]);
    const lines: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      lines.push(line);
      if (line === "Ctrl-C ends it.") break;
    }
    const manifest = JSON.parse(await readFile(user.path("relay.json"), "utf8")) as RelayManifest;
    const to = `${manifest.host}:${manifest.port}`;
    assert.equal(lines[0], `Relay  ${to} (tcp) to ${host}:${port}  for tests only`);
    assert.equal((await fetch(`http://${to}/json`)).status, 200);

    // The page's own example works as it stands.
    const [, ...example] = (/^ {2}(fairlead testserver fault .+)$/m.exec(lines.join("\n"))?.[1] ?? "").split(" ");
    assert.equal((await runHere(example, user)).exitCode, 0);
    const where = ["--manifest", user.path("relay.json")];
    await runHere(["testserver", "fault", "add", "relay", "reset", "--direction", "up", ...where], user);
    await assert.rejects(fetch(`http://${to}/json`, { headers: { connection: "close" } }));
    const listed = await runHere(["testserver", "fault", "list", ...where], user);
    assert.match(listed.stdout, /^1 {2}relay {2}latency .*\n2 {2}relay {2}latency .*\n3 {2}relay {2}reset .*\n$/);

    child.kill("SIGTERM");
    const [code] = (await once(child, "exit")) as [number | null];
    assert.equal(code, 0);
    assert.deepEqual(await user.files(), []);
  });

  test("prints where it is as JSON, for datagrams too, and leaves nothing when it is killed", async () => {
    const child = user.start(["testserver", "relay", "127.0.0.1:9", "--udp", "--json"]);
    const pieces: Buffer[] = [];
    for (;;) {
      const [piece] = (await once(child.stdout, "data")) as [Buffer];
      pieces.push(piece);
      if (Buffer.concat(pieces).toString().endsWith("\n}\n")) break;
    }
    const manifest = JSON.parse(Buffer.concat(pieces).toString()) as RelayManifest;
    assert.deepEqual([manifest.transport, manifest.to, manifest.processId], ["udp", "127.0.0.1:9", child.pid]);
    child.kill("SIGKILL");
    await once(child, "exit");
    await isGone(manifest);
    assert.deepEqual(await user.files(), []);
  });

  test("says that others can reach it", async () => {
    const child = user.start(["testserver", "relay", "127.0.0.1:9", "--listen", "0.0.0.0:0"]);
    const [warning] = (await once(child.stderr, "data")) as [Buffer];
    assert.equal(warning.toString(), "fairlead: 0.0.0.0 is no loopback address: others can reach 127.0.0.1:9 by it\n");
    child.kill("SIGTERM");
    await once(child, "exit");
  });

  for (const [args, code, line] of [
    [[], 2, /TARGET is missing/],
    [["localhost"], 2, /\(to\); give HOST:PORT with a port from 1 to 65535, or unix:PATH/],
    [["localhost:1", "--listen", "localhost:1"], 2, /--listen takes PORT, ADDRESS:PORT or \[ADDRESS\]:PORT/],
    [["localhost:1", "--listen", "127.0.0.1:70000"], 2, /--listen takes PORT/],
    [["localhost:1", "--fault", "latency"], 2, /\(milliseconds\); latency needs it/],
    [["localhost:1", "--fault", "loss"], 2, /loss acts on services over udp/],
    [["localhost:1", "--manifest", "/nonexistent/relay.json"], 9, /cannot write .*relay\.json: there is no such/],
  ] as const) {
    test(`ends with ${code} for ${args.join(" ")}`, async () => {
      const { stdout, stderr, exitCode } = await runHere(["testserver", "relay", ...args], user);
      assert.deepEqual([exitCode, stdout], [code, ""], stderr);
      assert.match(stderr, line);
      assert.equal(stderr.split("\n").length, 2);
    });
  }
});

describe("fairlead testserver, killed", () => {
  test("leaves no process, no port, and of files only the certificate that is no secret", async () => {
    const child = user.start(["testserver", "--json"]);
    const pieces: Buffer[] = [];
    for (;;) {
      const [piece] = (await once(child.stdout, "data")) as [Buffer];
      pieces.push(piece);
      if (Buffer.concat(pieces).toString().endsWith("\n}\n")) break;
    }
    const manifest = JSON.parse(Buffer.concat(pieces).toString()) as TestNetwork["manifest"];
    const { ca } = manifest;
    child.kill("SIGKILL");
    await once(child, "exit");
    await isGone(manifest);
    assert.match(ca.file ?? "", /\/tmp\/fairlead-\w+\/ca\.pem$/);
    assert.equal(await readFile(ca.file ?? "", "utf8"), ca.certificate);
    assert.doesNotMatch(ca.certificate, /PRIVATE/);
  });
});

/** The process is gone, and with it the system has closed all that it had. Its port may be another's by now. */
async function isGone({
  processId,
  control,
}: Pick<RelayManifest, "processId"> & { control: string | null }): Promise<void> {
  assert.throws(() => process.kill(processId, 0), { code: "ESRCH" });
  const answer = await fetch(`${control}/manifest`).then(
    async (response) => (await response.text()).includes(`"processId": ${processId}`),
    () => false,
  );
  assert.equal(answer, false);
}
