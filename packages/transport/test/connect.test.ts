import assert from "node:assert/strict";
import { getEventListeners, once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type LookupFunction, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { TransportError } from "@fairlead/core";
import { connectTcp, connectUnix, type TcpPhase } from "../src/index.ts";

test("reports when the name is resolved and when the connection stands, in this order", async () => {
  await using server = await listening();
  const phases: TcpPhase[] = [];
  const socket = await connectTcp({ host: "localhost", port: server.port, onPhase: (phase) => phases.push(phase) });
  assert.deepEqual(phases, ["resolving", "resolved", "connected"]);
  socket.destroy();
});

test("reports no lookup for an IP literal", async () => {
  await using server = await listening();
  const phases: TcpPhase[] = [];
  const socket = await connectTcp({ host: "127.0.0.1", port: server.port, onPhase: (phase) => phases.push(phase) });
  assert.deepEqual(phases, ["connected"]);
  socket.destroy();
});

test("leaves no listener on the socket that it returns", async () => {
  await using server = await listening();
  const controller = new AbortController();
  const socket = await connectTcp({ host: "127.0.0.1", port: server.port, signal: controller.signal });
  assert.deepEqual([socket.listenerCount("error"), socket.listenerCount("connect")], [0, 0]);
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  controller.abort();
  assert.equal(socket.destroyed, false);
  socket.destroy();
});

test("uses the given lookup", async () => {
  await using server = await listening();
  const names: string[] = [];
  const lookup: LookupFunction = (hostname, _options, done) => {
    names.push(hostname);
    done(null, [{ address: "127.0.0.1", family: 4 }]);
  };
  (await connectTcp({ host: "made.up.test", port: server.port, lookup })).destroy();
  assert.deepEqual(names, ["made.up.test"]);
});

test("names a refused connection with peer, code and remedy", async () => {
  const { port } = await unusedPort();
  await assert.rejects(connectTcp({ host: "127.0.0.1", port }), (error) => {
    assert.ok(error instanceof TransportError);
    assert.equal(error.code, "CONNECTION_REFUSED");
    assert.equal(error.peer, `127.0.0.1:${String(port)}`);
    assert.equal(error.operation, "connect");
    assert.match(
      error.message,
      /^connect 127\.0\.0\.1:\d+: the connection was refused \(ECONNREFUSED\); check the port/,
    );
    return true;
  });
});

test("lists every address that Happy Eyeballs tried", async () => {
  const { port } = await unusedPort();
  const lookup: LookupFunction = (_hostname, _options, done) => {
    done(null, [
      { address: "127.0.0.1", family: 4 },
      { address: "127.0.0.2", family: 4 },
    ]);
  };
  await assert.rejects(connectTcp({ host: "two.test", port, lookup }), (error) => {
    assert.ok(error instanceof TransportError);
    assert.equal(error.code, "CONNECTION_REFUSED");
    assert.ok(error.cause instanceof AggregateError);
    assert.match(error.message, /ECONNREFUSED at 127\.0\.0\.1:\d+, ECONNREFUSED at 127\.0\.0\.2:\d+/);
    return true;
  });
});

test("takes the address that answers, whichever family it is of", async () => {
  await using server = await listening();
  const lookup: LookupFunction = (_hostname, _options, done) => {
    done(null, [
      { address: "::1", family: 6 },
      { address: "127.0.0.1", family: 4 },
    ]);
  };
  const socket = await connectTcp({ host: "two.test", port: server.port, lookup });
  assert.equal(socket.remoteAddress, "127.0.0.1");
  socket.destroy();
});

test("does not give up an address that is slow while others are tried", async () => {
  await using server = await listening();
  // TEST-NET-1 (RFC 5737) answers nobody; a machine without a route says so at once, which must not matter either.
  const addresses = ["127.0.0.1", "192.0.2.1", "192.0.2.2"].map((address) => ({ address, family: 4 }));
  const lookup: LookupFunction = (_hostname, _options, done) => done(null, addresses);
  const socket = await connectTcp({ host: "holes.test", port: server.port, lookup, attemptDelayMilliseconds: 0 });
  assert.equal(socket.remoteAddress, "127.0.0.1");
  socket.destroy();
});

test("names a name without addresses", async () => {
  const lookup: LookupFunction = (_hostname, _options, done) => done(null, []);
  await assert.rejects(connectTcp({ host: "empty.test", port: 443, lookup }), { code: "NAME_NOT_FOUND" });
});

test("names a host that does not exist", async () => {
  const lookup: LookupFunction = (hostname, _options, done) => {
    done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: "ENOTFOUND" }), []);
  };
  const phases: TcpPhase[] = [];
  await assert.rejects(
    connectTcp({ host: "nowhere.test", port: 443, lookup, onPhase: (phase) => phases.push(phase) }),
    { code: "NAME_NOT_FOUND", peer: "nowhere.test:443" },
  );
  assert.deepEqual(phases, ["resolving"]);
});

test("refuses an impossible port before any I/O", async () => {
  await assert.rejects(connectTcp({ host: "127.0.0.1", port: 65_536 }), RangeError);
});

test("rejects with the signal's reason when it has fired already", async () => {
  const reason = new Error("enough");
  await assert.rejects(connectTcp({ host: "127.0.0.1", port: 1, signal: AbortSignal.abort(reason) }), reason);
  await assert.rejects(connectUnix({ path: "/nowhere", signal: AbortSignal.abort(reason) }), reason);
});

test("rejects with the signal's reason during the lookup, and connects to nobody", async () => {
  await using server = await listening();
  const reason = new Error("enough");
  const controller = new AbortController();
  let answer: () => void = () => undefined;
  const lookup: LookupFunction = (_hostname, _options, done) => {
    answer = () => done(null, [{ address: "127.0.0.1", family: 4 }]);
  };
  const connecting = connectTcp({ host: "slow.test", port: server.port, lookup, signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(connecting, reason);
  answer();
  // A later connection is answered first only if the aborted one was never made.
  const next = connectTcp({ host: "127.0.0.1", port: server.port });
  await once(server.server, "connection");
  (await next).destroy();
  assert.equal(server.connections(), 1);
});

test("rejects with the signal's reason while connecting, and leaves no socket", async () => {
  await using server = await listening();
  const reason = new Error("enough");
  const controller = new AbortController();
  const connecting = connectTcp({ host: "127.0.0.1", port: server.port, signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(connecting, reason);
  // The server closes only when no connection is left, at the end of this scope.
});

test("connects to a Unix socket, and names what is wrong with a path", async () => {
  const directory = await mkdtemp(join(tmpdir(), "fairlead-"));
  const path = join(directory, "socket");
  const server = createServer((socket) => socket.end()).listen(path);
  await once(server, "listening");
  (await connectUnix({ path })).destroy();
  server.close();
  await assert.rejects(connectUnix({ path: join(directory, "none") }), {
    code: "SOCKET_NOT_FOUND",
    peer: join(directory, "none"),
  });
  const file = join(directory, "file");
  await writeFile(file, "");
  await assert.rejects(connectUnix({ path: file }), { code: "CONNECTION_REFUSED" });
  await rm(directory, { recursive: true });
});

interface Listening extends AsyncDisposable {
  readonly server: Server;
  readonly port: number;
  connections(): number;
}

async function listening(): Promise<Listening> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.resume();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    server,
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}

/** A port where somebody listened a moment ago, and nobody does now. */
async function unusedPort(): Promise<{ readonly port: number }> {
  await using server = await listening();
  return { port: server.port };
}
