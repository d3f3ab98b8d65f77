import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { before, describe, test } from "node:test";
import { PolicyError, TimeoutError, TlsError, TransportError, UsageError } from "@fairlead/core";
import { mintAuthority, mintCertificate, type Authority, type MintedIdentity } from "@fairlead/testserver/authority";
import type { TlsBackend, TlsSocket, TlsTrust } from "@fairlead/tls";
import { nodeTls } from "@fairlead/tls/node";
import {
  connectTls,
  identitiesByName,
  ticketKeySchedule,
  tlsServer,
  type ConnectionFailure,
  type TlsServer,
} from "@fairlead/tls/sockets";
import { connectTcp, connectUnix, memoryPair } from "@fairlead/transport";

describe("a TLS server", () => {
  let authority: Authority;
  let identity: MintedIdentity;
  let trust: TlsTrust;
  before(async () => {
    authority = await mintAuthority({ commonName: "Sockets Root" });
    identity = await mintCertificate({ issuer: authority, names: ["a.test", "localhost"] });
    trust = { type: "anchors", certificates: [authority.certificate] };
  });

  test("serves over TCP, over a Unix socket, and over any stream that it is given", async () => {
    await using server = tlsServer({ identity });
    echo(server);
    const folder = await mkdtemp(join(tmpdir(), "fairlead-"));
    try {
      const { port } = await server.listen({ port: 0, host: "127.0.0.1" });
      const path = await server.listen({ path: join(folder, "socket") });
      const [near, far] = memoryPair({ allowHalfOpen: true });
      server.secure(far, "memory");
      for (const below of [await connectTcp({ host: "127.0.0.1", port }), await connectUnix({ path }), near]) {
        const socket = await connectTls(below, { host: "a.test", trust });
        socket.end("echo");
        assert.equal(await text(socket), "echo");
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("shows the certificate of the name that is asked for, and refuses other names", async () => {
    const other = await mintCertificate({ issuer: authority, names: ["b.test", "x.wild.test"] });
    await using server = tlsServer({ identity: identitiesByName({ "A.test": identity, "*.wild.test": other }) });
    for (const [host, leaf] of [
      ["a.test", identity],
      ["x.wild.test", other],
    ] as const) {
      const socket = await open(server, { host, trust });
      assert.equal(socket.getPeerX509Certificate()?.toString(), leaf.leaf);
      socket.destroy();
    }
    for (const host of ["wild.test", "y.x.wild.test", "c.test"]) {
      const failed = once(server, "connectionError");
      await assert.rejects(open(server, { host, trust }), { code: "TLS_ALERT_RECEIVED" });
      const [{ error }] = (await failed) as [ConnectionFailure];
      assert.ok(error instanceof TlsError);
      assert.equal(error.code, "TLS_SERVER_NAME_UNKNOWN");
    }
  });

  test("shows another certificate from one connection to the next, and keeps the connections that there are", async () => {
    await using server = tlsServer({ identity });
    echo(server);
    const first = await open(server, { host: "a.test", trust });
    const renewed = await mintCertificate({ issuer: authority, names: ["a.test"] });
    server.setIdentity(renewed);
    const second = await open(server, { host: "a.test", trust });
    assert.equal(second.getPeerX509Certificate()?.toString(), renewed.leaf);
    first.end("still there");
    assert.equal(await text(first), "still there");
    second.destroy();
  });

  test("resumes sessions of another server with the same secret, until the period is over", async () => {
    const secret = Buffer.alloc(32, 1);
    const hour = ticketKeySchedule({ secret, periodSeconds: 3_600 });
    let now = 0;
    const make = (): TlsServer => tlsServer({ identity, ticketKeys: () => hour(now) });
    await using first = make();
    await using second = make();
    const sessions: Uint8Array[] = [];
    const connect = async (server: TlsServer, session?: Uint8Array): Promise<boolean> => {
      server.once("connection", ({ socket }) => socket.end("x"));
      const socket = await open(server, { host: "a.test", trust, session, onSession: (bytes) => sessions.push(bytes) });
      assert.equal(await text(socket), "x");
      return socket.isSessionReused();
    };
    assert.equal(await connect(first), false);
    const [session, spare] = sessions;
    assert.equal(await connect(second, session), true);
    now = 3_600_000;
    assert.equal(await connect(second, spare), false);
  });

  test("tells plain HTTP what it is, and reports it", async () => {
    await using server = tlsServer({ identity });
    const [near, far] = memoryPair({ allowHalfOpen: true });
    const failed = once(server, "connectionError");
    server.secure(far, "somebody");
    near.end("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    const answer = await text(near);
    assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/);
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    assert.match(head, new RegExp(`Content-Length: ${String(body.length)}(\r|$)`));
    const [{ error, peer, phase }] = (await failed) as [ConnectionFailure];
    assert.ok(error instanceof TlsError);
    assert.deepEqual([error.code, peer, phase], ["TLS_NOT_SPOKEN", "somebody", "handshake"]);
    assert.match(error.message, /plain HTTP/);
  });

  test("on one port for both, the first byte decides", async () => {
    await using server = tlsServer({ identity, protocol: "either" });
    echo(server);
    const { port } = await server.listen({ port: 0, host: "127.0.0.1" });
    const plain = await connectTcp({ host: "127.0.0.1", port });
    plain.end("in the clear");
    assert.equal(await text(plain), "in the clear");
    const socket = await connectTls(await connectTcp({ host: "127.0.0.1", port }), { host: "a.test", trust });
    socket.end("secured");
    assert.equal(await text(socket), "secured");
  });

  test("can be plain, without a certificate, and only then", async () => {
    await using server = tlsServer({ protocol: "plain" });
    const [near, far] = memoryPair();
    const connected = once(server, "connection");
    server.secure(far);
    const [connection] = (await connected) as [{ type: string; socket: Duplex }];
    assert.deepEqual([connection.type, connection.socket], ["plain", far]);
    near.destroy();
    assert.throws(() => tlsServer({}), UsageError);
  });

  test("gives up a client that does not finish its handshake, from the first byte on", async () => {
    for (const sent of [[], [22], [22, 3, 1, 0, 50, 1]]) {
      await using server = tlsServer({ identity, handshakeTimeoutMilliseconds: 20 });
      const [near, far] = memoryPair();
      const failed = once(server, "connectionError");
      server.secure(far);
      near.write(Buffer.from(sent));
      const [{ error }] = (await failed) as [ConnectionFailure];
      assert.ok(error instanceof TimeoutError);
      assert.equal(error.phase, "secure");
      assert.equal(far.destroyed, true);
      assert.deepEqual(server.connections, { pending: 0, established: 0 });
    }
  });

  test("cuts a connection whose handshake does not end after early data was taken", async () => {
    const unfinished: TlsBackend = {
      ...nodeTls,
      accept: async (below, options) => {
        const socket = await nodeTls.accept(below, options);
        // The same socket, but for this.
        const pending = { handshakeDone: { value: new Promise<void>(() => undefined) } };
        return Object.create(socket, pending) as TlsSocket;
      },
    };
    await using server = tlsServer({ identity, backend: unfinished, handshakeTimeoutMilliseconds: 50 });
    server.on("connection", ({ socket }) => socket.resume());
    const failed = once(server, "connectionError");
    const socket = await open(server, { host: "a.test", trust });
    socket.on("error", () => undefined);
    const [{ error, phase }] = (await failed) as [ConnectionFailure];
    assert.ok(error instanceof TimeoutError, String(error));
    assert.equal(phase, "established");
  });

  test("limits handshakes that are under way, and connections in all", async () => {
    for (const limit of [{ maxPendingHandshakes: 2 }, { maxConnections: 2 }]) {
      await using server = tlsServer({ identity, ...limit });
      const failures: ConnectionFailure[] = [];
      server.on("connectionError", (failure) => failures.push(failure));
      const pairs = [1, 2, 3].map(() => memoryPair());
      for (const [, far] of pairs) server.secure(far);
      const [{ error }] = failures as [ConnectionFailure];
      assert.ok(error instanceof PolicyError);
      assert.deepEqual([error.code, failures.length, pairs[2]?.[1].destroyed], ["CONNECTION_LIMIT", 1, true]);
      assert.deepEqual(server.connections, { pending: 2, established: 0 });
    }
  });

  test("goes on when connections fail, before and after the handshake", async () => {
    await using server = tlsServer({ identity });
    const failures: ConnectionFailure[] = [];
    const three = Promise.withResolvers<undefined>();
    server.on("connectionError", (failure) => {
      if (failures.push(failure) === 3) three.resolve(undefined);
    });
    const [near, far] = memoryPair();
    server.secure(far);
    near.resetAndDestroy();
    await once(far, "close");
    const garbage = memoryPair();
    server.secure(garbage[1]);
    garbage[0].write("\u0016\u0003\u0001garbage that is no handshake");
    await once(garbage[1], "close");
    // No listener for errors on the server's socket.
    const pair = memoryPair();
    const connected = once(server, "connection");
    server.on("connection", ({ socket }) => socket.resume());
    server.secure(pair[1]);
    const [client] = await Promise.all([connectTls(pair[0], { host: "a.test", trust }), connected]);
    client.on("error", () => undefined);
    pair[0].write("what is no record");
    await three.promise;
    assert.deepEqual(
      failures.map(({ phase }) => phase),
      ["handshake", "handshake", "established"],
    );
  });

  test("closes: no new connections, unfinished handshakes given up, others get their time", async () => {
    await using server = tlsServer({ identity });
    echo(server);
    const { port } = await server.listen({ port: 0, host: "127.0.0.1" });
    const connected = once(server, "connection");
    const socket = await connectTls(await connectTcp({ host: "127.0.0.1", port }), { host: "a.test", trust });
    await connected;
    const [, far] = memoryPair();
    server.secure(far);
    const givenUp = once(far, "close");
    const closing = server.close();
    assert.equal(server.close(), closing);
    await assert.rejects(connectTcp({ host: "127.0.0.1", port }), TransportError);
    await givenUp;
    socket.end("to the end");
    assert.equal(await text(socket), "to the end");
    await closing;
    await assert.rejects(server.listen({ port: 0 }), TransportError);
  });

  test("cuts connections that outlast the grace", async () => {
    await using server = tlsServer({ identity });
    server.on("connection", () => undefined);
    const socket = await open(server, { host: "a.test", trust });
    socket.on("error", () => undefined);
    await server.close({ graceMilliseconds: 1 });
    assert.deepEqual(server.connections, { pending: 0, established: 0 });
  });

  test("serves node:http over any backend", async () => {
    const { createServer } = await import("node:http");
    const http = createServer((_, response) => response.end("hello"));
    await using server = tlsServer({ identity });
    server.on("connection", ({ socket }) => http.emit("connection", socket));
    const { port } = await server.listen({ port: 0, host: "127.0.0.1" });
    const asked = request({ host: "127.0.0.1", port, servername: "a.test", ca: authority.certificate, agent: false });
    asked.end();
    const [response] = (await once(asked, "response")) as [Duplex];
    assert.equal(await text(response), "hello");
  });

  function echo(server: TlsServer): void {
    server.on("connection", ({ socket }) => {
      socket.pipe(socket);
    });
  }

  async function open(
    server: TlsServer,
    options: Parameters<TlsBackend["connect"]>[1],
  ): ReturnType<TlsBackend["connect"]> {
    if (server.listenerCount("connection") === 0) server.on("connection", () => undefined);
    const [near, far] = memoryPair({ allowHalfOpen: true });
    server.secure(far);
    return connectTls(near, { backend: nodeTls, ...options });
  }
});

describe("connectTls", () => {
  test("gives up when the server does not finish the handshake, and by its signal", async () => {
    const [near] = memoryPair();
    await assert.rejects(connectTls(near, { host: "a.test", handshakeTimeoutMilliseconds: 10 }), TimeoutError);
    assert.equal(near.destroyed, true);
    const [second] = memoryPair();
    const reason = new Error("enough");
    await assert.rejects(connectTls(second, { host: "a.test", signal: AbortSignal.abort(reason) }), reason);
    assert.equal(second.destroyed, true);
  });
});
