import { openNetworkAccessManager } from "@fairlead/access";
import { startApache, startPeer, unusedPort } from "@fairlead/conformance/peers";
import { createLookup } from "@fairlead/testserver";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { tlsBackends } from "../tls-backends.ts";

const ca = await mintAuthority();
const identity = await mintCertificate({ issuer: ca, names: ["a.fairlead.test"] });
/** Text, since files of the Apache fixture are. */
const large = Buffer.from(randomBytes(2 * 1024 * 1024).toString("hex"));
const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** What every server has to do with the same files: a small one, a large one, and one that is not there. */
async function exchangeWith(port: number): Promise<void> {
  const origin = `https://a.fairlead.test:${String(port)}`;
  for (const backend of tlsBackends) {
    await using manager = await openNetworkAccessManager({
      lookup: createLookup("127.0.0.1"),
      cache: false,
      tls: { backend, trust: { type: "anchors", certificates: [ca.certificate] } },
    });
    const small = await manager.request(`${origin}/small.txt`);
    assert.equal(small.transaction.hops[0]?.connection?.tls?.alpn, "h2", backend.name);
    assert.equal(await small.text(), "small");
    const replies = await Promise.all([1, 2, 3].map(() => manager.request(`${origin}/large.bin`)));
    for (const reply of replies) assert.equal(digestOf(await reply.bytes()), digestOf(large));
    assert.equal((await manager.request(`${origin}/missing`)).status, 404);
    const head = await manager.request(`${origin}/large.bin`, { method: "HEAD" });
    assert.deepEqual([head.status, head.headers["content-length"]], [200, String(large.length)]);
    assert.equal((await head.bytes()).length, 0);
    const ids = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const reply = await manager.request(`${origin}/small.txt`);
        assert.equal(await reply.text(), "small");
        return reply.transaction.hops[0]?.connection?.id;
      }),
    );
    assert.deepEqual([...new Set(ids)], [1]);
  }
}

test("nghttpd and the manager understand one another, over each TLS backend", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-nghttpd-"));
  const port = await unusedPort();
  await writeFile(join(folder, "key.pem"), identity.privateKey);
  await writeFile(join(folder, "certificate.pem"), identity.certificate);
  await writeFile(join(folder, "small.txt"), "small");
  await writeFile(join(folder, "large.bin"), large);
  try {
    const args = ["-v", "-d", folder, "-a", "127.0.0.1", "--echo-upload", String(port)];
    await using server = await startPeer("nghttpd", [
      ...args,
      join(folder, "key.pem"),
      join(folder, "certificate.pem"),
    ]);
    await server.says(/listen/);
    await exchangeWith(port);
    await using manager = await openNetworkAccessManager({
      lookup: createLookup("127.0.0.1"),
      cache: false,
      tls: { trust: { type: "anchors", certificates: [ca.certificate] } },
    });
    const url = `https://a.fairlead.test:${String(port)}/echo`;
    const echoed = await manager.request(url, { method: "POST", body: large });
    assert.equal(digestOf(await echoed.bytes()), digestOf(large));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("Apache's mod_http2 and the manager understand one another, over each TLS backend", async () => {
  await using server = await startApache({
    modules: ["http2"],
    identity,
    files: { "www/small.txt": "small", "www/large.bin": large.toString() },
    configuration: () => "Protocols h2 http/1.1\n",
  });
  await exchangeWith(server.tlsPort);
});
