import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, test } from "node:test";
import { UsageError } from "@fairlead/core";
import { type Fault, type Service, startTestNetwork } from "@fairlead/testserver";

const greeting = "220 this port speaks neither TLS nor HTTP\r\n";

describe("faults of a running network", () => {
  test("act at once on connections that are open, where the network was started for it", async () => {
    await using network = await startTestNetwork({ services: ["tcp-echo"], faultsOnOpenConnections: true });
    const socket = await greeted(network.service("tcp-echo"));
    const stall = network.faults("tcp-echo").add({ type: "stall" });
    socket.write("held back");
    await until(() => stall.hits === 1);
    const came = once(socket, "data") as Promise<[Buffer]>;
    stall.remove();
    assert.equal((await came)[0].toString(), "held back", "what was held leaves when the fault does");

    network.faults("tcp-echo").add({ type: "reset", afterMilliseconds: 0 });
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    assert.equal(error.code, "ECONNRESET", "a time is up whether or not bytes come");
  });

  test("act on connections that begin after the first of them, and from then on at once", async () => {
    await using network = await startTestNetwork({ services: ["tcp-echo"] });
    const faults = network.faults("tcp-echo");
    const before = await greeted(network.service("tcp-echo"));
    faults.add({ type: "slow-close", milliseconds: 0 }).remove();
    const after = await greeted(network.service("tcp-echo"));
    const corrupt = faults.add({ type: "corrupt", everyBytes: 1 });
    for (const [socket, isHit] of [
      [before, false],
      [after, true],
    ] as const) {
      socket.write("x");
      const [answer] = (await once(socket, "data")) as [Buffer];
      assert.equal(answer.toString() !== "x", isHit);
      socket.destroy();
    }
    assert.equal(corrupt.hits, 1);
  });

  test("go together: one after the other, on one service and on all", async () => {
    await using network = await startTestNetwork({ services: ["tcp-echo", "http", "control"] });
    const truncated = network.faults("tcp-echo").add({ type: "truncate", bytes: 5 });
    const everywhere = network.faults("all").add({ type: "slice", sizeBytes: 1, pauseMilliseconds: 1, name: "pieces" });
    assert.deepEqual(everywhere.services, ["http", "tcp-echo"]);
    assert.deepEqual(network.faults("http").list, [everywhere]);
    assert.deepEqual(network.faults("tcp-echo").list, [truncated, everywhere]);
    const { host, port } = network.service("tcp-echo");
    const socket = connect({ host, port });
    socket.end();
    assert.equal(await textOf(socket), greeting.slice(0, 5));
    const told = network.traffic.filter((event) => event.type === "fault");
    assert.deepEqual(
      told.map(({ fault, did, connection }) => [fault, did.replace(/\d+$/, ""), connection]),
      [
        ["truncate (1)", "truncate bytes=5 seed=", 1],
        ["pieces (2)", "slice sizeBytes=1 pauseMilliseconds=1 name=pieces seed=", 1],
      ],
    );
    network.faults("all").clear();
    assert.deepEqual(network.faults("all").list, []);
    everywhere.remove();
  });

  test("hit the same connections by the same seed", async () => {
    const refused = async (fault: Fault): Promise<readonly boolean[]> => {
      await using network = await startTestNetwork({ services: ["tcp-echo"] });
      network.faults("tcp-echo").add(fault);
      const outcomes: boolean[] = [];
      for (let turn = 0; turn < 20; turn += 1) {
        const { host, port } = network.service("tcp-echo");
        const socket = connect({ host, port });
        outcomes.push(
          await new Promise((resolve) => {
            socket.once("data", () => resolve(false)).once("error", () => resolve(true));
          }),
        );
        socket.destroy();
      }
      return outcomes;
    };
    const fault: Fault = { type: "refuse", probability: 0.5, seed: 11 };
    const first = await refused(fault);
    assert.deepEqual(await refused(fault), first);
    assert.notDeepEqual(await refused({ ...fault, seed: 12 }), first);
    assert.equal(new Set(first).size, 2);
  });

  test("hold back no more than a bound, and then the sender", async () => {
    await using network = await startTestNetwork({ services: ["tcp-silent"] });
    network.faults("tcp-silent").add({ type: "stall", direction: "up" });
    const { host, port } = network.service("tcp-silent");
    const socket = connect({ host, port });
    socket.on("error", () => undefined);
    const piece = Buffer.alloc(65_536);
    for (let sent = 0; sent < 64 * 1_048_576; sent += piece.length) socket.write(piece);
    // What the system takes does not grow any more once a while has passed without any.
    let taken = -1;
    while (taken !== socket.bytesWritten - socket.writableLength) {
      taken = socket.bytesWritten - socket.writableLength;
      for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(taken < 32 * 1_048_576, `${taken} bytes were taken`);
    socket.destroy();
  });

  test("cut off at their time who does not read, too", async () => {
    await using network = await startTestNetwork({ services: ["http"] });
    network.faults("http").add({ type: "reset", afterMilliseconds: 200 });
    const socket = connect(network.http.port, network.http.host);
    socket.on("error", () => undefined);
    socket.write("GET /bytes/100000000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await until(() => network.traffic.some((event) => event.type === "fault" && event.did === "resets the connection"));
    await until(() => network.connections.open === 0);
    socket.destroy();
  });

  test("are so many at most", async () => {
    await using network = await startTestNetwork({ services: ["http"] });
    const faults = network.faults("http");
    for (let count = 0; count < 256; count += 1) faults.add({ type: "refuse", probability: 0 });
    assert.throws(() => faults.add({ type: "refuse" }), UsageError);
    faults.clear();
    faults.add({ type: "refuse" });
  });

  test("do not hold up a network that closes, whatever they hold back", async () => {
    const network = await startTestNetwork({ services: ["tcp-echo", "http", "https"], faultsOnOpenConnections: true });
    network.faults("all").add({ type: "stall", direction: "both" });
    network.faults("all").add({ type: "latency", milliseconds: 3_600_000, direction: "both" });
    const closed: Promise<unknown>[] = [];
    for (const { host, port } of network.services) {
      for (let turn = 0; turn < 5; turn += 1) {
        const socket = connect({ host, port });
        socket.on("error", () => undefined);
        socket.write("x");
        socket.resume();
        closed.push(once(socket, "close"));
      }
    }
    // Some are through, some are about to be, and some are not accepted yet.
    await until(() => network.connections.open > 3);
    await network.close();
    await Promise.all(closed);
    assert.equal(network.connections.open, 0);
  });

  for (const [given, detail] of [
    [{ type: "nothing" }, /\(type\); give one of latency/],
    [{ type: "latency" }, /\(milliseconds\); latency needs it/],
    [{ type: "latency", milliseconds: Number.NaN }, /\(milliseconds\); give a whole number from 0 to 3600000/],
    [{ type: "bandwidth", bytesPerSecond: 0 }, /\(bytesPerSecond\); give a whole number from 1 to/],
    [{ type: "reset", probability: -0.1 }, /\(probability\); give a number from 0 to 1/],
    [{ type: "loss" }, /loss acts on services over udp/],
    [undefined, /\(fault\); give an object with a type/],
  ] as const) {
    test(`are refused with a remedy: ${JSON.stringify(given)}`, async () => {
      await using network = await startTestNetwork({ services: ["http"] });
      // What a caller without types may give.
      const fault = given as unknown as Fault;
      assert.throws(
        () => network.faults("http").add(fault),
        (error) => error instanceof UsageError && error.code === "OPTION_INVALID" && detail.test(error.message),
      );
    });
  }

  test("are refused for a service that is not there, and for the one that controls the network", async () => {
    await using network = await startTestNetwork({ services: ["http", "control"] });
    for (const name of ["https", "control"] as const) assert.throws(() => network.faults(name), UsageError);
  });
});

async function greeted({ host, port }: Service): Promise<Socket> {
  const socket = connect({ host, port });
  const [line] = (await once(socket, "data")) as [Buffer];
  assert.equal(line.toString(), greeting);
  return socket;
}

async function textOf(socket: Socket): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
