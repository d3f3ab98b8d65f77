import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { manualClock } from "@fairlead/conformance/dtls";
import {
  coapAnswer,
  coapClient,
  coapServer,
  datagramChannel,
  listenDatagrams,
  observable,
  resource,
  serveChannel,
} from "@fairlead/iot/coap";
import {
  blockUint,
  type CoapCode,
  type CoapMessage,
  type CoapOption,
  writeCoapMessage,
  writeOption,
} from "@fairlead/iot/coap/protocol";
import { type DatagramAddress, memoryNetwork } from "@fairlead/transport";

const server: DatagramAddress = { host: "192.0.2.1", port: 5683 };
const nothing = new Uint8Array(0);

describe("a server under a flood of forged addresses", () => {
  test("gives none of them three times what was sent, keeps no more peers than it may, and serves its clients", async () => {
    const { network, told, listener, watched, clock } = served(500);
    await using client = coapClient({
      open: async () => datagramChannel(network.endpoint({ host: "198.51.100.7", port: 1 }).path(server)),
    });
    const asked: Promise<string>[] = [];
    for (let count = 0; count < 10_000; count += 1) {
      const name = kinds[count % kinds.length] ?? "small";
      const from = { host: `10.0.${(count >> 8) & 15}.${count & 255}`, port: 1 + (count % kinds.length) };
      network.send(forged[name](count & 0xffff), { from, to: server });
      if (count % 64 === 0) await turn();
      if (count % 512 === 0) clock.advance(100);
      assert.ok(listener.peerCount <= 500);
      if (count % 2_000 !== 1_000) continue;
      asked.push(
        client.get("coap://192.0.2.1/small").then(({ code }) => code),
        client.get("coap://192.0.2.1/large").then(({ payload }) => String(payload.length)),
        client.put("coap://192.0.2.1/small", { body: new Uint8Array(5_000) }).then(({ code }) => code),
      );
    }
    assert.deepEqual(
      await Promise.all(asked),
      asked.map((_, index) => ["2.05", "20000", "2.04"][index % 3]),
    );
    // What is late, and all that could be repeated.
    for (let seconds = 0; seconds < 120; seconds += 1) {
      clock.advance(1_000);
      await turn();
    }
    for (const [index, name] of kinds.entries()) {
      const { came = 0, went = 0 } = told.get(index + 1) ?? {};
      assert.ok(went > 0 && went <= 3 * came, `${name}: ${went} bytes for ${came}`);
    }
    assert.equal(watched.observers, 0);
    await listener.close();
  });

  test("repeats no late answer to a stranger where that would be more than three times what came", async () => {
    const { network, told, listener, clock } = served(10);
    for (const [port, name] of [
      [1, "late"],
      [2, "lateChange"],
    ] as const) {
      network.send(forged[name](7), { from: { host: "10.0.0.1", port }, to: server });
    }
    for (let seconds = 0; seconds < 120; seconds += 1) {
      await turn();
      clock.advance(1_000);
    }
    assert.deepEqual(
      [told.get(1), told.get(2)],
      [
        { came: 11, went: 4 + 12 },
        { came: 11, went: 4 + 5 * 6 },
      ],
    );
    await listener.close();
  });

  test("hears others while thousands acknowledge nothing of what a slow resource tells them", async () => {
    const { network, told, listener, clock } = served(100);
    for (let count = 0; count < 100; count += 1) {
      const from = { host: `10.0.0.${count}`, port: 1 };
      network.send(forged.lateChange(count), { from, to: server });
    }
    await turn();
    clock.advance(1_000);
    await turn();
    assert.equal(told.get(1)?.went, 100 * (4 + 6), "an acknowledgement and an answer");
    // Each was looked at once before it has to go.
    for (let count = 0; count < 20; count += 1) {
      const from = { host: "10.1.0.1", port: 100 + count };
      network.send(forged.small(count), { from, to: server });
      assert.equal(listener.peerCount, 100);
    }
    await turn();
    assert.ok((told.get(119)?.went ?? 0) > 0);
    await listener.close();
  });

  test("says nothing to itself for ever", async () => {
    const { network, sent, listener, clock } = served(10);
    for (const name of kinds) {
      const before = sent();
      network.send(forged[name](7), { from: server, to: server });
      for (let seconds = 0; seconds < 120; seconds += 1) {
        clock.advance(1_000);
        await turn();
      }
      assert.ok(sent() - before <= 4, `${name}: ${sent() - before} datagrams`);
    }
    await listener.close();
  });
});

/** A server in a network that counts, by the port of whoever is at the other end, what came from there and went there. */
function served(peerLimit: number) {
  const told = new Map<number, { came: number; went: number }>();
  let datagrams = 0;
  const network = memoryNetwork({
    carry: (bytes, deliver, { from, to }) => {
      datagrams += 1;
      const isForward = to.port === server.port;
      const { port } = isForward ? from : to;
      const { came, went } = told.get(port) ?? { came: 0, went: 0 };
      const { length } = bytes;
      told.set(port, isForward ? { came: came + length, went } : { came, went: went + length });
      deliver(bytes);
    },
  });
  const clock = manualClock();
  const watched = observable(() => coapAnswer("Content", "0"));
  const { handler } = coapServer({
    resources: [
      resource("small", { get: () => coapAnswer("Content", "hi"), put: () => coapAnswer("Changed") }),
      resource("large", { get: () => coapAnswer("Content", new Uint8Array(20_000)) }),
      resource("watched", { get: watched.handler, observable: true }),
      resource("late", {
        get: () => new Promise((resolve) => clock.schedule(500, () => resolve(coapAnswer("Content", "late")))),
        put: () => new Promise((resolve) => clock.schedule(500, () => resolve(coapAnswer("Changed")))),
      }),
    ],
  });
  const listener = listenDatagrams(network.endpoint(server), (channel) => serveChannel(channel, handler), {
    clock,
    peerLimit,
  });
  return { network, told, listener, watched, clock, sent: () => datagrams };
}

const at = (...segments: readonly string[]): CoapOption[] => segments.map((each) => writeOption("uriPath", each));

function message(
  code: CoapCode,
  messageId: number,
  options: readonly CoapOption[],
  rest: Partial<CoapMessage> = {},
): Uint8Array {
  const sorted = options.toSorted((one, other) => one.number - other.number);
  const token = Uint8Array.of(messageId >> 8, messageId & 255);
  return writeCoapMessage({ type: "confirmable", code, messageId, token, options: sorted, payload: nothing, ...rest });
}

const block = (number: number, more: boolean): number => blockUint({ number, more, sizeBytes: 1024 });

/** What strangers send, by what they are after. */
const forged = {
  small: (id: number) => message("0.01", id, at("small")),
  large: (id: number) => message("0.01", id, at("large")),
  tail: (id: number) => message("0.01", id, [...at("large"), writeOption("block2", block(3, false))]),
  beginning: (id: number) => {
    const options = [...at("small"), writeOption("block1", block(0, true))];
    return message("0.03", id, options, { payload: new Uint8Array(1024) });
  },
  gap: (id: number) => message("0.03", id, [...at("small"), writeOption("block1", block(9, false))]),
  watched: (id: number) => message("0.01", id, [...at("watched"), writeOption("observe", 0)]),
  core: (id: number) => message("0.01", id, at(".well-known", "core")),
  late: (id: number) => message("0.01", id, at("late")),
  /** Its answer is so small that it is repeated until it is acknowledged. */
  lateChange: (id: number) => message("0.03", id, at("late")),
  unknownOption: (id: number) => message("0.01", id, [{ number: 65_001, value: new Uint8Array(900) }]),
  ping: (id: number) => Uint8Array.of(0x40, 0, id >> 8, id & 255),
  malformed: (id: number) => Uint8Array.of(0x40, 1, id >> 8, id & 255, 0xff),
  answer: (id: number) => message("2.05", id, []),
} as const;
const kinds = Object.keys(forged) as (keyof typeof forged)[];
