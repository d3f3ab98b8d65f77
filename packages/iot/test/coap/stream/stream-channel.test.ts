import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import {
  channelRequester,
  type CoapHandler,
  type CoapResponse,
  type CoapStreamChannel,
  type StreamChannelOptions,
  serveChannel,
  streamChannel,
} from "@fairlead/iot/coap";
import { readOption, writeOption } from "@fairlead/iot/coap/protocol";
import { memoryPair } from "@fairlead/transport";

const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
const text = ({ payload }: CoapResponse): string => new TextDecoder().decode(payload);
const asking = { code: "0.01", options: [writeOption("uriPath", "hello")], payload: bytes("") } as const;

async function channels(
  options: Partial<StreamChannelOptions> = {},
): Promise<{ client: CoapStreamChannel; server: CoapStreamChannel }> {
  const [near, far] = memoryPair();
  const [client, server] = await Promise.all([
    streamChannel(near, { peer: "server:5683", scheme: "coap+tcp", ...options }),
    streamChannel(far, { peer: "client:40000", scheme: "coap+tcp", ...options }),
  ]);
  return { client, server };
}

describe("a channel over a stream", () => {
  test("carries requests in both directions at once", async () => {
    const { client, server } = await channels();
    const handler: CoapHandler = (request) => ({
      code: "2.05",
      options: [],
      payload: bytes(readOption(request, "uriPath") ?? ""),
    });
    serveChannel(server, handler);
    serveChannel(client, handler);
    const answers = await Promise.all([
      ...Array.from({ length: 50 }, () => channelRequester(client)(asking)),
      channelRequester(server)(asking),
    ]);
    assert.deepEqual(new Set(answers.map(text)), new Set(["hello"]));
    assert.equal(answers.length, 51);
    await client.close();
  });

  test("answers 4.04 where nobody listens", async () => {
    const { client } = await channels();
    assert.equal((await channelRequester(client)(asking)).code, "4.04");
    await client.close();
  });

  test("is closed by a Release, which the other side takes as an end in good order (RFC 8323 section 5.5)", async () => {
    const { client, server } = await channels();
    const closed = once(server, "close");
    await client.close();
    assert.deepEqual(await closed, [undefined]);
    assert.deepEqual(server.release, { alternativeAddresses: [], holdOffSeconds: undefined, diagnostic: "" });
    await assert.rejects(channelRequester(server)(asking), { code: "STREAM_CLOSED" });
  });

  test("tells notifications until it is left, and then deregisters (RFC 8323 section 7.4)", async () => {
    const { client, server } = await channels();
    const ended = Promise.withResolvers<undefined>();
    serveChannel(server, (_request, { signal }) => ({
      ...{ code: "2.05", options: [], payload: bytes("0") },
      updates: (async function* () {
        try {
          for (let count = 1; !signal.aborted; count += 1)
            yield { code: "2.05", options: [], payload: bytes(String(count)) };
        } finally {
          ended.resolve(undefined);
        }
      })(),
    }));
    const heard: string[] = [];
    const leaving = new AbortController();
    const observing = { ...asking, options: [writeOption("observe", 0), ...asking.options] };
    const observer = {
      next: (response: CoapResponse) => {
        heard.push(text(response));
        if (heard.length === 3) leaving.abort();
      },
      end: () => undefined,
    };
    const first = await channelRequester(client)(observing, { signal: leaving.signal, observer });
    assert.equal(text(first), "0");
    await ended.promise;
    assert.deepEqual(heard.slice(0, 3), ["1", "2", "3"]);
    await client.close();
  });
});
