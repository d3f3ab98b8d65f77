import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { manualClock } from "@fairlead/conformance/dtls";
import {
  type CoapAnswer,
  type CoapContext,
  type CoapHandler,
  type CoapRequest,
  serveBlocks,
  type ServeBlocksOptions,
} from "@fairlead/iot/coap";
import { blockUint, type CoapCode, readBlock, readOption, writeOption } from "@fairlead/iot/coap/protocol";
import { contextOf } from "../context.ts";

const echo: CoapHandler = ({ payload }) => ({ code: "2.04", options: [], payload });

describe("a body that a server gathers", () => {
  test("is answered block by block, and handled with the last (RFC 7959 section 2.3)", async () => {
    const serve = served();
    assert.deepEqual(await serve(put(0, true)), ["2.31", 0, 0]);
    assert.deepEqual(await serve(put(1, true)), ["2.31", 1, 0]);
    assert.deepEqual(await serve(put(1, true)), ["2.31", 1, 0], "a block that comes twice is taken for granted");
    assert.deepEqual(await serve(put(2, false, 5)), ["2.04", 2, 37]);
    assert.deepEqual(await serve(put(2, false, 5)), ["4.08", undefined, 0], "it is handled once");
  });

  test("begins anew with its first block", async () => {
    const serve = served();
    await serve(put(0, true));
    await serve(put(1, true));
    await serve(put(0, true));
    assert.deepEqual(await serve(put(1, false, 1)), ["2.04", 1, 17]);
  });

  test("is asked for in smaller blocks where the server wants them", async () => {
    const handler = serveBlocks({ blockBytes: 16 })(echo);
    const first = await handler(put(0, true, 64, 64), contextOf());
    assert.deepEqual(first && readBlock(readOption(first, "block1") ?? -1), { number: 0, more: true, sizeBytes: 16 });
    assert.equal((await handler(put(4, false, 3), contextOf()))?.payload.length, 67);
  });

  const refused: readonly (readonly [what: string, code: CoapCode, ...requests: CoapRequest[]])[] = [
    ["begins in its middle", "4.08", put(1, true)],
    ["has a gap", "4.08", put(0, true), put(2, true)],
    ["is another's, by its options", "4.08", put(0, true), { ...put(1, true), code: "0.02" }],
    ["is another's, by its Request-Tag (RFC 9175 section 3.3)", "4.08", put(0, true), tagged(put(1, true), 1)],
    ["has a block that is not full, and not the last", "4.00", put(0, true, 15)],
    ["has a block that is larger than it says", "4.00", put(0, false, 17)],
    ["has a block of the reserved size", "4.00", { ...put(0, true), options: [option(27, 15)] }],
    ["has a Block1 of four bytes", "4.00", { ...put(0, true), options: [option(27, 1, 2, 3, 4)] }],
    ["asks for a Block2 of the reserved size", "4.00", { ...put(0, false), options: [option(23, 7)] }],
    ["announces more than the limit", "4.13", sized(put(0, true), 101)],
    ["grows beyond the limit", "4.13", ...Array.from({ length: 7 }, (_, number) => put(number, true))],
  ];
  for (const [what, code, ...requests] of refused) {
    test(`is refused by ${code} when it ${what}`, async () => {
      const serve = served({ maxBodyBytes: 100 });
      const codes: unknown[] = [];
      for (const request of requests) codes.push((await serve(request))[0]);
      assert.deepEqual(codes, [...requests.slice(1).map(() => "2.31"), code]);
    });
  }

  test("beyond the limit is told how much is taken (RFC 7959 section 2.9.3)", async () => {
    const answer = await serveBlocks({ maxBodyBytes: 100 })(echo)(sized(put(0, true), 101), contextOf());
    assert.equal(answer && readOption(answer, "size1"), 100);
  });

  test("never mixes with that of another peer or identity", async () => {
    const others: readonly Partial<CoapContext>[] = [
      { peer: "192.0.2.1:40001" },
      { scheme: "coaps" },
      { security: { type: "psk", identity: "another" } },
      { security: { type: "oscore", peerId: "01", idContext: undefined } },
    ];
    for (const other of others) {
      const serve = served();
      await serve(put(0, true));
      assert.deepEqual(await serve(put(1, false), other), ["4.08", undefined, 0]);
    }
  });

  test("is forgotten when nothing comes for a minute", async () => {
    const clock = manualClock();
    const serve = served({ clock });
    await serve(put(0, true));
    clock.advance(59_999);
    assert.equal((await serve(put(1, true)))[0], "2.31");
    clock.advance(60_000);
    assert.equal((await serve(put(2, true)))[0], "4.08");
  });

  test("takes a peer's own place only: its oldest makes room for its newest", async () => {
    const serve = served({ requests: { maxEntriesPerPeer: 2 } });
    for (const tag of [1, 2, 3]) await serve(tagged(put(0, true), tag));
    await serve(put(0, true), { peer: "another" });
    assert.equal((await serve(tagged(put(1, false), 1)))[0], "4.08");
    assert.equal((await serve(tagged(put(1, false), 2)))[0], "2.04");
    assert.equal((await serve(tagged(put(1, false), 3)))[0], "2.04");
  });

  test("of a peer that is where it says outlives a flood of strangers, who are refused when nothing else is left", async () => {
    const serve = served({ requests: { maxEntries: 20 } });
    const known = { peer: "known", isReachable: true };
    await serve(put(0, true), known);
    for (let port = 0; port < 1_000; port += 1) await serve(put(0, true), { peer: `198.51.100.7:${port}` });
    assert.equal((await serve(put(1, true), known))[0], "2.31");
    for (let port = 0; port < 20; port += 1) {
      await serve(put(0, true), { peer: `203.0.113.9:${port}`, isReachable: true });
    }
    assert.equal((await serve(put(0, true), { peer: "198.51.100.7:1" }))[0], "5.03");
  });
});

describe("an answer that a server divides", () => {
  const large: CoapAnswer = { code: "2.05", options: [], payload: new Uint8Array(100).fill(1) };

  test("is whole where it fits, and has an ETag and its size where it does not (RFC 7959 section 2.4)", async () => {
    const serve = serveBlocks({ blockBytes: 64 })(() => large);
    assert.deepEqual(await serve(get(), contextOf()), large);
    const first = await serve(get(0, 64), contextOf());
    assert.equal(first && readOption(first, "eTag")?.length, 8);
    assert.equal(first && readOption(first, "size2"), 100);
    assert.equal(first?.payload.length, 64);
  });

  test("is made once; it is made again when it is forgotten, if that does no harm", async () => {
    let made = 0;
    const clock = manualClock();
    const serve = serveBlocks({ clock })(() => {
      made += 1;
      return large;
    });
    const ask = async (code: CoapCode, number: number): Promise<unknown> =>
      (await serve({ ...get(number, 64), code }, contextOf()))?.code;
    assert.deepEqual([await ask("0.01", 0), await ask("0.01", 1), made], ["2.05", "2.05", 1]);
    assert.deepEqual([await ask("0.02", 0), await ask("0.02", 1), made], ["2.05", "2.05", 2]);
    clock.advance(60_000);
    assert.deepEqual([await ask("0.01", 1), made], ["2.05", 3]);
    assert.deepEqual([await ask("0.02", 1), made], ["4.08", 3], "a POST is not done twice");
  });

  test("has no block behind its end", async () => {
    const serve = serveBlocks()(() => large);
    assert.equal((await serve(get(2, 64), contextOf()))?.code, "4.00");
  });

  test("is read by ranges where it is too much for memory, and nothing of it is kept", async () => {
    const read: string[] = [];
    const body = {
      sizeBytes: 2 ** 30,
      read: (offset: number, length: number): Uint8Array => {
        read.push(`${offset}+${length}`);
        return new Uint8Array(length);
      },
    };
    const serve = serveBlocks()(() => ({
      ...large,
      payload: new Uint8Array(0),
      options: [writeOption("eTag", Uint8Array.of(7))],
      body,
    }));
    for (const number of [0, 1, 1_000_000]) await serve(get(number, 1024), contextOf());
    assert.deepEqual(read, ["0+1024", "1024+1024", "1024000000+1024"]);
  });

  test("of one peer is never given to another", async () => {
    const serve = serveBlocks()((_request, { peer }) => ({
      ...large,
      payload: new TextEncoder().encode(peer.repeat(9)),
    }));
    await serve(get(0, 16), contextOf({ peer: "one" }));
    const other = await serve(get(1, 16), contextOf({ peer: "two" }));
    assert.equal(new TextDecoder().decode(other?.payload), "wotwotwotwo");
  });

  test("leaves its updates when they are left, even while one is waited for", async () => {
    let isLeft = false;
    const updates: AsyncIterable<CoapAnswer> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return: async () => {
          isLeft = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const answer = await serveBlocks()(() => ({ ...large, updates }))(get(), contextOf());
    const source = answer?.updates?.[Symbol.asyncIterator]();
    void source?.next();
    await source?.return?.();
    assert.ok(isLeft);
  });
});

function served(
  options: ServeBlocksOptions = {},
): (request: CoapRequest, peer?: Partial<CoapContext>) => Promise<readonly [unknown, unknown, unknown]> {
  const handler = serveBlocks(options)(echo);
  return async (request, peer) => {
    const answer = await handler(request, contextOf(peer));
    const block = answer === undefined ? undefined : readOption(answer, "block1");
    return [answer?.code, block === undefined ? undefined : block >> 4, answer?.payload.length];
  };
}

function put(number: number, more: boolean, length = 16, sizeBytes = 16): CoapRequest {
  const options = [writeOption("block1", blockUint({ number, more, sizeBytes }))];
  return { code: "0.03", options, payload: new Uint8Array(length).fill(number) };
}

function get(number?: number, sizeBytes = 1024): CoapRequest {
  const block = number === undefined ? [] : [writeOption("block2", blockUint({ number, more: false, sizeBytes }))];
  return { code: "0.01", options: block, payload: new Uint8Array(0) };
}

function tagged(request: CoapRequest, tag: number): CoapRequest {
  return { ...request, options: [...request.options, writeOption("requestTag", Uint8Array.of(tag))] };
}

function sized(request: CoapRequest, size: number): CoapRequest {
  return { ...request, options: [...request.options, writeOption("size1", size)] };
}

function option(number: number, ...value: number[]): CoapRequest["options"][number] {
  return { number, value: Uint8Array.from(value) };
}
