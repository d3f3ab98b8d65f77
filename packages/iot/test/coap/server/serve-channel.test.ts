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

  test("has its notifications numbered, until the client leaves (RFC 7641 section 3.4)", async () => {
    const { client, server } = channelPair();
    const ended = Promise.withResolvers<undefined>();
    serveChannel(server, (_request, { signal }) => ({
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
    }));
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
});

function gone(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", resolve, { once: true });
  });
}
