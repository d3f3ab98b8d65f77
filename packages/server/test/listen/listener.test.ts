import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { before, describe, test } from "node:test";
import { PolicyError } from "@fairlead/core";
import { mintAuthority, mintCertificate, type Authority, type MintedIdentity } from "@fairlead/testserver/authority";
import type { TlsBackend, TlsTrust } from "@fairlead/tls";
import { nodeTls } from "@fairlead/tls/node";
import { connectTls } from "@fairlead/tls/sockets";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { connectTcp, connectUnix, memoryPair } from "@fairlead/transport";
import { createListener, type IncomingConnection } from "../../src/listen/index.ts";
import { listening } from "./listening.ts";

const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

describe("a listener", () => {
  let authority: Authority;
  let identity: MintedIdentity;
  let trust: TlsTrust;
  before(async () => {
    authority = await mintAuthority();
    identity = await mintCertificate({ issuer: authority, names: ["a.test"] });
    trust = { type: "anchors", certificates: [authority.certificate] };
  });

  test("tells by the first bytes which HTTP is spoken, however they are cut", async () => {
    for (const [sent, version, first] of [
      [["GET / HTTP/1.1\r\n"], "1", "GET / HTTP/1.1\r\n"],
      [["P", "R", "I * HTTP/1.1\r\n"], "1", "PRI * HTTP/1.1\r\n"],
      [[preface], "2", preface],
      [Array.from(preface), "2", preface.slice(0, 16)],
      [["\0"], "1", "\0"],
    ] as const) {
      const received = Promise.withResolvers<IncomingConnection>();
      const listener = createListener({ onConnection: received.resolve });
      const [near, far] = memoryPair();
      listener.take(far);
      for (const piece of sent) await new Promise((resolve) => near.write(piece, resolve));
      const connection = await received.promise;
      assert.equal(connection.version, version);
      assert.equal(Buffer.from(connection.first).toString("latin1"), first);
      connection.stream.destroy();
      await listener.close();
    }
  });

  test("knows both ends of a TCP connection in the form that IPv4 has, and none of a Unix socket", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fairlead-"));
    try {
      const { listener, next } = listening();
      const { port } = await listener.listen({ port: 0, host: "::" });
      const client = await connectTcp({ host: "127.0.0.1", port });
      client.write("G");
      const { facts, stream } = await next();
      assert.deepEqual(facts, {
        id: 1,
        remote: { address: "127.0.0.1", port: client.localPort },
        local: { address: "127.0.0.1", port },
        proxy: undefined,
        tls: undefined,
      });
      const path = await listener.listen({ path: join(folder, "socket") });
      const unix = await connectUnix({ path });
      unix.write("G");
      const other = await next();
      assert.deepEqual([other.facts.id, other.facts.remote, other.facts.local], [2, undefined, undefined]);
      for (const socket of [client, unix, stream, other.stream]) socket.destroy();
      await listener.close();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  for (const backend of [nodeTls, loadOpensslTls(), loadGnutlsTls()] satisfies readonly TlsBackend[]) {
    test(`secures connections by ${backend.name}, and knows what was negotiated`, async () => {
      const { listener, next } = listening({ tls: { identity, backend } });
      const { port } = await listener.listen({ port: 0, host: "127.0.0.1" });
      for (const [alpnProtocols, version] of [
        [["h2", "http/1.1"], "2"],
        [["http/1.1"], "1"],
      ] as const) {
        const socket = await connectTls(await connectTcp({ host: "127.0.0.1", port }), {
          host: "a.test",
          trust,
          alpnProtocols,
        });
        const connection = await next();
        assert.equal(connection.version, version);
        assert.equal(connection.first.length, 0);
        assert.equal(connection.redirects, false);
        assert.deepEqual(connection.facts.tls, {
          protocol: "TLSv1.3",
          cipher: socket.getCipher().standardName,
          serverName: "a.test",
          alpnProtocol: alpnProtocols[0],
          isResumed: false,
          client: undefined,
        });
        connection.stream.end("hello");
        assert.equal(await text(socket), "hello");
      }
      const unnegotiated = await connectTls(await connectTcp({ host: "127.0.0.1", port }), { host: "a.test", trust });
      unnegotiated.write(preface);
      const connection = await next();
      assert.equal(connection.version, "2");
      assert.equal(connection.facts.tls?.alpnProtocol, undefined);
      unnegotiated.destroy();
      connection.stream.destroy();
      await listener.close();
    });
  }

  test("marks what is plain on a port for TLS, or refuses it", async () => {
    const redirecting = listening({ tls: { identity } });
    const [near, far] = memoryPair();
    redirecting.listener.take(far);
    near.write("GET / HTTP/1.1\r\n");
    const connection = await redirecting.next();
    assert.equal(connection.redirects, true);
    assert.equal(connection.facts.tls, undefined);
    assert.equal(Buffer.from(connection.first).toString(), "GET / HTTP/1.1\r\n");
    connection.stream.destroy();
    const refusing = listening({ tls: { identity, plain: "refuse" } });
    const [left, right] = memoryPair();
    refusing.listener.take(right);
    left.write("GET / HTTP/1.1\r\n\r\n");
    assert.match(await text(left), /^HTTP\/1\.1 400 /);
    assert.equal((await refusing.failure()).code, "TLS_NOT_SPOKEN");
  });

  test("asks for admission before anything else, and tells a plain client why it is not let in", async () => {
    const asked: unknown[] = [];
    let released = 0;
    let isFull = false;
    const { listener, next, failure } = listening({
      admission: (client) => {
        asked.push(client?.address);
        if (!isFull) return { type: "admit", release: () => (released += 1) };
        const error = new PolicyError("CONNECTION_LIMIT");
        return { type: "refuse", error, answer: { status: 503, retryAfterSeconds: 7 } };
      },
    });
    const { port } = await listener.listen({ port: 0, host: "127.0.0.1" });
    const first = await connectTcp({ host: "127.0.0.1", port });
    first.write("G");
    const connection = await next();
    isFull = true;
    const second = await connectTcp({ host: "127.0.0.1", port });
    second.write("GET / HTTP/1.1\r\n\r\n");
    assert.match(await text(second), /^HTTP\/1\.1 503 Service Unavailable\r\nRetry-After: 7\r\n/);
    assert.equal((await failure()).code, "CONNECTION_LIMIT");
    assert.deepEqual(asked, ["127.0.0.1", "127.0.0.1"]);
    assert.equal(released, 0);
    const closed = once(connection.stream, "close");
    connection.stream.destroy();
    await closed;
    assert.equal(released, 1);
    first.destroy();
    await listener.close();
  });

  test("gives up those that say nothing when it closes, and tells nobody of them", async () => {
    const { listener, failures } = listening({ tls: { identity } });
    const plain = listening();
    for (const one of [listener, plain.listener]) {
      const [near, far] = memoryPair();
      one.take(far);
      const closed = once(far, "close");
      await one.close();
      await closed;
      near.destroy();
      await assert.rejects(one.listen({ port: 0 }), { code: "STREAM_CLOSED" });
    }
    assert.deepEqual(failures, []);
  });
});
