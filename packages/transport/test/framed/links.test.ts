import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { MessageChannel } from "node:worker_threads";
import { memoryPair } from "@fairlead/transport";
import {
  acceptLinkStreams,
  cobs,
  type DataChannel,
  dataChannelLink,
  framedLink,
  type Framing,
  lengthPrefix,
  type MessageLink,
  openLinkStream,
  portLink,
} from "@fairlead/transport/framed";

const links: Readonly<Record<string, () => readonly [MessageLink, MessageLink]>> = {
  "a serial line with COBS": () => framedPair(cobs),
  "a pipe with lengths": () => framedPair(lengthPrefix),
  "a port of a worker": () => {
    const { port1, port2 } = new MessageChannel();
    return [portLink(port1), portLink(port2)];
  },
  "a data channel": () => {
    const [left, right] = dataChannels();
    return [dataChannelLink(left), dataChannelLink(right)];
  },
};

for (const [name, make] of Object.entries(links)) {
  test(`${name} carries a byte stream, both ways, to its end`, async () => {
    const [near, far] = make();
    const accepted = Promise.withResolvers<Duplex>();
    await using acceptor = acceptLinkStreams(accepted.resolve, { allowHalfOpen: true });
    acceptor.accept(far);
    const client = await openLinkStream({ connect: () => near, allowHalfOpen: true });
    const server = await accepted.promise;
    client.end("question ".repeat(10_000));
    assert.equal(await text(server), "question ".repeat(10_000));
    const closed = Promise.all([once(client, "close"), once(server, "close")]);
    server.end("answer");
    assert.equal(await text(client), "answer");
    await closed;
  });
}

describe("opening a stream over a link", () => {
  const silent = (): MessageLink => ({
    ...{ peer: "nobody", maxMessageBytes: 20 },
    send: () => Promise.resolve(),
    ...{ listen: () => undefined, close: () => undefined },
  });

  test("ends at its deadline where nobody answers, and says for whom", async () => {
    await assert.rejects(openLinkStream({ connect: silent, openMilliseconds: 20 }), {
      phase: "connect",
      peer: "nobody",
    });
  });

  test("is given up by its signal, with its reason, and closes a link that comes too late", async () => {
    const giving = new AbortController();
    let isClosed = false;
    const late = Promise.withResolvers<MessageLink>();
    const opening = openLinkStream({ connect: () => late.promise, signal: giving.signal });
    const reason = new Error("enough");
    giving.abort(reason);
    await assert.rejects(opening, reason);
    late.resolve({ ...silent(), close: () => (isClosed = true) });
    await new Promise(setImmediate);
    assert.equal(isClosed, true);
  });

  test("fails as the link does", async () => {
    const connect = (): Promise<MessageLink> => Promise.reject(new Error("no such device"));
    await assert.rejects(openLinkStream({ connect }), { message: "no such device" });
  });
});

describe("accepting streams", () => {
  test("refuses one to resume that it does not know, and more than it may have", async () => {
    const streams: Duplex[] = [];
    await using acceptor = acceptLinkStreams((stream) => streams.push(stream), { maxStreams: 1 });
    const open = async (): Promise<Duplex> => {
      const [near, far] = framedPair(lengthPrefix);
      acceptor.accept(far);
      return openLinkStream({ connect: () => near });
    };
    await open();
    await assert.rejects(open(), { code: "ECONNRESET" });
    assert.equal(streams.length, 1);
  });

  test("ends a stream whose link nobody takes up again", async () => {
    const accepted = Promise.withResolvers<Duplex>();
    await using acceptor = acceptLinkStreams(accepted.resolve, { reconnectMilliseconds: 10 });
    const [near, far] = framedPair(lengthPrefix);
    acceptor.accept(far);
    let links = 0;
    const client = await openLinkStream({
      connect: () => ((links += 1) === 1 ? near : Promise.reject(new Error("gone"))),
      reconnectMilliseconds: 10,
    });
    const failures = Promise.all([once(client, "error"), once(await accepted.promise, "error")]);
    near.close();
    for (const [error] of (await failures) as unknown as [{ code: string }][])
      assert.equal(error.code, "STREAM_CLOSED");
  });
});

test("a pipe whose peer announces more than a message may have is closed", async () => {
  const [near, far] = memoryPair();
  const link = framedLink(near, { framing: lengthPrefix, maxMessageBytes: 100 });
  const ended = new Promise<Error | undefined>((resolve) => {
    link.listen({ message: () => undefined, ended: resolve });
  });
  far.write(Buffer.from("7fffffff", "hex"));
  assert.equal(((await ended) as { code?: string }).code, "LINK_MESSAGE_TOO_LONG");
});

function framedPair(framing: Framing): readonly [MessageLink, MessageLink] {
  const [left, right] = memoryPair();
  return [framedLink(left, { framing }), framedLink(right, { framing })];
}

/** Two ends of a data channel as browsers show them. */
function dataChannels(): readonly [DataChannel, DataChannel] {
  const make = () => {
    const events = new EventEmitter();
    const channel = {
      ...{ readyState: "open", bufferedAmount: 0, bufferedAmountLowThreshold: 0, binaryType: "blob" },
      other: undefined as EventEmitter | undefined,
      send(bytes: Uint8Array) {
        const data = new Uint8Array(bytes).buffer;
        setImmediate(() => channel.other?.emit("message", { data }));
      },
      close() {
        channel.readyState = "closed";
        setImmediate(() => channel.other?.emit("close"));
      },
      addEventListener(type: string, listener: (event: { data: unknown }) => void) {
        events.on(type, listener);
      },
    };
    return { channel, events };
  };
  const [left, right] = [make(), make()];
  left.channel.other = right.events;
  right.channel.other = left.events;
  return [left.channel, right.channel];
}
