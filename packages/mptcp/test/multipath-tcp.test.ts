import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer as createHttpServer, get, type IncomingMessage } from "node:http";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { connectTcp } from "@fairlead/transport";
import { isMissing } from "./is-missing.ts";
import { multipath } from "./multipath-pair.ts";

describe("multipath TCP on one machine", () => {
  for (const host of ["127.0.0.1", "::1"]) {
    test(`is spoken where both do, over ${host}, and its path is told`, async (t) => {
      if (isMissing(t)) return;
      await using server = await echoServer(host);
      await using socket = await multipath.connect({ host, port: server.port, required: true });
      socket.write("echo");
      assert.equal(String((await once(socket, "data"))[0]), "echo");
      const facts = multipath.multipathOf(socket);
      assert(facts.type === "multipath");
      const [subflow, ...others] = facts.subflows;
      assert.equal(others.length, 0);
      assert.deepEqual(subflow?.remote, { host, port: server.port });
      assert.deepEqual(subflow.local, { host: socket.localAddress, port: socket.localPort });
      assert.deepEqual([subflow.state, subflow.sentBytes, subflow.receivedBytes], ["established", 4, 4]);
      assert.equal(facts.counters.retransmissions, 0);
      assert.deepEqual(
        server.accepted.map((accepted) => multipath.multipathOf(accepted).type),
        ["multipath"],
      );
    });
  }

  test("falls back to TCP with a peer that does not speak it (RFC 8684 section 3.7), or refuses", async (t) => {
    if (isMissing(t)) return;
    await using server = await echoServer("127.0.0.1", false);
    const to = { host: "127.0.0.1", port: server.port };
    await using socket = await multipath.connect(to);
    assert.deepEqual(multipath.multipathOf(socket), { type: "fallback" });
    socket.write("echo");
    assert.equal(String((await once(socket, "data"))[0]), "echo");
    await assert.rejects(multipath.connect({ ...to, required: true }), {
      name: "TransportError",
      code: "MULTIPATH_UNAVAILABLE",
      peer: `127.0.0.1:${String(server.port)}`,
    });
  });

  test("a server serves peers without it, which are told as plain", async (t) => {
    if (isMissing(t)) return;
    await using server = await echoServer("127.0.0.1");
    await using socket = await connectTcp({ host: "127.0.0.1", port: server.port });
    socket.write("echo");
    assert.equal(String((await once(socket, "data"))[0]), "echo");
    assert.deepEqual(multipath.multipathOf(socket), { type: "plain" });
    assert.deepEqual(
      server.accepted.map((accepted) => multipath.multipathOf(accepted)),
      [{ type: "plain" }],
    );
  });

  test("names are resolved, and the address that answers wins", async () => {
    await using server = await echoServer("127.0.0.1");
    await using socket = await multipath.connect({
      host: "two.test",
      port: server.port,
      lookup: (_name, _options, done) => {
        done(null, [
          { address: "::1", family: 6 },
          { address: "127.0.0.1", family: 4 },
        ]);
      },
    });
    assert.equal(socket.remoteAddress, "127.0.0.1");
  });

  test("HTTP goes over it unchanged", async () => {
    const server = createHttpServer((_request, response) => void response.end("by several paths"));
    await multipath.listen(server);
    const socket = await multipath.connect({ host: "127.0.0.1", port: portOf(server) });
    const [response] = (await once(get("http://a.test/", { createConnection: () => socket }), "response")) as [
      IncomingMessage,
    ];
    assert.equal(String(Buffer.concat(await response.toArray())), "by several paths");
    socket.destroy();
    server.close();
  });

  test("failures have the codes of TCP, and leave no descriptor", async () => {
    await using server = await echoServer("127.0.0.1");
    const gone = createServer().listen(0, "127.0.0.1");
    await once(gone, "listening");
    const port = portOf(gone);
    gone.close();
    await once(gone, "close");
    // What is opened once and stays: the epoll of the event loop, the random numbers of the system.
    await assert.rejects(multipath.connect({ host: "127.0.0.1", port }));
    const before = openDescriptors();
    const reason = new Error("enough");
    for (let round = 0; round < 20; round += 1) {
      await assert.rejects(multipath.connect({ host: "127.0.0.1", port }), { code: "CONNECTION_REFUSED" });
      const giveUp = new AbortController();
      const connecting = multipath.connect({ host: "127.0.0.1", port: server.port, signal: giveUp.signal });
      giveUp.abort(reason);
      await assert.rejects(connecting, reason);
      await assert.rejects(multipath.listen(createServer(), { port: server.port }), { code: "ADDRESS_IN_USE" });
      await assert.rejects(multipath.listen(createServer(), { host: "192.0.2.1" }), { code: "NETWORK_UNREACHABLE" });
      await assert.rejects(multipath.listen(server.server), { message: /ERR_SERVER_ALREADY_LISTEN/ });
    }
    for (const accepted of server.accepted) accepted.destroy();
    for (let turn = 0; turn < 1_000 && openDescriptors() > before; turn += 1) await nextTurn();
    assert.equal(openDescriptors(), before);
    await assert.rejects(multipath.listen(createServer(), { host: "localhost" }), { code: "OPTION_INVALID" });
    await assert.rejects(multipath.listen(createServer(), { port: 65_536 }), RangeError);
    await assert.rejects(multipath.connect({ host: "127.0.0.1", port: 65_536 }), RangeError);
  });

  test("a socket that is closed is plain", async () => {
    await using server = await echoServer("127.0.0.1");
    const socket = await multipath.connect({ host: "127.0.0.1", port: server.port });
    socket.destroy();
    assert.deepEqual(multipath.multipathOf(socket), { type: "plain" });
  });
});

async function echoServer(
  host: string,
  withMultipath = true,
): Promise<AsyncDisposable & { readonly port: number; readonly server: Server; readonly accepted: readonly Socket[] }> {
  const accepted: Socket[] = [];
  const server = createServer((socket) => {
    accepted.push(socket);
    socket.on("error", () => undefined).pipe(socket);
  });
  if (withMultipath) await multipath.listen(server, { host });
  else await once(server.listen(0, host), "listening");
  return {
    port: portOf(server),
    server,
    accepted,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of accepted) socket.destroy();
      await closed;
    },
  };
}

function portOf(server: Server): number {
  // A server that listens on a port has an address of this form.
  return (server.address() as AddressInfo).port;
}

function openDescriptors(): number {
  return process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
}
