import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { channelRequester, type CoapHandler, type CoapResponse, serveChannel } from "@fairlead/iot/coap";
import { readOption, writeOption } from "@fairlead/iot/coap/protocol";
import { channelPair } from "../channel-pair.ts";

const text = (response: CoapResponse): string => new TextDecoder().decode(response.payload);
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
const observing = { code: "0.01", options: [writeOption("observe", 0)], payload: bytes("") } as const;

describe("a channel that is served", () => {
  test("has each request answered, and what fails told as 5.00 without a reason", async () => {
    const { client, server } = channelPair();
    const handler: CoapHandler = (request) => {
      if (request.code !== "0.01") throw new Error("secret");
      return { code: "2.05", options: [], payload: bytes("hello") };
    };
    serveChannel(server, handler);
    const ask = channelRequester(client);
    assert.equal(text(await ask({ code: "0.01", options: [], payload: bytes("") })), "hello");
    const failed = await ask({ code: "0.02", options: [], payload: bytes("") });
    assert.deepEqual([failed.code, text(failed)], ["5.00", ""]);
  });

  test("has what fails later told as what fails at once", async () => {
    const { client, server } = channelPair();
    serveChannel(server, () => Promise.reject(new Error("secret")));
    const failed = await channelRequester(client)({ code: "0.01", options: [], payload: bytes("") });
    assert.deepEqual([failed.code, text(failed)], ["5.00", ""]);
  });

  test("tells a handler who asks, also by a copy of what it tells", async () => {
    const { client, server } = channelPair();
    const told: unknown[] = [];
    serveChannel(server, (_request, context) => {
      const { signal, peer, delivery, isReachable } = { ...context, isReachable: true };
      told.push(signal === context.signal && !signal.aborted, peer === server.peer, delivery, isReachable);
      return { code: "2.05", options: [], payload: bytes("") };
    });
    await channelRequester(client)({ code: "0.01", options: [], payload: bytes("") });
    assert.deepEqual(told, [true, true, "confirmable", true]);
  });

  test("has its notifications numbered, until the client leaves (RFC 7641 section 3.4)", async () => {
    const { client, server } = channelPair();
    const ended = Promise.withResolvers<undefined>();
    serveChannel(
      server,
      (_request, { signal }) => ({
        ...{ code: "2.05", options: [], payload: bytes("0") },
        updates: (async function* () {
          try {
            for (let count = 1; !signal.aborted; count += 1) {
              yield { code: "2.05", options: [], payload: bytes(String(count)) } as const;
              if (count === 3) await gone(signal);
            }
          } finally {
            ended.resolve(undefined);
          }
        })(),
      }),
      { now: () => 0 },
    );
    const heard: string[] = [];
    const leaving = new AbortController();
    const note = (response: CoapResponse): void => {
      heard.push(`${readOption(response, "observe") ?? "none"} ${text(response)}`);
      if (heard.length === 4) leaving.abort();
    };
    const observer = { next: note, end: () => undefined };
    note(await channelRequester(client)(observing, { signal: leaving.signal, observer }));
    await ended.promise;
    assert.deepEqual(heard.sort(), ["1 0", "2 1", "3 2", "4 3"]);
  });

  test("numbers grow over the registrations of a client, and over its channels (RFC 7641 section 4.4)", async () => {
    const handler: CoapHandler = () => ({ code: "2.05", options: [], payload: bytes(""), updates: never });
    let time = 5_000;
    const numbers: unknown[] = [];
    const observer = { next: () => undefined, end: () => undefined };
    for (let channels = 0; channels < 2; channels += 1) {
      const { client, server } = channelPair();
      serveChannel(server, handler, { now: () => time });
      const ask = channelRequester(client);
      const observation = {};
      for (let registrations = 0; registrations < 3; registrations += 1) {
        numbers.push(readOption(await ask(observing, { observation, observer }), "observe"));
      }
      time += 10;
    }
    assert.deepEqual(numbers, [5_000, 5_001, 5_002, 5_010, 5_011, 5_012]);
  });
});

const never: AsyncIterable<CoapResponse> = {
  [Symbol.asyncIterator]: () => {
    const ended = Promise.withResolvers<IteratorReturnResult<undefined>>();
    return {
      next: () => ended.promise,
      return: async () => {
        ended.resolve({ done: true, value: undefined });
        return ended.promise;
      },
    };
  },
};

function gone(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", resolve, { once: true });
  });
}
