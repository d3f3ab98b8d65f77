import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile, stat, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { mintCertificate } from "@fairlead/testserver/authority";
import { SMTPServer } from "smtp-server";
import type { BackendInspection } from "../../src/tls/inspect.ts";
import type { Finished, RunOptions } from "../child.ts";
import { createWorld, type TestWorld } from "../test-world.ts";

describe("fairlead tls inspect", () => {
  let world: TestWorld;
  before(async () => {
    world = await createWorld();
  });
  after(() => world[Symbol.asyncDispose]());

  function inspect(args: readonly string[], options?: RunOptions): Promise<Finished> {
    return world.user.run(["tls", "inspect", ...world.trust, ...args], options);
  }

  test("shows a good server as each backend sees it", async () => {
    const { exitCode, stdout, stderr } = await inspect([`localhost:${world.network.service("https").port}`]);
    assert.deepEqual([exitCode, stderr], [0, ""]);
    for (const backend of ["node", "openssl", "gnutls"])
      assert.match(stdout, new RegExp(`^${backend}\n  verified$`, "m"));
    assert.equal(stdout.match(/protocol +TLSv1\.3/g)?.length, 3);
    assert.equal(stdout.match(/cipher +TLS_AES_256_GCM_SHA384/g)?.length, 3);
    assert.equal(stdout.match(/a second connection resumed the session/g)?.length, 3);
    assert.match(stdout, /^certificate 0\n {2}subject: .*\n {2}issuer: .*\n {2}valid: .*\n {2}names: +DNS:localhost/m);
    assert.match(stdout, /^ {2}SHA-256: +(?:[0-9a-f]{64})$/m);
  });

  for (const [name, code] of [
    ["https-expired", "CERTIFICATE_EXPIRED"],
    ["https-wrong-host", "CERTIFICATE_HOST_MISMATCH"],
    ["https-self-signed", "CERTIFICATE_SELF_SIGNED"],
    ["https-untrusted-root", "CERTIFICATE_ISSUER_UNKNOWN"],
  ] as const) {
    test(`${name}: shows what is wrong, over each backend the same, and fails`, async () => {
      const { exitCode, stdout } = await inspect(["--json", `localhost:${world.network.service(name).port}`]);
      assert.equal(exitCode, 4);
      const { backends } = JSON.parse(stdout) as { backends: BackendInspection[] };
      assert.equal(backends.length, 3);
      for (const found of backends) {
        assert.equal(found.type, "secured");
        assert.equal(found.objection?.code, code);
        assert.equal(found.resumption, "not tried");
        assert.notEqual(found.chain.length, 0);
      }
    });
  }

  test("secures a mail server's connection first, and escapes what its certificate says", async () => {
    const identity = await mintCertificate({
      issuer: world.network.ca,
      names: ["localhost"],
      commonName: "\u001b[2Jevil\u202e",
    });
    const server = new SMTPServer({ key: identity.privateKey, cert: identity.certificate, logger: false });
    server.listen(0, "127.0.0.1");
    await once(server.server, "listening");
    try {
      // A server of node:net on TCP.
      const { port } = server.server.address() as AddressInfo;
      const { exitCode, stdout } = await inspect(["--backend", "node", `smtp://localhost:${port}`]);
      assert.equal(exitCode, 0);
      assert.match(stdout, /^node\n {2}verified$/m);
      assert.doesNotMatch(stdout, /[\u001b\u202e]/);
      assert.match(stdout, /CN=\\u\{1b\}\[2Jevil\\u\{202e\}/);
    } finally {
      server.close();
    }
  });

  test("writes secrets only when asked to, for the owner alone", async () => {
    const file = world.user.path("keys.log");
    const target = `localhost:${world.network.service("https").port}`;
    const env = { SSLKEYLOGFILE: file };
    await inspect(["--backend", "node", target], { env });
    await assert.rejects(stat(file));
    await writeFile(file, "", { mode: 0o644 });
    assert.equal((await inspect(["--backend", "node", "--key-log", target], { env })).exitCode, 0);
    assert.match(await readFile(file, "utf8"), /^CLIENT_TRAFFIC_SECRET_0 [0-9a-f]{64} /m);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const without = await inspect(["--key-log", target]);
    assert.equal(without.exitCode, 2);
    assert.match(without.stderr, /SSLKEYLOGFILE/);
    const got = await world.get(["--key-log", "--store", "memory:", world.url("https", "/echo")], {
      env: { SSLKEYLOGFILE: world.user.path("get.log") },
    });
    assert.equal(got.exitCode, 0, got.stderr);
    assert.match(await readFile(world.user.path("get.log"), "utf8"), /^CLIENT_TRAFFIC_SECRET_0 /m);
  });

  test("fails by the table when nobody listens, and when the server does not speak TLS", async () => {
    const refused = await inspect(["localhost:1"]);
    assert.equal(refused.exitCode, 3);
    const plain = await inspect(["--backend", "openssl", `localhost:${world.network.http.port}`]);
    assert.equal(plain.exitCode, 4);
    assert.match(plain.stdout, /failed: .*does not speak TLS/s);
  });
});
