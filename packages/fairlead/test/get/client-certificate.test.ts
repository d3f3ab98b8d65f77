import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { mintCertificate, type MintedIdentity } from "@fairlead/testserver/authority";
import { tlsBackendNames } from "../../src/get/tls-backend.ts";
import { createWorld, type TestWorld } from "../test-world.ts";

describe("fairlead get --cert", () => {
  let world: TestWorld;
  let identity: MintedIdentity;
  let certificate: string;
  let key: string;
  before(async () => {
    world = await createWorld();
    identity = await mintCertificate({ issuer: world.network.ca, names: ["a client"], usage: "client" });
    certificate = await write("client.pem", identity.certificate);
    key = await write("client.key", identity.privateKey);
  });
  after(() => world[Symbol.asyncDispose]());

  const get = (...args: string[]): ReturnType<TestWorld["get"]> => world.get(["--store", "memory:", ...args]);

  async function write(name: string, text: string): Promise<string> {
    const path = world.user.path(name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  }

  for (const name of tlsBackendNames) {
    test(`shows the certificate to a server that asks, over ${name}`, async () => {
      const url = world.url("https-client-certificate", "/echo");
      const both = await write("both.pem", identity.certificate + identity.privateKey);
      for (const given of [
        ["--cert", certificate, "--key", key],
        ["--cert", both],
      ]) {
        const { stdout, stderr, exitCode } = await get("--tls-backend", name, ...given, url);
        assert.deepEqual([stderr, exitCode], ["", 0]);
        assert.partialDeepStrictEqual(JSON.parse(stdout), { url });
      }
      const without = await get("--tls-backend", name, url);
      assert.equal(without.exitCode, 4);
      assert.match(without.stderr, /\[CLIENT_CERTIFICATE_REQUIRED\]/);
    });

    test(`never to where it is redirected, over ${name}`, async () => {
      const target = encodeURIComponent(world.url("https-client-certificate", "/echo"));
      const from = world.url("https", `/redirect/302?to=${target}`);
      const { stderr, exitCode } = await get("--tls-backend", name, "--cert", certificate, "--key", key, from);
      assert.equal(exitCode, 4);
      assert.match(stderr, /\[CLIENT_CERTIFICATE_REQUIRED\]/);
    });
  }

  test("tells what is wrong with a key, and nothing of what is in it", async () => {
    const url = world.url("https-client-certificate", "/echo");
    const stranger = await mintCertificate({ issuer: world.network.ca, names: ["stranger"], usage: "client" });
    const cipher = { cipher: "aes-256-cbc", passphrase: "secret" };
    const encrypted = createPrivateKey(identity.privateKey).export({ type: "pkcs8", format: "pem", ...cipher });
    for (const [text, reason] of [
      [identity.certificate, "it holds no private key in PEM format"],
      [stranger.privateKey, `its private key is not that of ${certificate}`],
      [String(encrypted), "its private key is encrypted: give one that is not"],
      ["-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "its private key is damaged"],
    ] as const) {
      const bad = await write("bad.key", text);
      const { stdout, stderr, exitCode } = await get("--cert", certificate, "--key", bad, url);
      assert.deepEqual([exitCode, stdout, stderr], [9, "", `fairlead: cannot read ${bad}: ${reason}\n`]);
    }
  });
});
