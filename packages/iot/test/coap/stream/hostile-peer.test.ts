import assert from "node:assert/strict";
import { once } from "node:events";
import { Duplex } from "node:stream";
import { describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { isCodedError } from "@fairlead/core";
import {
  channelRequester,
  type CoapStreamChannel,
  type CoapStreamOptions,
  serveChannel,
  streamChannel,
} from "@fairlead/iot/coap";
import {
  abortMessage,
  capabilitiesMessage,
  CoapFrameReader,
  type CoapStreamMessage,
  coapSignalCodes,
  healthMessage,
  readSignal,
  releaseMessage,
  writeCoapFrame,
  writeOption,
} from "@fairlead/iot/coap/protocol";
import { memoryPair, type MemoryStream } from "@fairlead/transport";
import fc from "fast-check";

const none = new Uint8Array(0);
const csm = frame(capabilitiesMessage({ maxMessageBytes: 5_000, blockWiseTransfer: true }));
const asking = { code: "0.01", options: [], payload: none } as const;

function frame(message: CoapStreamMessage): Uint8Array {
  return writeCoapFrame(message, "stream");
}

function request(token: number, options = asking.options as CoapStreamMessage["options"]): Uint8Array {
  return frame({ code: "0.01", token: Uint8Array.of(token), options, payload: none });
}

/** A channel's other end, as somebody writes it who need not keep to any rule. */
class Stranger {
  readonly stream: MemoryStream;
  readonly #reader = new CoapFrameReader({ maxMessageBytes: 1_000_000, maxTokenBytes: 1_000 });
  readonly messages: CoapStreamMessage[] = [];
  #wake: () => void = () => undefined;
  hasEnded = false;

  constructor(stream: MemoryStream) {
    this.stream = stream;
    stream.on("error", () => undefined);
    stream.on("data", (chunk: Uint8Array) => {
      for (const reading of this.#reader.read(chunk)) {
        assert(reading.type === "message");
        this.messages.push(reading.message);
      }
      this.#wake();
    });
    stream.on("close", () => {
      this.hasEnded = true;
      this.#wake();
    });
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      assert(!this.hasEnded || condition(), "it ended before");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  codes(): string[] {
    return this.messages.map(({ code }) => code);
  }
}

async function meet(
  options: CoapStreamOptions = {},
  first: Uint8Array = csm,
): Promise<{ channel: CoapStreamChannel; stranger: Stranger }> {
  const [near, far] = memoryPair();
  const stranger = new Stranger(far);
  far.write(first);
  return { channel: await streamChannel(near, { peer: "device:5683", scheme: "coap+tcp", ...options }), stranger };
}

describe("a peer that breaks rules is told so by an Abort (RFC 8323 section 5.6)", () => {
  const broken: readonly [what: string, first: Uint8Array, then: Uint8Array | undefined][] = [
    ["asks before its CSM", request(1), undefined],
    ["pings before its CSM", frame(healthMessage("Ping", none, false)), undefined],
    ["speaks HTTP", Buffer.from("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), undefined],
    ["announces 4 GiB", csm, Uint8Array.of(0xf0, 0xff, 0xff, 0xff, 0xff)],
    ["uses a reserved token length", csm, Uint8Array.of(0x0f)],
    ["uses a reserved class of codes", csm, frame({ ...asking, code: "1.01", token: none })],
    ["puts a payload marker at the end", csm, Uint8Array.of(0x10, 0x01, 0xff)],
    [
      "puts a critical option that is not known into a Ping",
      csm,
      frame({ ...asking, code: "7.02", token: none, options: [{ number: 9, value: none }] }),
    ],
  ];
  for (const [what, first, then] of broken) {
    test(`that ${what}`, async () => {
      const [near, far] = memoryPair();
      const stranger = new Stranger(far);
      far.write(first);
      const opening = streamChannel(near, { peer: "device:5683", scheme: "coap+tcp" });
      if (then === undefined) {
        await assert.rejects(opening, { name: "ProtocolError", code: "COAP_STREAM_BROKEN", peer: "device:5683" });
      } else {
        const channel = await opening;
        const underWay = assert.rejects(channelRequester(channel)(asking), { code: "COAP_STREAM_BROKEN" });
        const closed = once(channel, "close");
        far.write(then);
        const [reason] = (await closed) as [unknown];
        assert(isCodedError(reason));
        assert.equal(reason.code, "COAP_STREAM_BROKEN");
        await underWay;
      }
      await stranger.until(() => stranger.codes().includes("7.05"));
      assert.equal(stranger.codes().at(-1), "7.05");
    });
  }

  for (const [what, option] of [
    ["a critical option that is not known", { number: 7, value: none }],
    ["a Max-Message-Size of five bytes", { number: 2, value: new Uint8Array(5) }],
  ] as const) {
    test(`that sends a CSM with ${what}, by its number`, async () => {
      const bad = frame({ code: "7.01", token: none, options: [option], payload: none });
      const [near, far] = memoryPair();
      const stranger = new Stranger(far);
      far.write(bad);
      await assert.rejects(streamChannel(near, { peer: "device:5683", scheme: "coap+tcp" }), {
        code: "COAP_STREAM_BROKEN",
      });
      await stranger.until(() => stranger.codes().includes("7.05"));
      const [last] = stranger.messages.slice(-1);
      const signal = last && readSignal(last);
      assert(signal?.type === "abort");
      assert.equal(signal.abort.badCsmOption, option.number);
    });
  }

  test("whatever it sends, nothing but typed errors come of it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), fc.boolean(), async (bytes, knows) => {
        const [near, far] = memoryPair();
        far.on("error", () => undefined).resume();
        far.end(knows ? Buffer.concat([csm, bytes]) : bytes);
        try {
          const channel = await streamChannel(near, { peer: "device:5683", scheme: "coap+tcp" });
          const [reason] = (await once(channel, "close")) as [unknown];
          if (reason !== undefined) assert(isCodedError(reason));
        } catch (error) {
          assert(isCodedError(error), String(error));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("a peer that asks for too much", () => {
  test("is answered 5.03 beyond the limit of requests under way, and its token's newest request counts", async () => {
    const { channel, stranger } = await meet({ maxPeerRequests: 2 });
    const gone: string[] = [];
    channel.on("request", ({ signal }) => {
      signal.addEventListener("abort", () => gone.push("superseded"));
    });
    stranger.stream.write(Buffer.concat([request(1), request(2), request(3), request(2)]));
    await stranger.until(() => stranger.codes().includes("5.03"));
    assert.deepEqual([...(stranger.messages.find(({ code }) => code === "5.03")?.token ?? [])], [3]);
    stranger.stream.write(frame(healthMessage("Ping", none, false)));
    await stranger.until(() => stranger.codes().includes("7.03"));
    assert.deepEqual(gone, ["superseded"]);
    stranger.stream.destroy();
  });

  test("and takes no answers is not read any more, until it is given up (RFC 8323 has no other way)", async () => {
    const [near, far] = memoryPair({ capacityBytes: 1_000 });
    far.write(csm);
    const answered: number[] = [];
    const channel = await streamChannel(near, {
      peer: "device:5683",
      scheme: "coap+tcp",
      stallTimeoutMilliseconds: 50,
    });
    channel.on("request", (incoming) => {
      answered.push(1);
      incoming.respond({ code: "2.05", options: [], payload: new Uint8Array(4_000) }).catch(() => undefined);
    });
    far.on("error", () => undefined);
    const asks = Buffer.concat(Array.from({ length: 10_000 }, (_, token) => request(token % 200)));
    far.write(asks);
    const [reason] = (await once(channel, "close")) as [unknown];
    assert(isCodedError(reason));
    assert.equal(reason.code, "TIMED_OUT");
    assert(answered.length < 1_000, `${answered.length} were answered`);
  });

  for (const [what, messages] of [
    ["pings", () => frame(healthMessage("Ping", none, false))],
    [
      "requests beyond the limit",
      (count: number) => frame({ ...asking, token: Uint8Array.of(count >> 8, count & 255) }),
    ],
  ] as const) {
    test(`and takes no answers to ${what} has few of them wait, however many came at once`, async () => {
      let taken = 0;
      const deaf = new Duplex({
        read: () => undefined,
        // The first is the CSM, and none leaves.
        write: (chunk: Uint8Array) => {
          taken += chunk.length;
        },
      });
      const opening = streamChannel(deaf, { peer: "device:5683", scheme: "coap+tcp", maxPeerRequests: 1 });
      deaf.push(csm);
      const channel = await opening;
      channel.on("request", () => undefined);
      await turn();
      deaf.push(Buffer.concat(Array.from({ length: 20_000 }, (_, count) => messages(count))));
      await turn();
      await turn();
      assert(deaf.writableLength > 100, "some do");
      assert(deaf.writableLength - taken < 4_096, `${deaf.writableLength} bytes wait`);
      deaf.destroy();
    });
  }

  test("tells what came with its CSM in the order in which it came", async () => {
    const [near, far] = memoryPair({ capacityBytes: 1_000_000 });
    const tokens = Array.from({ length: 5_000 }, (_, count) => `${count >> 8}.${count & 255}`);
    const ask = (token: string): Uint8Array =>
      frame({ ...asking, token: Uint8Array.from(token.split("."), Number), options: [], payload: Buffer.from(token) });
    far.write(Buffer.concat([csm, ...tokens.map(ask)]));
    const channel = await streamChannel(near, { peer: "device:5683", scheme: "coap+tcp", maxPeerRequests: 10_000 });
    const heard: string[] = [];
    const all = Promise.withResolvers<undefined>();
    channel.on("request", (incoming) => {
      heard.push(Buffer.from(incoming.request.payload).toString());
      incoming.respond(undefined).catch(() => undefined);
      if (heard.length === tokens.length) all.resolve(undefined);
    });
    await all.promise;
    assert.deepEqual(heard, tokens);
    far.destroy();
    near.destroy();
  });

  test("cannot have more sent than it takes: requests beyond the queue fail, and so does a message beyond its limit", async () => {
    const { channel } = await meet({ maxQueuedBytes: 10_000 });
    const body = { ...asking, code: "0.03", payload: new Uint8Array(4_900) } as const;
    const ask = channelRequester(channel);
    const failures = await Promise.all(
      Array.from({ length: 60 }, () =>
        ask(body, { signal: AbortSignal.timeout(200) }).catch((error: unknown) => error),
      ),
    );
    assert(failures.some((error) => isCodedError(error) && error.code === "READER_TOO_SLOW"));
    await assert.rejects(ask({ ...body, payload: new Uint8Array(5_000) }), { code: "COAP_MESSAGE_TOO_LARGE" });
  });
});

describe("signals", () => {
  test("an Abort ends what is under way, with the peer's words", async () => {
    const { channel, stranger } = await meet();
    const failing = assert.rejects(channelRequester(channel)(asking), {
      code: "COAP_STREAM_ABORTED",
      message: /no memory/,
    });
    stranger.stream.write(frame(abortMessage({ diagnostic: "no memory" })));
    await failing;
  });

  test("a Release lets what is under way be answered, and takes nothing new (section 5.5)", async () => {
    const { channel, stranger } = await meet();
    const answer = channelRequester(channel)(asking);
    await stranger.until(() => stranger.codes().includes("0.01"));
    const token = stranger.messages.at(-1)?.token ?? none;
    stranger.stream.write(frame(releaseMessage({ alternativeAddresses: ["other.example"], holdOffSeconds: 30 })));
    stranger.stream.write(frame({ code: "2.05", token, options: [], payload: none }));
    const closed = once(channel, "close");
    assert.equal((await answer).code, "2.05");
    assert.deepEqual(await closed, [undefined]);
    assert.deepEqual(channel.release, { alternativeAddresses: ["other.example"], holdOffSeconds: 30, diagnostic: "" });
    await assert.rejects(channelRequester(channel)(asking), { code: "STREAM_CLOSED" });
  });

  test("a Pong waits for custody until all that was asked before is answered (section 5.4.1)", async () => {
    const { channel, stranger } = await meet();
    const held = Promise.withResolvers<undefined>();
    serveChannel(channel, async () => {
      await held.promise;
      return { code: "2.05", options: [], payload: none };
    });
    const token = Uint8Array.of(0x42);
    stranger.stream.write(
      Buffer.concat([request(1), frame(healthMessage("Ping", token, true)), frame(healthMessage("Ping", none, false))]),
    );
    await stranger.until(() => stranger.codes().includes("7.03"));
    assert.deepEqual(stranger.codes(), ["7.01", "7.03"]);
    held.resolve(undefined);
    await stranger.until(() => stranger.codes().length === 4);
    assert.deepEqual(stranger.codes(), ["7.01", "7.03", "2.05", "7.03"]);
    assert.deepEqual(stranger.messages.at(-1), healthMessage("Pong", token, true));
  });

  test("each CSM changes what it names, and BERT goes with the size (section 5.3)", async () => {
    const { channel, stranger } = await meet();
    assert.deepEqual([channel.maxMessageBytes, channel.takesGatheredBlocks, channel.maxTokenBytes], [5_000, true, 8]);
    const ping = frame(healthMessage("Ping", none, false));
    stranger.stream.write(
      Buffer.concat([frame(capabilitiesMessage({ maxMessageBytes: 1_152, maxTokenBytes: 3 })), ping]),
    );
    await stranger.until(() => stranger.codes().includes(coapSignalCodes.Pong));
    assert.deepEqual([channel.maxMessageBytes, channel.takesGatheredBlocks, channel.maxTokenBytes], [1_152, false, 8]);
  });

  test("an observation that is left is deregistered by its token (section 7.4)", async () => {
    const { channel, stranger } = await meet();
    const leaving = new AbortController();
    const observer = { next: () => undefined, end: () => undefined };
    const observing = { ...asking, options: [writeOption("observe", 0), writeOption("uriPath", "time")] };
    const first = channelRequester(channel)(observing, { signal: leaving.signal, observer });
    await stranger.until(() => stranger.codes().includes("0.01"));
    const token = stranger.messages.at(-1)?.token ?? none;
    stranger.stream.write(frame({ code: "2.05", token, options: [writeOption("observe", 1)], payload: none }));
    await first;
    leaving.abort();
    await stranger.until(() => stranger.messages.length === 3);
    const options = [writeOption("observe", 1), writeOption("uriPath", "time")];
    assert.deepEqual(stranger.messages.at(-1), { code: "0.01", token, options, payload: none });
  });
});
