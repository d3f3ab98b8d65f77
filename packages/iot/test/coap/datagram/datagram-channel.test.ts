import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { channelRequester, datagramChannel, listenDatagrams, serveChannel } from "@fairlead/iot/coap";
import { writeOption } from "@fairlead/iot/coap/protocol";
import { connectUdp, openUdp } from "@fairlead/transport";

const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
const text = ({ payload }: { readonly payload: Uint8Array }): string => new TextDecoder().decode(payload);
const get = { code: "0.01", options: [writeOption("uriPath", "a")], payload: bytes("") } as const;

describe("a channel over UDP", () => {
  test("asks, and is answered", async () => {
    await using listener = listenDatagrams(await openUdp(), (channel) => {
      serveChannel(channel, () => ({ code: "2.05", options: [], payload: bytes("hello") }));
    });
    const { host, port } = listener.address;
    await using channel = datagramChannel(await connectUdp({ host, port }));
    const ask = channelRequester(channel);
    assert.equal(text(await ask(get)), "hello");
    assert.equal(text(await ask(get, { delivery: "non-confirmable" })), "hello");
    await channel.ping();
    assert.equal(listener.peerCount, 1);
  });

  test("answers 4.04 when nobody listens for requests", async () => {
    await using listener = listenDatagrams(await openUdp(), () => undefined);
    const { host, port } = listener.address;
    await using channel = datagramChannel(await connectUdp({ host, port }));
    assert.equal((await channelRequester(channel)(get)).code, "4.04");
  });

  test("tells 5.00 where an answer does not fit into a datagram", async () => {
    await using listener = listenDatagrams(await openUdp({ mtu: 100 }), (channel) => {
      serveChannel(channel, () => ({ code: "2.05", options: [], payload: new Uint8Array(200) }));
    });
    const { host, port } = listener.address;
    await using channel = datagramChannel(await connectUdp({ host, port }));
    assert.equal((await channelRequester(channel)(get)).code, "5.00");
  });

  test("fails what is under way when it is closed", async () => {
    await using endpoint = await openUdp();
    const { host, port } = endpoint.address;
    const channel = datagramChannel(await connectUdp({ host, port }));
    const asked = channelRequester(channel)(get);
    await once(endpoint, "message");
    await channel.close();
    await assert.rejects(asked, { code: "STREAM_CLOSED" });
    await assert.rejects(channelRequester(channel)(get), { code: "STREAM_CLOSED" });
  });
});
