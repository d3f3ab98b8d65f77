import assert from "node:assert/strict";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { before, describe, test } from "node:test";
import { PolicyError, TimeoutError } from "@fairlead/core";
import { mintAuthority, mintCertificate, type Authority, type MintedIdentity } from "@fairlead/testserver/authority";
import type { TlsBackend } from "@fairlead/tls";
import { nodeTls } from "@fairlead/tls/node";
import { connectTls } from "@fairlead/tls/sockets";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { connectTcp, memoryPair } from "@fairlead/transport";
import { formatProxyHead, type ProxyHead } from "@fairlead/transport/proxy-protocol";
import { listening } from "./listening.ts";

const client = { address: "192.0.2.1", port: 56_324 };
const destination = { address: "198.51.100.1", port: 443 };
const silent = { tls: undefined, alpnProtocol: undefined, authority: undefined, uniqueId: undefined };
const head: ProxyHead = { version: 2, ends: { type: "addresses", source: client, destination }, ...silent };
const balancer = { address: "10.0.0.7", port: 4_000 };
const here = { address: "10.0.0.1", port: 80 };
const ends = { remote: balancer, local: here };
const from = ["10.0.0.0/24"];
const request = "GET / HTTP/1.1\r\n\r\n";

describe("a head of the PROXY protocol in front of a connection", () => {
  let authority: Authority;
  let identity: MintedIdentity;
  before(async () => {
    authority = await mintAuthority();
    identity = await mintCertificate({ issuer: authority, names: ["a.test"] });
  });

  for (const version of [1, 2] as const) {
    test(`says in version ${String(version)} who the client is, however it is cut`, async () => {
      const { listener, next } = listening({ proxyProtocol: { from } });
      const sent = Buffer.concat([formatProxyHead({ ...head, version }), Buffer.from(request)]);
      for (let cut = 1; cut < sent.length; cut += 1) {
        const [near, far] = memoryPair();
        listener.take(far, ends);
        await new Promise((resolve) => near.write(sent.subarray(0, cut), resolve));
        near.write(sent.subarray(cut));
        const { facts, first, stream } = await next();
        assert.deepEqual([facts.remote, facts.local, facts.proxy], [client, destination, balancer]);
        assert.equal(facts.proxyHead?.version, version);
        const rest = first.length < request.length ? String(await once(stream, "data")) : "";
        assert.equal(Buffer.from(first).toString() + rest, request);
        stream.destroy();
      }
    });
  }

  for (const backend of [nodeTls, loadOpensslTls(), loadGnutlsTls()] satisfies readonly TlsBackend[]) {
    test(`is read before TLS by ${backend.name}, over a socket of its own`, async () => {
      const { listener, next } = listening({ tls: { identity, backend }, proxyProtocol: { from: ["127.0.0.1"] } });
      const { port } = await listener.listen({ port: 0, host: "127.0.0.1" });
      const below = await connectTcp({ host: "127.0.0.1", port });
      below.write(formatProxyHead(head, { checksum: true }));
      const trust = { type: "anchors", certificates: [authority.certificate] } as const;
      const socket = await connectTls(below, { host: "a.test", trust, alpnProtocols: ["http/1.1"] });
      const { facts, stream } = await next();
      assert.deepEqual([facts.remote, facts.proxy], [client, { address: "127.0.0.1", port: below.localPort }]);
      assert.equal(facts.tls?.serverName, "a.test");
      stream.end("hello");
      assert.equal(await text(socket), "hello");
      await listener.close();
    });
  }

  test("lets the sender speak for itself, or for a client of its own machine", async () => {
    const { listener, next } = listening({ proxyProtocol: { from: [...from, "unix"] } });
    for (const [type, remote, local] of [
      ["own", balancer, here],
      ["unix", undefined, undefined],
    ] as const) {
      const [near, far] = memoryPair();
      listener.take(far, ends);
      near.write(Buffer.concat([formatProxyHead({ ...head, ends: { type } }), Buffer.from("G")]));
      const { facts } = await next();
      assert.deepEqual([facts.remote, facts.local, facts.proxy], [remote, local, balancer]);
    }
    const [near, far] = memoryPair();
    listener.take(far, { remote: undefined, local: undefined });
    near.write(Buffer.concat([formatProxyHead(head), Buffer.from("G")]));
    assert.deepEqual((await next()).facts.remote, client);
  });

  test("counts in admission for the client, and never for the load balancer", async () => {
    const asked: unknown[] = [];
    const { listener, failure } = listening({
      proxyProtocol: { from },
      admission: (who) => {
        asked.push(who);
        const answer = { status: 503, retryAfterSeconds: 1 } as const;
        return { type: "refuse", error: new PolicyError("HOST_CONNECTION_LIMIT"), answer };
      },
    });
    const [near, far] = memoryPair();
    listener.take(far, ends);
    near.write(formatProxyHead(head));
    assert.equal((await failure()).code, "HOST_CONNECTION_LIMIT");
    assert.match(await text(near), /^HTTP\/1\.1 503 /);
    assert.deepEqual(asked, [client]);
  });

  test("is refused, and told of, where its sender is not trusted: on plain ports and on those for TLS", async () => {
    for (const options of [{ proxyProtocol: { from: ["10.0.1.0/24"] } }, {}, { tls: { identity } }]) {
      const { listener, failure, failures } = listening(options);
      for (const version of [1, 2] as const) {
        const [near, far] = memoryPair();
        listener.take(far, ends);
        near.write(Buffer.concat([formatProxyHead({ ...head, version }), Buffer.from(request)]));
        assert.equal((await failure()).code, "PROXY_PROTOCOL_UNTRUSTED");
        assert.ok(far.destroyed);
      }
      assert.equal(failures.length, 2);
    }
  });

  test("is not taken for one where a method begins alike", async () => {
    const { listener, next } = listening();
    const [near, far] = memoryPair();
    listener.take(far, ends);
    near.write("PRO");
    assert.equal(Buffer.from((await next()).first).toString(), "PRO");
  });

  test("is required of those who are trusted, unless it is said that it is not", async () => {
    const strict = listening({ proxyProtocol: { from } });
    const [near, far] = memoryPair();
    strict.listener.take(far, ends);
    near.write(request);
    assert.equal((await strict.failure()).code, "PROXY_PROTOCOL_INVALID");
    assert.ok(far.destroyed);
    const lenient = listening({ proxyProtocol: { from, required: false } });
    for (const version of ["1", "2"] as const) {
      const [left, right] = memoryPair();
      lenient.listener.take(right, ends);
      const sent = version === "1" ? request : "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
      left.write(sent);
      const connection = await lenient.next();
      assert.deepEqual([connection.facts.remote, connection.facts.proxy], [balancer, undefined]);
      assert.deepEqual([connection.version, Buffer.from(connection.first).toString()], [version, sent]);
    }
  });

  test("is not waited for without end", async () => {
    const { listener, failure } = listening({ proxyProtocol: { from, timeoutMilliseconds: 20 } });
    const [slow, slowFar] = memoryPair();
    // What was not read of it when it is cut off is a reset.
    slow.on("error", () => undefined);
    listener.take(slowFar, ends);
    slow.write("PROXY TCP4 ");
    assert.ok((await failure()) instanceof TimeoutError);
    assert.ok(slowFar.destroyed);
  });

  test("is not read without end, and not taken when it is damaged", async () => {
    const { listener, failure } = listening({ proxyProtocol: { from } });
    const damaged = formatProxyHead(head, { checksum: true });
    damaged[20] = 0;
    const oversized = Buffer.from("0d0a0d0a000d0a515549540a2100ffff", "hex");
    for (const sent of [damaged, oversized, `PROXY TCP4 ${"1".repeat(107)}`]) {
      const [near, far] = memoryPair();
      near.on("error", () => undefined);
      listener.take(far, ends);
      near.write(sent);
      assert.equal((await failure()).code, "PROXY_PROTOCOL_INVALID");
      assert.ok(far.destroyed);
    }
    const [cut, cutFar] = memoryPair();
    listener.take(cutFar, ends);
    cut.end("PROXY TCP4 ");
    assert.equal((await failure()).code, "PROXY_PROTOCOL_INVALID");
  });

  test("leaves no room for more than a thousand at once that do not come", async () => {
    const { listener, failure, failures } = listening({ proxyProtocol: { from } });
    const pairs = Array.from({ length: 1_001 }, () => memoryPair());
    for (const [, far] of pairs) listener.take(far, ends);
    assert.equal((await failure()).code, "CONNECTION_LIMIT");
    assert.equal(pairs.filter(([, far]) => far.destroyed).length, 1);
    await listener.close();
    assert.equal(failures.length, 1);
  });
});
