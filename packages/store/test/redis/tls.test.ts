import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { skipWithoutRedis, startRedis, unusedPort, type RedisServer } from "@fairlead/conformance/peers";
import { TlsError, StoreError } from "@fairlead/core";
import { openStore, type OpenStoreOptions } from "@fairlead/store";
import { mintAuthority, mintCertificate, type Authority } from "@fairlead/testserver/authority";
import { temporaryDirectory, type TemporaryDirectory } from "../temporary-directory.ts";
import { listenForWarnings, listenTo } from "./listening.ts";

const roomy = { maxEntries: 10_000, secret: true };

describe("a store in Redis by TLS", { skip: skipWithoutRedis() }, () => {
  let authority: Authority;
  let server: RedisServer;
  let trusting: OpenStoreOptions;
  /** Where connections go by for a moment. */
  let temporary: TemporaryDirectory;
  const usual = process.env["TMPDIR"];

  before(async () => {
    temporary = temporaryDirectory();
    authority = await mintAuthority();
    const identity = await mintCertificate({ names: ["localhost"], issuer: authority });
    server = await startRedis({ identity, password: "word" });
    process.env["TMPDIR"] = temporary.path;
    trusting = { redis: { tls: { trust: { type: "anchors", certificates: [authority.certificate] } } } };
  });
  after(async () => {
    if (usual === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = usual;
    temporary[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  const urlOf = (host = "localhost"): string => `rediss://:word@${host}:${String(server.port)}`;

  it("is open to who trusts the server's authority, also again after the connection was lost", async () => {
    const warnings = listenForWarnings();
    await using store = await openStore(urlOf(), { ...trusting, onWarning: warnings.onWarning });
    await using other = await openStore(urlOf(), { ...trusting, onWarning: () => undefined });
    const listener = listenTo(other.collection("things", roomy));
    store.collection("things", roomy).set("a", Buffer.from("1"));
    await listener.hears("a=1");
    await server.command("CLIENT", "KILL", "TYPE", "pubsub");
    await warnings.next("engine-back");
    store.collection("things", roomy).set("b", Buffer.alloc(300_000, "b"));
    await listener.hears(`b=${"b".repeat(300_000)}`);
    assert.deepEqual(await readdir(temporary.path), [], "what the connection went by is gone");
  });

  it("is refused: an authority that is not trusted, another host's name", async () => {
    for (const [url, options] of [
      [urlOf(), {}],
      [urlOf("127.0.0.1"), trusting],
    ] as const) {
      await assert.rejects(openStore(url, options), (error: unknown) => {
        assert.ok(error instanceof StoreError && error.code === "STORE_UNREACHABLE");
        assert.ok(error.cause instanceof TlsError, String(error.cause));
        assert.match(error.cause.code, /^CERTIFICATE_/);
        assert.doesNotMatch(error.message, /word/);
        return true;
      });
    }
    assert.deepEqual(await readdir(temporary.path), []);
  });

  it("is refused: a server without TLS, and a client without", async () => {
    await using plain = await startRedis();
    const limit = { ...trusting.redis, answerMilliseconds: 1_000 };
    await assert.rejects(openStore(`rediss://localhost:${String(plain.port)}`, { redis: limit }), {
      code: "STORE_UNREACHABLE",
    });
    await assert.rejects(openStore(`redis://:word@localhost:${String(server.port)}`, { redis: limit }), {
      code: "STORE_UNREACHABLE",
    });
    await assert.rejects(openStore(`rediss://localhost:${String(await unusedPort())}`, trusting), {
      code: "STORE_UNREACHABLE",
    });
  });

  it("is never verified by less than was asked for when it comes back", async () => {
    const warnings = listenForWarnings();
    await using store = await openStore(urlOf(), { ...trusting, onWarning: warnings.onWarning });
    store.collection("things", roomy).set("a", Buffer.from("1"));
    await store.flush();
    // Somebody else on the same port.
    const impostor = await mintCertificate({ names: ["localhost"], issuer: await mintAuthority() });
    await writeFile(join(server.folder, "impostor.pem"), impostor.certificate + impostor.privateKey);
    const file = join(server.folder, "impostor.pem");
    await server.command("CONFIG", "SET", "tls-cert-file", file, "tls-key-file", file);
    await server.command("CLIENT", "KILL", "TYPE", "pubsub");
    await warnings.next("engine-lost");
    await assert.rejects(
      store.flush().then(() => openStore(urlOf(), trusting)),
      { code: "STORE_UNREACHABLE" },
    );
    assert.equal(store.collection("things", roomy).get("a")?.key, "a");
    const pem = join(server.folder, "server.pem");
    await server.command("CONFIG", "SET", "tls-cert-file", pem, "tls-key-file", pem);
    await warnings.next("engine-back");
  });

  it("does not keep a process alive, and is written before it ends", async () => {
    const anchors = join(server.folder, "anchors.pem");
    await writeFile(anchors, authority.certificate);
    const script = `
      import { readFileSync } from "node:fs";
      import { openStore } from "@fairlead/store";
      const trust = { type: "anchors", certificates: [readFileSync(${JSON.stringify(anchors)}, "utf8")] };
      const store = await openStore(process.argv[1], { redis: { tls: { trust } } });
      store.collection("things", { maxEntries: 10, secret: false }).set("ended", Buffer.from("1"));
    `;
    const child = spawn(
      process.execPath,
      ["--conditions=source", "--input-type=module", "-e", script, `${urlOf()}?prefix=ending`],
      { stdio: ["ignore", "inherit", "inherit"], cwd: import.meta.dirname },
    );
    assert.deepEqual(await once(child, "exit"), [0, null]);
    await using store = await openStore(`${urlOf()}?prefix=ending`, trusting);
    assert.equal(store.collection("things", roomy).get("ended")?.key, "ended");
  });
});
