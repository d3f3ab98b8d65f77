import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, test } from "node:test";
import { FaultSet } from "../../src/faults/fault-set.ts";
import { type Binding, bindServices } from "../../src/gate/bind-services.ts";
import type { NetworkContext } from "../../src/services/network-context.ts";
import { type ServiceEntry, serviceFamily } from "../../src/services/service-entry.ts";
import { TrafficLog } from "../../src/traffic-log.ts";

const bound = new Map<string, Binding>();
afterEach(async () => {
  for (const { gate } of bound.values()) await gate.close();
  bound.clear();
});

describe("a service of connections", () => {
  test("is opened at its first connection, and once", async () => {
    let opened = 0;
    const { port } = await bind({
      ...line,
      open: () => {
        opened += 1;
        return { accept: (socket) => socket.end("hello") };
      },
    });
    assert.equal(opened, 0);
    assert.deepEqual(await Promise.all([talk(port), talk(port), talk(port)]), ["hello", "hello", "hello"]);
    assert.equal(opened, 1);
  });

  test("ends a connection where it cannot be opened, says why, and tries again with the next", async () => {
    let fails = true;
    const { port, traffic } = await bind({
      ...line,
      open: () => {
        if (fails) throw new Error("no luck");
        return { accept: (socket) => socket.end("better") };
      },
    });
    assert.equal(await talk(port), "");
    assert.deepEqual(
      traffic.entries.flatMap((event) => (event.type === "failed" ? [event.reason] : [])),
      ["no luck"],
    );
    fails = false;
    assert.equal(await talk(port), "better");
  });

  test("does not take the process with it when it throws at a connection", async () => {
    const { port, traffic } = await bind({
      ...line,
      open: () => ({
        accept: () => {
          throw new Error("not today");
        },
      }),
    });
    assert.equal(await talk(port), "");
    assert.equal(await talk(port), "");
    assert.equal(traffic.entries.filter(({ type }) => type === "failed").length, 2);
  });

  test("is opened anew after it was retired, and each opening is closed in the end", async () => {
    const log: string[] = [];
    let opened = 0;
    const { port, binding } = await bind({
      ...line,
      open: () => {
        opened += 1;
        const mine = String(opened);
        return { accept: (socket) => socket.end(mine), close: () => void log.push(`closed ${mine}`) };
      },
    });
    assert.equal(await talk(port), "1");
    binding.gate.reopen();
    assert.equal(await talk(port), "2");
    await binding.gate.close();
    assert.deepEqual(log, ["closed 1", "closed 2"]);
  });

  test("is told of its connections: opened, closed, and how many bytes there were", async () => {
    const { port, traffic } = await bind({ ...line, open: () => ({ accept: (socket) => socket.end("12345") }) });
    await talk(port);
    while (!traffic.entries.some(({ type }) => type === "closed")) await new Promise(setImmediate);
    assert.partialDeepStrictEqual(traffic.entries, [
      { type: "opened", service: "line", connection: 1 },
      { type: "closed", service: "line", connection: 1, sentBytes: 5, receivedBytes: 0 },
    ]);
  });
});

describe("a service of datagrams", () => {
  test("is opened at its first datagram, which it gets, and answers from its port", async () => {
    let opened = 0;
    const { port } = await bind({
      ...packets,
      transport: "udp",
      open: async (_network, _self, endpoint) => {
        opened += 1;
        await new Promise(setImmediate);
        endpoint.on("message", (bytes, from) => {
          endpoint.send(Buffer.concat([Buffer.from("re:"), bytes]), from);
        });
        return {};
      },
    });
    assert.deepEqual(await ask(port, ["a", "b"]), ["re:a", "re:b"]);
    assert.equal(opened, 1);
  });

  test("says why it cannot be opened, and tries again with the next", async () => {
    let fails = true;
    const { port, traffic } = await bind({
      ...packets,
      transport: "udp",
      open: (_network, _self, endpoint) => {
        if (fails) {
          fails = false;
          throw new Error("no luck");
        }
        endpoint.on("message", (bytes, from) => {
          endpoint.send(bytes, from);
        });
        return {};
      },
    });
    const socket = createSocket("udp4");
    socket.send("lost", port, "127.0.0.1");
    while (!traffic.entries.some(({ type }) => type === "failed")) await new Promise(setImmediate);
    socket.close();
    assert.deepEqual(await ask(port, ["found"]), ["found"]);
  });
});

test("two transports share a port number where a service asks for it", async () => {
  const traffic = new TrafficLog();
  const family = serviceFamily("pair", "are two", [
    { ...packets, transport: "udp", open: () => ({}) },
    { ...line, samePortAs: "packets", open: () => ({ accept: (socket) => socket.end("both") }) },
  ]);
  await bindServices([family], bound, bindOptions(traffic));
  const port = bound.get("packets")?.service.port;
  assert.equal(bound.get("line")?.service.port, port);
  assert.equal(await talk(port ?? 0), "both");
});

test("a name that two families give to services is a mistake, told before any port is bound", async () => {
  const entry: ServiceEntry = { ...line, open: () => ({ accept: (socket) => socket.end() }) };
  const families = [serviceFamily("one", "are one", [entry]), serviceFamily("other", "are another", [entry])];
  await assert.rejects(bindServices(families, bound, bindOptions(new TrafficLog())), {
    name: "RangeError",
    message: "the families one and other both have a service line",
  });
  assert.equal(bound.size, 0);
});

test("a service that shares the port of another has one of its own where the other is not wanted", async () => {
  const family = serviceFamily("pair", "are two", [
    { ...packets, transport: "udp", open: () => ({}) },
    { ...line, samePortAs: "packets", open: () => ({ accept: (socket) => socket.end("alone") }) },
  ]);
  await bindServices([family], bound, { ...bindOptions(new TrafficLog()), wanted: ["line"] });
  assert.deepEqual([...bound.keys()], ["line"]);
  assert.equal(await talk(bound.get("line")?.service.port ?? 0), "alone");
});

test("a service that is wanted and is not there is told before any port is bound", async () => {
  const family = serviceFamily("one", "is one", [{ ...line, open: () => ({ accept: (socket) => socket.end() }) }]);
  const options = { ...bindOptions(new TrafficLog()), wanted: ["line", "lime"] };
  await assert.rejects(bindServices([family], bound, options), new RangeError("there is no service lime"));
  assert.equal(bound.size, 0);
});

const line = { name: "line", scheme: "tcp", does: "says a line" } as const;
const packets = { name: "packets", scheme: "udp", does: "sends packets" } as const;

async function bind(
  entry: ServiceEntry,
): Promise<{ readonly port: number; readonly traffic: TrafficLog; readonly binding: Binding }> {
  const traffic = new TrafficLog();
  await bindServices([serviceFamily("one", "is one", [entry])], bound, bindOptions(traffic));
  const binding = bound.get(entry.name);
  assert.ok(binding !== undefined);
  return { port: binding.service.port, traffic, binding };
}

function bindOptions(traffic: TrafficLog): Parameters<typeof bindServices>[2] {
  return {
    // The gates ask for the traffic log alone; services of these tests for nothing.
    network: { traffic } as NetworkContext,
    ...{ host: "127.0.0.1", port: 0, wanted: undefined },
    newFaultSet: () => new FaultSet({ areHeeded: false }),
  };
}

async function talk(port: number): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  return await text(socket).catch(() => "");
}

async function ask(port: number, words: readonly string[]): Promise<readonly string[]> {
  const socket = createSocket("udp4");
  const answers: string[] = [];
  for (const word of words) {
    socket.send(word, port, "127.0.0.1");
    const [bytes] = (await once(socket, "message")) as [Buffer];
    answers.push(bytes.toString());
  }
  socket.close();
  return answers;
}
