import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  channelRequester,
  type CoapExchange,
  type CoapHandler,
  type CoapRequest,
  serveBlocks,
  serveChannel,
  withBlocks,
} from "@fairlead/iot/coap";
import { channelPair, type PairOptions } from "../channel-pair.ts";

const put: CoapRequest = { code: "0.03", options: [], payload: new Uint8Array(5_000) };
const taking: CoapHandler = serveBlocks()(() => ({ code: "2.04", options: [], payload: new Uint8Array(0) }));

interface Asked {
  readonly code: string;
  /** How many requests went by each token. */
  readonly tokens: readonly number[];
  readonly areReleased: boolean;
}

async function ask(options: PairOptions, handler: CoapHandler): Promise<Asked> {
  const { client, server } = channelPair(options);
  serveChannel(server, handler);
  const exchanges: { sent: number; isReleased: boolean }[] = [];
  const open = client.open.bind(client);
  client.open = (listener): CoapExchange => {
    const exchange = open(listener);
    const counted = { sent: 0, isReleased: false };
    exchanges.push(counted);
    return {
      send: (request, delivery) => {
        counted.sent += 1;
        exchange.send(request, delivery);
      },
      release: () => {
        counted.isReleased = true;
        exchange.release();
      },
    };
  };
  const { code } = await withBlocks({ channel: client })(channelRequester(client))(put);
  const tokens = exchanges.map(({ sent }) => sent);
  return { code, tokens, areReleased: exchanges.every(({ isReleased }) => isReleased) };
}

describe("a body in blocks", () => {
  test("goes by one token over plain coap, which is given back with the last answer", async () => {
    assert.deepEqual(await ask({}, taking), { code: "2.04", tokens: [5], areReleased: true });
  });

  for (const scheme of ["coaps", "coap+tcp", "coaps+tcp"] as const) {
    test(`goes by a fresh token for each block over ${scheme} (RFC 9175 section 4.2)`, async () => {
      const { tokens } = await ask({ scheme }, taking);
      assert.deepEqual(tokens, [1, 1, 1, 1, 1]);
    });
  }

  test("gives its token back when it is refused under way", async () => {
    let blocks = 0;
    const refusing: CoapHandler = (request, context) => {
      blocks += 1;
      return blocks === 3 ? { code: "5.03", options: [], payload: new Uint8Array(0) } : taking(request, context);
    };
    assert.deepEqual(await ask({}, refusing), { code: "5.03", tokens: [3], areReleased: true });
  });

  test("goes by another token when it is begun again", async () => {
    let blocks = 0;
    const forgetful: CoapHandler = (request, context) => {
      blocks += 1;
      return blocks === 3 ? { code: "4.08", options: [], payload: new Uint8Array(0) } : taking(request, context);
    };
    assert.deepEqual(await ask({}, forgetful), { code: "2.04", tokens: [3, 5], areReleased: true });
  });
});
