import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { manualClock } from "@fairlead/conformance/dtls";
import { ProtocolError } from "@fairlead/core";
import {
  type CoapHandler,
  type CoapObserver,
  type CoapRequest,
  type CoapRequester,
  type CoapResponse,
  serveBlocks,
  serveQBlocks,
  type ServeQBlocksOptions,
  withQBlocks,
} from "@fairlead/iot/coap";
import {
  coapOptions,
  readBlock,
  readMissingBlocks,
  readOption,
  readOptions,
  writeOption,
} from "@fairlead/iot/coap/protocol";
import fc from "fast-check";
import { contextOf } from "../context.ts";

const get: CoapRequest = { code: "0.01", options: [writeOption("uriPath", "image")], payload: new Uint8Array(0) };
const put = (length: number): CoapRequest => ({ ...get, code: "0.03", payload: pattern(length) });

describe("a body by Q-Block", () => {
  test("arrives whole both ways, and is handled once, whatever is lost on the way (property)", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ up: fc.nat(3_000), down: fc.nat(3_000), loss: fc.constantFrom(0, 0.05, 0.2), seed: fc.nat() }),
        async ({ up, down, loss, seed }) => {
          const random = randomOf(seed);
          const { ask, clock, handled } = joined(down, () => random() < loss);
          for (const request of [put(up), get]) {
            const before = handled.length;
            const response = await passing(clock, ask(request)).catch((error: unknown) => error);
            // Where too much is lost it may stall: that is an error of its own, and no part of a body.
            if (loss > 0.1 && response instanceof Error) assert.equal(response.name, "TimeoutError");
            else {
              assert.deepEqual(response, { ...(response as object), code: "2.04", payload: pattern(down) });
              assert.equal(
                handled.slice(before).filter(({ code }) => code === "0.03").length,
                request.code === "0.03" ? 1 : 0,
              );
              if (request.code === "0.03") assert.deepEqual(handled[before]?.payload, request.payload);
            }
          }
          assert.equal(clock.waiting <= 1, true, "the server may still wait for a block; the client does not");
        },
      ),
      { numRuns: 25 },
    );
  });

  test("goes up without waiting, but for one answer to each ten blocks (RFC 9177 section 4.3)", async () => {
    const { ask, clock, log } = joined(0, () => false);
    await passing(clock, ask(put(25 * 64)));
    assert.equal(clock.now(), 0);
    assert.deepEqual(
      log.filter((line) => line.includes("answer")),
      ["answer 2.31 9", "answer 2.31 19", "answer 2.04"],
    );
  });

  test("comes down by sets, each asked for when the last is there (RFC 9177 section 4.4)", async () => {
    const { ask, clock, log } = joined(25 * 64, () => false);
    await passing(clock, ask(get));
    assert.equal(clock.now(), 0);
    assert.deepEqual(
      log.filter((line) => line.startsWith("ask")),
      ["ask 0 more", "ask 10 more", "ask 20 more"],
    );
  });

  test("has the blocks sent again that the server misses (4.08), and those alone", async () => {
    const lost = new Set(["send 3", "send 5"]);
    const { ask, clock, log } = joined(0, (line) => lost.delete(line));
    await passing(clock, ask(put(8 * 64)));
    assert.deepEqual(
      log.filter((line) => line.includes("4.08")),
      ["answer 4.08 3 5"],
    );
    assert.deepEqual(log.slice(-4), ["answer 4.08 3 5", "send 3", "send 5", "answer 2.04"]);
  });

  test("has the blocks asked for again that did not come, and those alone", async () => {
    const lost = new Set(["block 3", "block 5"]);
    const { ask, clock, log } = joined(8 * 64, (line) => lost.delete(line));
    const response = await passing(clock, ask(get));
    assert.deepEqual(response.payload, pattern(8 * 64));
    assert.deepEqual(
      log.filter((line) => line.startsWith("ask")),
      ["ask 0 more", "ask 3, 5"],
    );
  });

  test("ends when nothing comes any more", async () => {
    for (const request of [put(3_000), get]) {
      let count = 0;
      const { ask, clock } = joined(3_000, () => (count += 1) > 15);
      await assert.rejects(passing(clock, ask(request)), { name: "TimeoutError" });
    }
  });

  test("goes by blocks that are waited for when the server knows no others, and does not try again", async () => {
    for (const refusal of ["4.02", "reset"]) {
      const plain = serveBlocks()(() => ({ code: "2.04", options: [], payload: pattern(3_000) }));
      let tried = 0;
      const ask = withQBlocks()(async (request) => {
        if (
          request.options.some(
            ({ number }) => number === coapOptions.qBlock1.number || number === coapOptions.qBlock2.number,
          )
        ) {
          tried += 1;
          if (refusal === "reset") throw new ProtocolError("COAP_RESET");
          return { code: "4.02", options: [], payload: new Uint8Array(0) };
        }
        const answer = await plain(request, contextOf());
        assert.ok(answer);
        return answer;
      });
      assert.deepEqual((await ask(get)).payload, pattern(3_000));
      assert.deepEqual((await ask(put(3_000))).payload, pattern(3_000));
      assert.equal(tried, 1);
      const up = withQBlocks()(() => Promise.resolve({ code: "4.02", options: [], payload: new Uint8Array(0) }));
      assert.equal((await up(put(3_000))).code, "4.02", "also when it goes up");
    }
  });

  test("is refused beyond the limits, at its first block", async () => {
    const small = joined(3_000, () => false, { maxBodyBytes: 1_000 }, 1_000);
    assert.equal((await passing(small.clock, small.ask(put(3_000)))).code, "4.13");
    await assert.rejects(small.ask(get), { code: "BODY_LIMIT" });
  });

  test("is begun again when it changes under way, and given up when it changes without end", async () => {
    let version = 0;
    let isSteady = false;
    const { ask, clock } = joined(
      1_500,
      (line) => {
        if (line === "ask 10 more" && !isSteady) version += 1;
        return false;
      },
      { answers: { maxEntries: 0 } },
      undefined,
      () => [writeOption("eTag", Uint8Array.of(version))],
    );
    await assert.rejects(passing(clock, ask(get)), { code: "COAP_REPRESENTATION_CHANGED" });
    assert.equal(version, 3);
    isSteady = true;
    assert.equal((await passing(clock, ask(get))).payload.length, 1_500);
  });

  test("is given up with the signal", async () => {
    const leaving = new AbortController();
    const { ask, clock } = joined(3_000, (line) => {
      if (line === "ask 10 more") leaving.abort(new Error("enough"));
      return false;
    });
    await assert.rejects(passing(clock, ask(get, { signal: leaving.signal })), /enough/);
    assert.equal(clock.waiting, 0);
  });

  test("of strangers without end takes no more than the limit", async () => {
    const clock = manualClock();
    const serve = serveQBlocks({ clock, requests: { maxEntries: 5 } })(() => undefined);
    const block = {
      ...put(64),
      options: [
        ...get.options,
        writeOption("qBlock1", 0x0a),
        writeOption("size1", 2 ** 20),
        writeOption("requestTag", Uint8Array.of(1)),
      ],
    };
    for (let port = 0; port < 100; port += 1) void serve(block, contextOf({ peer: `198.51.100.7:${port}` }));
    await settled();
    assert.ok(clock.waiting <= 100);
    const codes = [];
    for (const size of [2 ** 20 + 1, undefined]) {
      const options = block.options.filter(({ number }) => number !== coapOptions.size1.number);
      if (size !== undefined) options.push(writeOption("size1", size));
      codes.push((await serve({ ...block, options }, contextOf()))?.code);
    }
    assert.deepEqual(codes, ["4.13", "4.00"]);
  });
});

/** A client and a server between which messages are lost: asked of each but confirmable requests. */
function joined(
  downBytes: number,
  isLost: (line: string) => boolean,
  options: ServeQBlocksOptions = {},
  maxBodyBytes?: number,
  eTag: () => CoapResponse["options"] = () => [],
): {
  readonly ask: CoapRequester;
  readonly clock: ReturnType<typeof manualClock>;
  readonly handled: CoapRequest[];
  readonly log: string[];
} {
  const clock = manualClock();
  const handled: CoapRequest[] = [];
  const log: string[] = [];
  const handler: CoapHandler = (request) => {
    handled.push(request);
    return { code: "2.04", options: eTag(), payload: pattern(downBytes) };
  };
  const serve = serveBlocks({ clock })(serveQBlocks({ clock, ...options })(handler));
  const passes = (line: string): boolean => {
    log.push(line);
    return !isLost(line);
  };
  const requester: CoapRequester = (request, { signal, observer, delivery = "confirmable" } = {}) => {
    const answer = Promise.withResolvers<CoapResponse>();
    signal?.addEventListener("abort", () => answer.reject(signal.reason));
    let hear = (response: CoapResponse): void => {
      hear = (more): void => (observer as CoapObserver).next(more);
      answer.resolve(response);
    };
    const isSafe = delivery === "confirmable";
    void (async () => {
      const line = told(request);
      if (!passes(line) && !isSafe) return;
      const response = await serve(request, contextOf({ delivery }));
      if (response === undefined) return;
      if (passes(toldAnswer(response)) || isSafe) hear(response);
      for await (const more of response.rest ?? []) {
        if (passes(toldAnswer(more)) && signal?.aborted !== true) hear(more);
      }
    })();
    return answer.promise;
  };
  const ask = withQBlocks({ clock, blockBytes: 64, random: () => 0.5, maxBodyBytes })(requester);
  return { ask, clock, handled, log };
}

function told(request: CoapRequest): string {
  const sent = readBlock(readOption(request, "qBlock1") ?? -1);
  if (sent !== undefined) return `send ${sent.number}`;
  const asked = readOptions(request, "qBlock2").map((value) => `${value >> 4}${(value & 8) === 0 ? "" : " more"}`);
  return `ask ${asked.join(", ")}`;
}

function toldAnswer(response: CoapResponse): string {
  const block = readOption(response, "qBlock2");
  if (block !== undefined) return `block ${block >> 4}`;
  const number = readOption(response, "qBlock1");
  const missing = response.code === "4.08" ? readMissingBlocks(response.payload) : undefined;
  return ["answer", response.code, ...(number === undefined ? [] : [number >> 4]), ...(missing ?? [])].join(" ");
}

/** Lets time pass until something has come of it. */
async function passing<Value>(clock: ReturnType<typeof manualClock>, result: Promise<Value>): Promise<Value> {
  const ended: unknown[] = [];
  const over = result.finally(() => ended.push(undefined));
  over.catch(() => undefined);
  for (;;) {
    await settled();
    if (ended.length > 0) return over;
    clock.advance(500);
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 500; turn += 1) await Promise.resolve();
}

function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index + (index >> 8)) & 255);
}

function randomOf(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
    return ((state >>> 8) & 0xffff) / 0x1_0000;
  };
}
