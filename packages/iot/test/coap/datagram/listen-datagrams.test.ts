import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { manualClock } from "@fairlead/conformance/dtls";
import {
  askGroup,
  type CoapChannel,
  channelRequester,
  datagramChannel,
  type IncomingCoapRequest,
  type ListenDatagramsOptions,
  listenDatagrams,
} from "@fairlead/iot/coap";
import { coapCodes, writeOption } from "@fairlead/iot/coap/protocol";
import { type DatagramAddress, type MemoryNetwork, memoryNetwork } from "@fairlead/transport";
import { describeMessage } from "../protocol/delivery/layer-probe.ts";

const server: DatagramAddress = { host: "192.0.2.1", port: 5683 };
const get = { code: "0.01", options: [], payload: new Uint8Array(0) } as const;
const content = { code: "2.05", options: [], payload: Uint8Array.of(1) } as const;

/** A network that carries at once, with a listener in it. */
function listening(
  options: ListenDatagramsOptions = {},
  onRequest: (incoming: IncomingCoapRequest) => void = (incoming) => void incoming.respond(content),
) {
  const network = memoryNetwork({ carry: (bytes, deliver) => deliver(bytes) });
  const clock = manualClock();
  const channels: CoapChannel[] = [];
  const listener = listenDatagrams(
    network.endpoint(server),
    (channel) => {
      channels.push(channel);
      channel.on("request", onRequest);
    },
    { clock, random: () => 0, ...options },
  );
  return { network, clock, channels, listener };
}

/** Sends as somebody, and tells what comes back. */
function stranger(network: MemoryNetwork, port: number) {
  const address: DatagramAddress = { host: "192.0.2.9", port };
  const heard: string[] = [];
  network.endpoint(address).on("message", (bytes) => heard.push(describeMessage(bytes)));
  const send = (...bytes: readonly number[]): readonly string[] => {
    heard.length = 0;
    network.send(Uint8Array.from(bytes), { from: address, to: server });
    return [...heard];
  };
  return { send };
}

/** A confirmable GET. */
const request = [0x40, 1, 0, 7];

describe("a listener", () => {
  test("keeps nothing of strangers that ask for nothing, and answers them with four bytes at most", () => {
    const { network, listener } = listening();
    const { send } = stranger(network, 1);
    assert.deepEqual(send(0x40, 0, 0, 7), ["RST 0.00 #7"]);
    assert.deepEqual(send(0x40, 0x45, 0, 7), ["RST 0.00 #7"]);
    assert.deepEqual(send(0x50, 0x45, 0, 7), ["RST 0.00 #7"]);
    assert.deepEqual(send(0x40, 1, 0, 7, 0xff), ["RST 0.00 #7"]);
    for (const ignored of [[], [0x40], [0x80, 1, 0, 7], [0x50, 1, 0, 7, 0xff], [0x60, 0, 0, 7], [0x70, 0, 0, 7]]) {
      assert.deepEqual(send(...ignored), []);
    }
    assert.equal(listener.peerCount, 0);
  });

  test("makes one channel for each peer, and forgets it when it was idle for EXCHANGE_LIFETIME", async () => {
    const { network, clock, channels, listener } = listening();
    const { send } = stranger(network, 1);
    assert.deepEqual(send(...request), ["ACK 2.05 #7"]);
    assert.deepEqual(send(0x40, 1, 0, 8), ["ACK 2.05 #8"]);
    stranger(network, 2).send(...request);
    assert.equal(channels.length, 2);
    clock.advance(246_000);
    assert.equal(listener.peerCount, 2);
    assert.deepEqual(send(...request), ["ACK 2.05 #7"], "a copy");
    clock.advance(100_000);
    assert.deepEqual(
      channels.map(({ closed }) => closed),
      [false, true],
    );
    clock.advance(300_000);
    assert.equal(listener.peerCount, 0);
    assert.equal(clock.waiting, 0, "and no timer is left");
    await listener.close();
  });

  test("has a new peer take the place of the one that was idle for longest", () => {
    const { network, clock, channels, listener } = listening({ peerLimit: 2 });
    const [first, second, third] = [1, 2, 3].map((port) => stranger(network, port));
    first?.send(...request);
    second?.send(...request);
    clock.advance(1);
    first?.send(0x40, 1, 0, 8);
    third?.send(...request);
    assert.deepEqual(
      channels.map(({ closed }) => closed),
      [false, true, false],
    );
    assert.equal(listener.peerCount, 2);
  });

  test("does not hear a new peer while all have something under way", () => {
    const waiting: IncomingCoapRequest[] = [];
    const { network, listener } = listening({ peerLimit: 2 }, (incoming) => waiting.push(incoming));
    const [first, second, third] = [1, 2, 3].map((port) => stranger(network, port));
    first?.send(...request);
    second?.send(...request);
    third?.send(...request);
    assert.equal(waiting.length, 2);
    void waiting[0]?.respond(content);
    third?.send(...request);
    assert.equal(waiting.length, 3);
    assert.equal(listener.peerCount, 2);
  });

  test("keeps a peer that observes, however long it is silent", () => {
    const { network, clock, listener } = listening({}, (incoming) => {
      void incoming.respond({ ...content, options: [writeOption("observe", 1)] });
    });
    stranger(network, 1).send(0x40, 1, 0, 7, 0x60);
    clock.advance(10_000_000);
    assert.equal(listener.peerCount, 1);
  });

  test("bounds what all peers have remembered together", () => {
    const { network, channels } = listening({ rememberedBytesLimit: 200 });
    for (let port = 1; port <= 100; port += 1) {
      assert.deepEqual(stranger(network, port).send(...request), ["ACK 2.05 #7"]);
    }
    assert.equal(channels.length, 100);
  });

  test("fails what waits, and hears nothing more, when it is closed", async () => {
    const waiting: IncomingCoapRequest[] = [];
    const { network, clock, listener } = listening({}, (incoming) => waiting.push(incoming));
    stranger(network, 1).send(...request);
    await listener.close();
    await listener.close();
    assert.ok(waiting[0]?.signal.aborted);
    await assert.rejects(waiting[0].respond(content), { code: "STREAM_CLOSED" });
    assert.deepEqual(stranger(network, 2).send(...request), []);
    assert.deepEqual([listener.peerCount, clock.waiting], [0, 0]);
  });
});

describe("a group", () => {
  const group: DatagramAddress = { host: "224.0.1.187", port: 5683 };

  /** Members with these addresses, each of which answers with its last byte. */
  function members(hosts: readonly string[], respond = true) {
    const clock = manualClock();
    const heard: { readonly isMulticast: boolean }[] = [];
    const joined = new Map<string, (bytes: Buffer, from: DatagramAddress) => void>();
    const network = memoryNetwork({
      carry: (bytes, deliver, { from, to }) => {
        if (to.host !== group.host) deliver(bytes);
        else for (const hear of joined.values()) hear(bytes, from);
      },
    });
    for (const host of hosts) {
      const groupEndpoint = network.endpoint({ host, port: 1 });
      joined.set(host, (bytes, from) => groupEndpoint.emit("message", bytes, from));
      listenDatagrams(
        network.endpoint({ host, port: 5683 }),
        (channel) =>
          channel.on("request", (incoming) => {
            heard.push(incoming);
            void incoming.respond(respond ? content : { ...content, code: coapCodes["Not Found"] });
          }),
        { clock, random: () => Number(host.at(-1)) * 2 ** 29, groups: [groupEndpoint] },
      );
    }
    return { network, clock, heard };
  }

  test("is asked once, and each member answers at its time, from its own address (RFC 7252 section 8)", async () => {
    const { network, clock, heard } = members(["192.0.2.1", "192.0.2.2", "192.0.2.4"]);
    const endpoint = network.endpoint({ host: "192.0.2.9", port: 9 });
    const answers = askGroup(endpoint, group, get, { clock });
    const first = answers.next();
    assert.deepEqual(
      heard.map(({ isMulticast }) => isMulticast),
      [true, true, true],
    );
    clock.advance(5_000);
    const { value } = await first;
    assert.equal(value?.from.host, "192.0.2.1");
    assert.equal((await answers.next()).value?.from.host, "192.0.2.2");
    assert.equal((await answers.next()).value?.from.host, "192.0.2.4");
    clock.advance(2_000);
    assert.ok((await answers.next()).done);
    assert.deepEqual([endpoint.listenerCount("message"), endpoint.listenerCount("close")], [0, 0]);
  });

  test("says nothing where its members have nothing to say (RFC 7252 section 8.2)", async () => {
    const { network, clock } = members(["192.0.2.1"], false);
    const answers = askGroup(network.endpoint({ host: "192.0.2.9", port: 9 }), group, get, { clock });
    const first = answers.next();
    clock.advance(7_000);
    assert.ok((await first).done);
  });

  test("is heard as the same peer that asks alone", async () => {
    const { network, clock, heard } = members(["192.0.2.1"]);
    const endpoint = network.endpoint({ host: "192.0.2.9", port: 9 });
    const answers = askGroup(endpoint, group, get, { clock });
    const first = answers.next();
    clock.advance(5_000);
    await first;
    await answers.return(undefined);
    await using channel = datagramChannel(endpoint.path(server), { clock });
    assert.equal((await channelRequester(channel)(get)).code, "2.05");
    assert.deepEqual(
      heard.map(({ isMulticast }) => isMulticast),
      [true, false],
    );
  });

  test("is asked until the caller has enough, the limit is reached, or the signal fires", async () => {
    const { network, clock } = members(["192.0.2.1", "192.0.2.2"]);
    const endpoint = network.endpoint({ host: "192.0.2.9", port: 9 });
    const limited = askGroup(endpoint, group, get, { clock, responseLimit: 1 });
    const first = limited.next();
    clock.advance(5_000);
    await first;
    assert.ok((await limited.next()).done);
    const aborting = new AbortController();
    const aborted = askGroup(endpoint, group, get, { clock, signal: aborting.signal });
    const rejected = assert.rejects(aborted.next(), { name: "AbortError" });
    aborting.abort();
    await rejected;
    assert.equal(endpoint.listenerCount("message"), 0);
  });
});
