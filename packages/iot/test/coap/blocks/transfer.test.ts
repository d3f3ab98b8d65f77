import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  channelRequester,
  type CoapCall,
  type CoapHandler,
  type CoapProgress,
  type CoapRequest,
  type CoapRequester,
  type CoapResponse,
  serveBlocks,
  serveChannel,
  withBlocks,
} from "@fairlead/iot/coap";
import { readBlock, readOption, writeBlock, writeOption } from "@fairlead/iot/coap/protocol";
import fc from "fast-check";
import { channelPair, type PairOptions } from "../channel-pair.ts";

const get = { code: "0.01", options: [writeOption("uriPath", "image")], payload: new Uint8Array(0) } as const;

describe("a body in blocks", () => {
  test("arrives whole both ways, whatever its size and that of the blocks (property)", async () => {
    const size = fc.constantFrom(undefined, 16, 32, 64, 128, 256, 512, 1024);
    const bytes = fc.integer({ min: 0, max: 5_000 });
    const maxMessageBytes = fc.integer({ min: 100, max: 3_000 });
    const code = fc.constantFrom("0.02", "0.03", "0.05", "0.06" as const);
    await fc.assert(
      fc.asyncProperty(
        fc.record({ up: bytes, down: bytes, client: size, server: size, maxMessageBytes, gathers: fc.boolean(), code }),
        async ({ up, down, client, server, maxMessageBytes, gathers, code }) => {
          const heard: CoapRequest[] = [];
          const { ask } = joined(
            (request) => {
              heard.push(request);
              return { code: "2.04", options: [], payload: pattern(down, 7) };
            },
            { maxMessageBytes, takesGatheredBlocks: gathers },
            client,
            server,
          );
          const options = [writeOption("uriPath", "image"), writeOption("contentFormat", 42)];
          const response = await ask({ code, options, payload: pattern(up, 3) });
          assert.equal(response.code, "2.04");
          assert.deepEqual(response.payload, pattern(down, 7));
          assert.deepEqual(heard, [{ code, options, payload: pattern(up, 3) }], "it is handled once");
        },
      ),
      { numRuns: 60 },
    );
  });

  test("tells its progress block by block", async () => {
    const { ask } = joined(() => ({ code: "2.04", options: [], payload: pattern(2_500) }));
    const told: CoapProgress[] = [];
    await ask({ ...get, code: "0.03", payload: pattern(2_100) }, { onProgress: (progress) => told.push(progress) });
    assert.deepEqual(
      told.map(
        ({ direction, transferredBytes, totalBytes }) => `${direction} ${transferredBytes}/${totalBytes ?? "?"}`,
      ),
      ["up 1024/2100", "up 2048/2100", "up 2100/2100", "down 1024/2500", "down 2048/2500", "down 2500/2500"],
    );
  });

  test("travels several blocks in one message where the stream's peer takes them (RFC 8323 section 6)", async () => {
    const messages: CoapRequest[] = [];
    const { ask } = joined(
      (request) => ({ code: "2.05", options: [], payload: request.payload }),
      { scheme: "coap+tcp", maxMessageBytes: 5_000, takesGatheredBlocks: true },
      undefined,
      undefined,
      (request) => void messages.push(request),
    );
    const response = await ask({ ...get, code: "0.05", payload: pattern(10_000) });
    assert.deepEqual(response.payload, pattern(10_000));
    assert.deepEqual(
      messages.map((message) => `${number(message, "block1")} ${number(message, "block2")} ${message.payload.length}`),
      ["0 - 4096", "4 - 4096", "8 - 1808", "- 4 0", "- 8 0"],
    );
  });

  test("is begun again when the representation changes under way (RFC 7959 section 2.4)", async () => {
    let version = 0;
    const { ask } = joined(
      () => {
        version += 1;
        return {
          code: "2.05",
          options: [writeOption("eTag", Uint8Array.of(version))],
          payload: pattern(3_000, version),
        };
      },
      {},
      undefined,
      undefined,
      (request, peer) => {
        // A second client behind the same address asks for the same: what is kept is of the newer version then.
        return version === 1 && number(request, "block2") === "2" ? peer(get).then(() => undefined) : undefined;
      },
    );
    const response = await ask(get);
    assert.deepEqual(response.payload, pattern(3_000, version));
    assert.equal(version, 3, "asked for twice by this client, once by the other");
  });

  test("is no use when it changes without end", async () => {
    let version = 0;
    const ask = withBlocks()((request) => {
      version += 1;
      const block = writeOption("block2", (Number(number(request, "block2").replace("-", "0")) << 4) | 8);
      const eTag = writeOption("eTag", Uint8Array.of(version));
      return Promise.resolve({ code: "2.05", options: [eTag, block], payload: pattern(16) });
    });
    await assert.rejects(ask(get), { code: "COAP_REPRESENTATION_CHANGED" });
    assert.equal(version, 6, "three times, and two blocks each time");
  });

  test("is refused beyond the limit, before its blocks have come", async () => {
    let blocks = 0;
    const { ask } = joined(
      () => ({ code: "2.05", options: [], payload: pattern(5_000) }),
      {},
      undefined,
      undefined,
      () => {
        blocks += 1;
      },
      { maxBodyBytes: 4_999 },
    );
    await assert.rejects(ask(get), { code: "BODY_LIMIT" });
    assert.equal(blocks, 1);
    let endless = 0;
    const unannounced = withBlocks({ maxBodyBytes: 100 })(() => {
      endless += 1;
      return Promise.resolve({ code: "2.05", options: [block2(endless - 1, true)], payload: pattern(16) });
    });
    await assert.rejects(unannounced(get), { code: "BODY_LIMIT" });
    assert.equal(endless, 7);
  });

  const bad: readonly (readonly [what: string, ...responses: CoapResponse[]])[] = [
    ["another block than the first", content([block2(1, true)], 16)],
    ["a malformed Block2", content([{ number: 23, value: Uint8Array.of(1, 2, 3, 4) }, block2(0, true)], 16)],
    ["a block of the reserved size", content([{ number: 23, value: Uint8Array.of(15) }], 16)],
    ["a block that is not full, and not the last", content([block2(0, true)], 15)],
    ["a block that is larger than it says", content([block2(0, false)], 17)],
    ["the same block again", content([block2(0, true)], 16), content([block2(0, true)], 16)],
    ["a block left out", content([block2(0, true)], 16), content([block2(2, true)], 16)],
    ["no block where one was asked for", content([block2(0, true)], 16), content([], 16)],
  ];
  for (const [what, ...responses] of bad) {
    test(`is not made of ${what}`, async () => {
      const left = [...responses];
      const ask = withBlocks()(() =>
        Promise.resolve(left.shift() ?? { code: "5.00", options: [], payload: pattern(0) }),
      );
      await assert.rejects(ask(get), { code: "COAP_RESPONSE_UNUSABLE" });
    });
  }

  test("that fails under way gives the failure as it is", async () => {
    const left = [content([block2(0, true)], 16), { ...content([], 0), code: "5.03" } as const];
    const ask = withBlocks()(() => Promise.resolve(left.shift() ?? content([], 0)));
    assert.equal((await ask(get)).code, "5.03");
  });

  test("is divided more finely where the server says so, at once or on the way (RFC 7959 sections 2.3 and 2.9.3)", async () => {
    const sent: string[] = [];
    const answers: readonly (readonly [CoapResponse["code"], string | undefined])[] = [
      ["4.13", "0 64"],
      ["2.31", "0 64"],
      ["2.31", "1 32"],
      ["2.31", "4 32"],
      ["2.04", "5 32"],
    ];
    let count = 0;
    const ask = withBlocks()((request) => {
      const block = readBlock(readOption(request, "block1") ?? -1);
      sent.push(block === undefined ? "whole" : `${block.number} ${block.sizeBytes}${block.more ? " more" : ""}`);
      const [code, block1] = answers[count++] ?? ["5.00", undefined];
      const [at = 0, sizeBytes = 16] = block1?.split(" ").map(Number) ?? [];
      const value = writeBlock({ number: at, more: code === "2.31", sizeBytes });
      return Promise.resolve({ code, options: [{ number: 27, value }], payload: new Uint8Array(0) });
    });
    const response = await ask({ ...get, code: "0.03", payload: pattern(180) });
    assert.equal(response.code, "2.04");
    assert.deepEqual(sent, ["whole", "0 64 more", "1 64 more", "4 32 more", "5 32"]);
  });

  test("is sent once more, by another tag, when the server has lost its beginning (4.08)", async () => {
    const tags = new Set<string>();
    let lost = 0;
    const { ask } = joined(
      (request) => ({ code: "2.04", options: [], payload: request.payload.slice(0, 4) }),
      {},
      undefined,
      undefined,
      (request) => {
        tags.add(String(readOption(request, "requestTag")));
        if (number(request, "block1") !== "2" || lost > 0) return;
        lost += 1;
        return { code: "4.08", options: [], payload: new Uint8Array(0) };
      },
    );
    assert.equal((await ask({ ...get, code: "0.03", payload: pattern(3_000) })).code, "2.04");
    assert.equal(tags.size, 2);
  });

  test("is given up with the signal, between two blocks", async () => {
    const leaving = new AbortController();
    const { ask } = joined(
      () => ({ code: "2.05", options: [], payload: pattern(5_000) }),
      {},
      undefined,
      undefined,
      (request) => {
        if (number(request, "block2") === "2") leaving.abort(new Error("enough"));
      },
    );
    await assert.rejects(ask(get, { signal: leaving.signal }), /enough/);
  });
});

type Tap = (request: CoapRequest, peer: CoapRequester) => unknown;

/** A client and a server over a pair, and what is asked between them: a tap may answer in the server's place. */
function joined(
  handler: CoapHandler,
  pairing: PairOptions = {},
  clientBlockBytes?: number,
  serverBlockBytes?: number,
  tap: Tap = () => undefined,
  more: { readonly maxBodyBytes?: number } = {},
): { readonly ask: CoapRequester } {
  const { client, server } = channelPair(pairing);
  serveChannel(server, serveBlocks({ blockBytes: serverBlockBytes })(handler));
  const below = channelRequester(client);
  const tapped = async (request: CoapRequest, call?: CoapCall): Promise<CoapResponse> => {
    const instead = await tap(request, below);
    // A tap that gives an object gives a response.
    return typeof instead === "object" ? (instead as CoapResponse) : below(request, call);
  };
  return { ask: withBlocks({ channel: client, blockBytes: clientBlockBytes, ...more })(tapped) };
}

function pattern(length: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * seed + (index >> 8)) & 255);
}

function number(message: Pick<CoapRequest, "options">, key: "block1" | "block2"): string {
  const value = readOption(message, key);
  return value === undefined ? "-" : String(value >> 4);
}

function block2(at: number, more: boolean): CoapRequest["options"][number] {
  return { number: 23, value: writeBlock({ number: at, more, sizeBytes: 16 }) };
}

function content(options: CoapResponse["options"], length: number): CoapResponse {
  return { code: "2.05", options, payload: pattern(length) };
}
