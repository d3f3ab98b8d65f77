import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import {
  type CoapContext,
  type CoapHandler,
  type CoapRequest,
  type CoapRequester,
  type CoapResponse,
  channelRequester,
  openOscoreContext,
  serveChannel,
  serveOscore,
  withOscore,
} from "@fairlead/iot/coap";
import { coapOptions, readOption, readOptions, writeOption } from "@fairlead/iot/coap/protocol";
import { channelPair } from "../channel-pair.ts";
import { clientParameters, contextPair, hex, turned } from "./context-pair.ts";

const text = (response: CoapResponse): string => new TextDecoder().decode(response.payload);
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
const none = new Uint8Array(0);
const get: CoapRequest = { code: "0.01", options: [writeOption("uriPath", "temperature")], payload: none };
const hello: CoapHandler = () => ({
  code: "2.05",
  options: [writeOption("contentFormat", 0)],
  payload: bytes("hello"),
});

const context = (isMulticast = false): CoapContext => ({
  ...{ peer: "client:40000", scheme: "coap", security: undefined, delivery: "confirmable", isMulticast },
  ...{ maxMessageBytes: 1_152, takesGatheredBlocks: false },
  ...{ isReachable: false, signal: new AbortController().signal },
});

/** What passes between requester and handler, where nothing is lost. */
function wire(
  handler: CoapHandler,
  { isMulticast = false }: { readonly isMulticast?: boolean } = {},
): { readonly requester: CoapRequester; readonly requests: CoapRequest[]; readonly responses: CoapResponse[] } {
  const requests: CoapRequest[] = [];
  const responses: CoapResponse[] = [];
  const requester: CoapRequester = async (request) => {
    requests.push(request);
    const response = await handler(request, context(isMulticast));
    if (response === undefined) throw new Error("silence");
    responses.push(response);
    return response;
  };
  return { requester, requests, responses };
}

describe("requests with OSCORE", () => {
  test("are answered, and show nothing of method, path and body on their way (RFC 8613 section 4)", async () => {
    const { client, server } = await contextPair();
    const { requester, requests, responses } = wire(
      serveOscore([server])((request, { security }) => {
        assert.deepEqual(security, { type: "oscore", peerId: "01", idContext: undefined });
        assert.equal(request.code, "0.01");
        assert.deepEqual(readOptions(request, "uriPath"), ["temperature"]);
        return { code: "2.05", options: [writeOption("contentFormat", 0)], payload: bytes("21.5") };
      }),
    );
    const response = await withOscore(client)(requester)(get);
    assert.deepEqual([response.code, readOption(response, "contentFormat"), text(response)], ["2.05", 0, "21.5"]);
    const [request] = requests;
    assert.deepEqual(
      [request?.code, request?.options.map(({ number }) => number)],
      ["0.02", [coapOptions.oscore.number]],
    );
    const [answer] = responses;
    assert.deepEqual(
      [answer?.code, answer?.options.map(({ number }) => number)],
      ["2.04", [coapOptions.oscore.number]],
    );
  });

  test("have their host seen by proxies, and the path of Proxy-Uri not (RFC 8613 section 4.1.3.3)", async () => {
    const { client, server } = await contextPair();
    const { requester, requests } = wire(
      serveOscore([server])((request) => {
        assert.equal(readOption(request, "proxyUri"), "coap://example.com");
        assert.deepEqual(readOptions(request, "uriPath"), ["resource", "ä"]);
        assert.deepEqual(readOptions(request, "uriQuery"), ["q=1", "r"]);
        return { code: "2.05", options: [], payload: none };
      }),
    );
    const options = [writeOption("proxyUri", "coap://example.com/resource/%C3%A4?q=1&r"), writeOption("hopLimit", 16)];
    await withOscore(client)(requester)({ ...get, options });
    const [request] = requests;
    assert.ok(request !== undefined);
    assert.deepEqual(request.options.map(({ number }) => number).sort(), [16, 35, 9].sort());
    assert.equal(readOption(request, "proxyUri"), "coap://example.com");
  });

  test("are refused before anything is sent when they are protected already, or lead nowhere", async () => {
    const { client } = await contextPair();
    const { requester, requests } = wire(hello);
    const ask = withOscore(client)(requester);
    await assert.rejects(ask({ ...get, options: [writeOption("oscore", none)] }), { code: "OPTION_INVALID" });
    await assert.rejects(ask({ ...get, options: [writeOption("proxyUri", "resource")] }), { code: "URL_INVALID" });
    assert.equal(requests.length, 0);
  });

  test("find their context by ID and ID context, asked for or listed", async () => {
    const { client, server } = await contextPair({ idContext: hex("37cb") });
    const other = await contextPair({ recipientId: hex("03") });
    const listed = wire(serveOscore([other.server, server])(hello));
    assert.equal(text(await withOscore(client)(listed.requester)(get)), "hello");
    assert.equal(text(await withOscore(other.client)(listed.requester)(get)), "hello");
    const asked = wire(
      serveOscore(async (name) => {
        await Promise.resolve();
        assert.deepEqual(name, { peerId: "01", idContext: "37cb" });
        return server;
      })(hello),
    );
    assert.equal(text(await withOscore(client)(asked.requester)(get)), "hello");
    // A finder that errs does not have one peer pass for another.
    const wrong = wire(serveOscore(() => other.server)(hello));
    await assert.rejects(withOscore(client)(wrong.requester)(get), { message: /it says 4\.01/ });
  });

  test("get a failure of the handler as 5.00 that is protected, and silence as silence", async () => {
    const { client, server } = await contextPair();
    const failing = wire(
      serveOscore([server])(() => {
        throw new Error("secret");
      }),
    );
    const response = await withOscore(client)(failing.requester)(get);
    assert.deepEqual([response.code, text(response)], ["5.00", ""]);
    assert.equal(failing.responses[0]?.code, "2.04");
    const silent = wire(serveOscore([server])(() => undefined));
    await assert.rejects(withOscore(client)(silent.requester)(get), { message: "silence" });
  });

  test("may be answered by several responses, each delivered once in whatever order (RFC 9177)", async () => {
    const { client, server } = await contextPair();
    const handler = serveOscore([server])((_request, { maxMessageBytes }) => {
      assert.ok(maxMessageBytes < 1_152);
      const block = (number: number): CoapResponse => ({ code: "2.05", options: [], payload: bytes(String(number)) });
      return { ...block(0), rest: Readable.from([block(1), block(2)]) };
    });
    const heard: string[] = [];
    const observer = {
      next: (response: CoapResponse) => {
        heard.push(text(response));
      },
      end: () => undefined,
    };
    const ask = withOscore(client)(async (request, call) => {
      const answer = await handler(request, context());
      assert.ok(answer?.rest !== undefined);
      const rest: CoapResponse[] = [];
      for await (const response of answer.rest) rest.unshift(response);
      for (const response of [...rest, ...rest, answer]) call?.observer?.next(response);
      return answer;
    });
    heard.push(text(await ask(get, { observer })));
    assert.deepEqual(heard, ["2", "1", "0"]);
  });

  test("pass unprotected only where that is asked for", async () => {
    const { server } = await contextPair();
    const strict = wire(serveOscore([server])(hello));
    assert.equal((await strict.requester(get)).code, "4.01");
    const open = wire(serveOscore([server], { acceptUnprotected: true })(hello));
    assert.equal(text(await open.requester(get)), "hello");
  });
});

describe("what a server of OSCORE refuses (RFC 8613 section 8.2)", () => {
  const refused: readonly (readonly [string, string, (request: CoapRequest) => CoapRequest])[] = [
    ["a request without OSCORE", "4.01", () => get],
    ["two OSCORE options", "4.02", (request) => ({ ...request, options: [...request.options, ...request.options] })],
    ["an OSCORE option without payload", "4.02", (request) => ({ ...request, payload: none })],
    ["reserved bits in the option", "4.02", withOption("290001")],
    ["a partial IV that is too long", "4.02", withOption("0e00000000000001")],
    ["a partial IV with leading zeros", "4.02", withOption("0a000101")],
    ["a request without partial IV", "4.02", withOption("0801")],
    ["a request without ID", "4.02", withOption("0100")],
    ["an ID context that ends too early", "4.02", withOption("190005aa")],
    ["an ID that nobody has", "4.01", withOption("090003")],
    ["an ID context that nobody has", "4.01", withOption("190001aa01")],
    ["another partial IV", "4.00", withOption("090101")],
    [
      "a ciphertext as short as its tag",
      "4.00",
      (request) => ({ ...request, payload: request.payload.subarray(0, 8) }),
    ],
    [
      "a ciphertext that was changed",
      "4.00",
      (request) => ({ ...request, payload: request.payload.map((byte) => byte ^ 1) }),
    ],
  ];
  for (const [name, code, change] of refused) {
    test(`has ${name} answered by ${code} without a reason, and a group not answered`, async () => {
      const { client, server } = await contextPair();
      let handled = 0;
      const handler = serveOscore([server])((request, context) => {
        handled += 1;
        return hello(request, context);
      });
      const { requester } = wire(handler);
      const { message } = await client.protectRequest(get);
      const response = await requester(change(message));
      assert.deepEqual([response.code, text(response), readOption(response, "maxAge")], [code, "", 0]);
      await assert.rejects(wire(handler, { isMulticast: true }).requester(change(message)), { message: "silence" });
      assert.equal(handled, 0);
      // None of it has closed the window to the request as it was sent.
      assert.equal((await requester(message)).code, "2.04");
    });
  }

  test("has a request that comes again answered by 4.01 (section 7.4)", async () => {
    const { client, server } = await contextPair();
    let handled = 0;
    const { requester } = wire(
      serveOscore([server])((request, context) => {
        handled += 1;
        return hello(request, context);
      }),
    );
    const { message } = await client.protectRequest(get);
    assert.equal((await requester(message)).code, "2.04");
    assert.equal((await requester(message)).code, "4.01");
    assert.equal(handled, 1);
  });

  test("tells the client that it was refused, and no secret", async () => {
    const { client } = await contextPair();
    const stranger = await contextPair({ masterSecret: hex("ff0102030405060708090a0b0c0d0e0f") });
    const { requester } = wire(serveOscore([stranger.server])(hello));
    await assert.rejects(withOscore(client)(requester)(get), (error: Error) => {
      assert.match(error.message, /^request OSCORE peer 02: .*it says 4\.00/);
      return true;
    });
    const shown = inspect(client, { depth: 9, showHidden: true });
    assert.deepEqual(Object.keys(client), ["peer", "peerId", "idContext", "requestOverheadBytes"]);
    assert.doesNotMatch(shown, /key/i);
  });
});

describe("what a client of OSCORE refuses (RFC 8613 section 8.4)", () => {
  const refused: readonly (readonly [string, string, (response: CoapResponse) => CoapResponse])[] = [
    [
      "an answer without OSCORE",
      "OSCORE_RESPONSE_UNPROTECTED",
      () => ({ code: "2.05", options: [], payload: bytes("lie") }),
    ],
    ["a malformed option", "OSCORE_RESPONSE_UNUSABLE", withOption("ff")],
    [
      "a changed payload",
      "OSCORE_RESPONSE_NOT_VERIFIED",
      (response) => ({ ...response, payload: response.payload.map((byte) => byte ^ 128) }),
    ],
    ["a partial IV that was added", "OSCORE_RESPONSE_NOT_VERIFIED", withOption("0105")],
  ];
  for (const [name, code, change] of refused) {
    test(`has ${name} fail with ${code}`, async () => {
      const { client, server } = await contextPair();
      const { requester } = wire(serveOscore([server])(hello));
      const ask = withOscore(client)(async (request) => change(await requester(request)));
      await assert.rejects(ask(get), { code });
    });
  }

  test("has the answer to one request not pass for the answer to another", async () => {
    const { client, server } = await contextPair();
    const { requester } = wire(serveOscore([server])(hello));
    let first: CoapResponse | undefined;
    const ask = withOscore(client)(async (request) => (first ??= await requester(request)));
    await ask(get);
    await assert.rejects(ask(get), { code: "OSCORE_RESPONSE_NOT_VERIFIED" });
  });
});

describe("observations with OSCORE (RFC 8613 section 4.1.3.5)", () => {
  const observing: CoapRequest = { ...get, options: [writeOption("observe", 0), ...get.options] };

  test("are numbered by partial IV, and end when the client leaves", async () => {
    const { client, server } = await contextPair();
    const channels = channelPair();
    const ended = Promise.withResolvers<undefined>();
    serveChannel(
      channels.server,
      serveOscore([server])((request, { signal }) => {
        assert.equal(readOption(request, "observe"), 0);
        return {
          ...{ code: "2.05", options: [], payload: bytes("0") },
          updates: states(3, signal, () => {
            ended.resolve(undefined);
          }),
        };
      }),
    );
    const heard: string[] = [];
    const leaving = new AbortController();
    const note = (response: CoapResponse): void => {
      heard.push(`${readOption(response, "observe") ?? "none"} ${text(response)}`);
      if (heard.length === 4) leaving.abort();
    };
    const ask = withOscore(client)(channelRequester(channels.client));
    note(await ask(observing, { signal: leaving.signal, observer: { next: note, end: () => undefined } }));
    await ended.promise;
    assert.deepEqual(heard.sort(), ["0 0", "1 1", "2 2", "3 3"]);
  });

  test("deliver each notification once, none that is older, and none that was forged", async () => {
    const { client, server } = await contextPair();
    let binding: Parameters<typeof server.protectResponse>[0] | undefined;
    const notify = async (payload: string, code: CoapResponse["code"] = "2.05"): Promise<CoapResponse> => {
      assert.ok(binding !== undefined);
      const options = code === "2.05" ? [{ number: coapOptions.observe.number, value: none }] : [];
      return server.protectResponse(binding, { code, options, payload: bytes(payload) }, "own-number");
    };
    let send: (response: CoapResponse) => void = () => undefined;
    const ask = withOscore(client)(async (request, call) => {
      binding = { keyId: hex("01"), partialIv: hex("00") };
      assert.equal(request.code, "0.05");
      assert.equal(readOption(request, "observe"), 0);
      send = (response) => call?.observer?.next(response);
      return notify("0");
    });
    const heard: string[] = [];
    const next = (response: CoapResponse): void => {
      heard.push(text(response));
    };
    await ask(observing, { observer: { next, end: () => undefined } });
    const [one, two, three] = [await notify("1"), await notify("2"), await notify("gone", "4.04")];
    send(two);
    send(two);
    send(one);
    send({ ...three, payload: three.payload.map((byte) => byte ^ 1) });
    send({ code: "2.05", options: [writeOption("observe", 99)], payload: bytes("forged") });
    send(three);
    assert.deepEqual(heard, ["2", "gone"]);
  });

  test("are not begun when a proxy takes Observe away, so that nobody waits for what cannot come", async () => {
    const { client, server } = await contextPair();
    const handler = serveOscore([server])((request) => {
      assert.equal(readOption(request, "observe"), undefined);
      return { code: "2.05", options: [], payload: bytes("once") };
    });
    const { requester } = wire(handler);
    const ask = withOscore(client)((request) =>
      requester({ ...request, options: request.options.filter(({ number }) => number !== coapOptions.observe.number) }),
    );
    const response = await ask(observing);
    assert.deepEqual([text(response), readOption(response, "observe")], ["once", undefined]);
  });

  test("leave the exchange when the first answer does not verify", async () => {
    const { client } = await contextPair();
    let signal: AbortSignal | undefined;
    const ask = withOscore(client)((_request, call) => {
      signal = call?.signal;
      return Promise.resolve({ code: "2.05", options: [], payload: none });
    });
    const observer = { next: () => undefined, end: () => assert.fail("nobody observes") };
    await assert.rejects(ask(observing, { observer }), { code: "OSCORE_RESPONSE_UNPROTECTED" });
    assert.equal(signal?.aborted, true);
  });
});

describe("a server of OSCORE that was restarted (RFC 8613 appendix B.1.2)", () => {
  test("asks for an Echo before it takes a request, and takes none from before", async () => {
    const { client, server, serverStore } = await contextPair();
    const old = await client.protectRequest(get);
    const late = await client.protectRequest(get);
    assert.equal((await wire(serveOscore([server])(hello)).requester(old.message)).code, "2.04");

    const restarted = await openOscoreContext(turned(clientParameters), { store: serverStore });
    const reachable: boolean[] = [];
    const { requester } = wire(
      serveOscore([restarted])((request, context) => {
        reachable.push(context.isReachable);
        assert.equal(readOption(request, "echo"), undefined);
        return hello(request, context);
      }),
    );
    const ask = withOscore(client)(requester);
    // What was recorded, and what was delayed, gets the same challenge: neither reaches the handler.
    for (const { message, binding } of [old, late]) {
      const challenge = await requester(message);
      assert.equal(challenge.code, "2.04");
      const replayed = withOscore(client)(() => Promise.resolve(challenge));
      await assert.rejects(replayed(get), { code: "OSCORE_RESPONSE_NOT_VERIFIED" });
      assert.equal(binding.partialIv.length, 1);
    }
    const challenge = await ask(get);
    const echo = readOption(challenge, "echo");
    assert.ok(challenge.code === "4.01" && echo !== undefined);
    assert.deepEqual(reachable, []);
    assert.equal(
      (
        await ask({
          ...get,
          options: [
            ...get.options,
            writeOption(
              "echo",
              echo.map((byte) => byte ^ 1),
            ),
          ],
        })
      ).code,
      "4.01",
    );
    assert.equal(text(await ask({ ...get, options: [...get.options, writeOption("echo", echo)] })), "hello");
    assert.equal(text(await ask(get)), "hello");
    assert.equal((await requester(late.message)).code, "4.01");
    assert.deepEqual(reachable, [true, false]);
  });
});

function withOption(value: string): <Message extends CoapRequest | CoapResponse>(message: Message) => Message {
  return (message) => ({
    ...message,
    options: message.options.map((option) =>
      option.number === coapOptions.oscore.number ? writeOption("oscore", hex(value)) : option,
    ),
  });
}

async function* states(count: number, signal: AbortSignal, end: () => void): AsyncIterable<CoapResponse> {
  try {
    for (let state = 1; !signal.aborted; state += 1) {
      yield { code: "2.05", options: [], payload: bytes(String(state)) };
      if (state === count) await gone(signal);
    }
  } finally {
    end();
  }
}

function gone(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", resolve, { once: true });
  });
}
