import assert from "node:assert/strict";
import { describe, test, type TestContext } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { TransportError } from "@fairlead/core";
import {
  type CoapChannel,
  coapAnswer,
  type CoapClient,
  coapClient,
  type CoapClientOptions,
  type CoapHandler,
  coapServer,
  observable,
  resource,
  resourceHandler,
  serveBlocks,
  serveChannel,
} from "@fairlead/iot/coap";
import { blockUint, readBlock, readOption, readOptions, writeOption } from "@fairlead/iot/coap/protocol";
import { channelPair } from "../channel-pair.ts";

const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);

/** A client of one handler, over channels in memory, and the channels that it has opened. */
function clientOf(
  handler: CoapHandler,
  options: CoapClientOptions = {},
): { client: CoapClient; opened: CoapChannel[] } {
  const opened: CoapChannel[] = [];
  const client = coapClient({
    open: async () => {
      const pair = channelPair();
      serveChannel(pair.server, handler);
      opened.push(pair.client);
      return pair.client;
    },
    ...options,
  });
  return { client, opened };
}

const echo: CoapHandler = (request) => ({ code: "2.05", options: [], payload: request.payload });

describe("a CoAP client", () => {
  test("asks a server over UDP, by each method", async (context: TestContext) => {
    const said =
      (name: string): CoapHandler =>
      (request) =>
        coapAnswer("Changed", `${name} ${new TextDecoder().decode(request.payload)}`);
    await using server = coapServer({
      resources: [
        resource("a", {
          ...{ get: said("get"), post: said("post"), put: said("put"), delete: said("delete") },
          ...{ fetch: said("fetch"), patch: said("patch"), ipatch: said("ipatch") },
        }),
      ],
    });
    const { url } = await server.listen({ port: 0 });
    await using client = coapClient();
    const { signal } = context;
    const body = "x";
    const replies = [
      ...[await client.get(`${url}/a`, { signal }), await client.delete(`${url}/a`, { signal })],
      ...[await client.post(`${url}/a`, { body, signal }), await client.put(`${url}/a`, { body, signal })],
      ...[await client.fetch(`${url}/a`, { body, signal }), await client.patch(`${url}/a`, { body, signal })],
      await client.ipatch(`${url}/a`, { body, signal }),
    ];
    const heard = replies.map((reply) => reply.text());
    assert.deepEqual(heard, ["get ", "delete ", "post x", "put x", "fetch x", "patch x", "ipatch x"]);
    await client.ping(url, { signal });
  });

  test("reads an answer: code, format, age, version, and where what was created is", async () => {
    const { client } = clientOf(() =>
      coapAnswer("Created", '{"a":1}', {
        ...{ contentFormat: "application/json", maxAge: 7, eTag: bytes("v1"), location: ["a b", "1"] },
      }),
    );
    const reply = await client.post("coap://Device:5700/a?b", { body: "x" });
    assert.deepEqual(
      [reply.url, reply.code, reply.name, reply.ok, reply.contentFormat, reply.maxAge, reply.location],
      ["coap://device:5700/a?b", "2.01", "Created", true, 50, 7, "coap://device:5700/a%20b/1"],
    );
    assert.deepEqual([reply.eTag, reply.json()], [bytes("v1"), { a: 1 }]);
  });

  test("gives an answer of class 4 or 5 as an answer, registered or not", async () => {
    const { client } = clientOf(() => ({ code: "4.31", options: [], payload: bytes("why") }));
    const { ok, name, maxAge, location } = await client.get("coap://device/");
    assert.deepEqual([ok, name, maxAge, location], [false, undefined, 60, undefined]);
  });

  test("refuses an answer with a critical option that it does not know (RFC 7252 section 5.4.1)", async () => {
    const { client } = clientOf(() => ({
      code: "2.05",
      options: [{ number: 9, value: bytes("") }],
      payload: bytes(""),
    }));
    await assert.rejects(client.get("coap://device/"), { code: "COAP_RESPONSE_UNUSABLE" });
  });

  test("says a payload that is no text, or no JSON, by an error with the bytes", async () => {
    const { client } = clientOf(echo);
    const notText = await client.fetch("coap://device/", { body: Uint8Array.of(0xff) });
    assert.throws(() => notText.text(), { code: "CHARSET_VIOLATED", bytes: Uint8Array.of(0xff) });
    const notJson = await client.fetch("coap://device/", { body: "secret" });
    assert.throws(
      () => notJson.json(),
      (error: Error) => "code" in error && error.code === "JSON_INVALID" && !error.message.includes("secret"),
    );
  });

  test("reads CBOR, and says what is none by an error with the bytes (RFC 8949)", async () => {
    const { client } = clientOf(echo);
    // {"t": 21.5, "id": h'07'}
    const map = Uint8Array.of(0xa2, 0x61, 0x74, 0xf9, 0x4d, 0x60, 0x62, 0x69, 0x64, 0x41, 0x07);
    const reply = await client.fetch("coap://device/", { body: map });
    const expected: readonly (readonly [string, unknown])[] = [
      ["t", 21.5],
      ["id", Uint8Array.of(7)],
    ];
    assert.deepEqual(reply.cbor(), new Map(expected));
    assert.throws(() => reply.cbor({ floats: false }), { code: "CBOR_INVALID" });
    for (const bad of [[], [0xa1, 0x01], [0x18, 0x01], [0xa2, 0x01, 0x01, 0x01, 0x01], [0xc1, 0x00], [0x00, 0x00]]) {
      const body = Uint8Array.from(bad);
      const refused = await client.fetch("coap://device/", { body });
      assert.throws(() => refused.cbor(), { code: "CBOR_INVALID", bytes: body });
    }
  });

  test("goes on with a download that was cut, at the same version only (RFC 7959 section 2.4)", async () => {
    let version = "v1";
    const whole = Uint8Array.from({ length: 5_000 }, (_, at) => at % 251);
    const { client } = clientOf(serveBlocks()(() => coapAnswer("Content", whole, { eTag: bytes(version) })));
    const resume = { offset: 2_048, eTag: bytes("v1") };
    const download = await client.download("coap://device/", { resume });
    assert.deepEqual([download.reply.ok, download.offset], [true, 2_048]);
    const pieces: Uint8Array[] = [];
    for await (const piece of download.body) pieces.push(piece);
    assert.deepEqual(Buffer.concat(pieces), Buffer.from(whole.subarray(2_048)));
    version = "v2";
    const changed = clientOf(serveBlocks()(() => coapAnswer("Content", whole, { eTag: bytes(version) })));
    const asking = changed.client.download("coap://device/", { resume });
    await assert.rejects(asking, { code: "COAP_REPRESENTATION_CHANGED" });
  });

  test("says what is refused in the middle of a download by an error", async () => {
    const { client } = clientOf((request) => {
      const number = readBlock(readOption(request, "block2") ?? 0)?.number ?? 0;
      if (number === 2) return { code: "5.03", options: [], payload: bytes("") };
      const block = writeOption("block2", blockUint({ number, more: true, sizeBytes: 16 }));
      return { code: "2.05", options: [block], payload: new Uint8Array(16) };
    });
    const { reply, body } = await client.download("coap://device/");
    assert.equal(reply.ok, true);
    let received = 0;
    const receive = async (): Promise<void> => {
      for await (const piece of body) received += piece.length;
    };
    await assert.rejects(receive(), { code: "COAP_TRANSFER_REFUSED", message: /5\.03/ });
    assert.equal(received, 32);
  });

  test("sends what is said: formats, versions, conditions", async () => {
    let seen = "";
    const { client } = clientOf((request) => {
      seen = [
        ...[readOptions(request, "uriPath").join("/"), readOptions(request, "uriQuery").join("&")],
        ...[readOption(request, "contentFormat"), readOption(request, "accept"), readOptions(request, "eTag").length],
        ...[readOptions(request, "ifMatch").length, readOption(request, "ifNoneMatch")?.length],
      ].join(" ");
      return coapAnswer("Changed");
    });
    await client.put("coap://device/a/b?c=1", {
      ...{ body: "{}", contentFormat: "application/json", accept: 60, eTags: [bytes("1"), bytes("2")] },
      ...{ ifMatch: [bytes("3")], ifNoneMatch: true, options: [writeOption("size1", 2)] },
    });
    assert.equal(seen, "a/b c=1 50 60 2 1 0");
  });

  const impossible: readonly (readonly [what: string, code: string, url: string, options?: object])[] = [
    ["a scheme that is none of CoAP's", "URL_SCHEME_UNKNOWN", "http://device/"],
    ["a relative URL", "URL_INVALID", "/a"],
    ["a GET with a body", "OPTION_INVALID", "coap://device/", { body: "x" }],
    ["a format that is not known", "OPTION_INVALID", "coap://device/", { accept: "text/html" }],
    ["a timeout of nothing", "OPTION_INVALID", "coap://device/", { timeoutMilliseconds: 0 }],
  ];
  for (const [what, code, url, options] of impossible) {
    test(`refuses ${what} before anything is opened`, async () => {
      const { client, opened } = clientOf(echo);
      await assert.rejects(client.get(url, options), { code });
      assert.equal(opened.length, 0);
    });
  }

  test("opens one channel for all who ask at once, and keeps it", async () => {
    const { client, opened } = clientOf(echo);
    await Promise.all(["a", "b", "c"].map((path) => client.get(`coap://device/${path}`)));
    await client.get("coap://DEVICE:5683/");
    assert.equal(opened.length, 1);
    await client.get("coap://device:5684/");
    assert.equal(opened.length, 2);
  });

  test("goes on by a new channel when one broke, and asks again what changes nothing", async () => {
    let isBroken = false;
    const breaking: CoapHandler = (request, context) => {
      if (isBroken) return echo(request, context);
      isBroken = true;
      void opened[0]?.close();
      return undefined;
    };
    const { client, opened } = clientOf(breaking);
    const reply = await client.get("coap://device/");
    assert.deepEqual([reply.code, opened.length], ["2.05", 2]);
  });

  test("does not ask again what may have changed something", async () => {
    const { client, opened } = clientOf(() => {
      void opened[0]?.close();
      return undefined;
    });
    await assert.rejects(client.put("coap://device/", { body: "x" }), { code: "STREAM_CLOSED" });
    assert.equal(opened.length, 1);
  });

  test("tells everybody who waits that a channel could not be opened, and tries again later", async () => {
    let tries = 0;
    const { client } = clientOf(echo, {
      open: () => {
        tries += 1;
        return Promise.reject(new TransportError("CONNECTION_REFUSED", { peer: "device:5683" }));
      },
    });
    const both = await Promise.allSettled([client.get("coap://device/"), client.get("coap://device/")]);
    assert.deepEqual(
      both.map(({ status }) => status),
      ["rejected", "rejected"],
    );
    assert.equal(tries, 1);
    await assert.rejects(client.get("coap://device/"), { code: "CONNECTION_REFUSED" });
    assert.equal(tries, 2);
  });

  test("gives up opening when the last who waits has left, and not before", async () => {
    let openingSignal: AbortSignal | undefined;
    const { client } = clientOf(echo, {
      open: (_destination, signal) => {
        openingSignal = signal;
        return new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            reject(signal.reason);
          });
        });
      },
    });
    const [one, other] = [new AbortController(), new AbortController()];
    const asked = [one, other].map(({ signal }) => client.get("coap://device/", { signal }));
    const settled = Promise.allSettled(asked);
    one.abort(new Error("one"));
    await assert.rejects(asked[0] ?? assert.fail(), /one/);
    assert.equal(openingSignal?.aborted, false);
    other.abort(new Error("other"));
    await settled;
    assert.equal(openingSignal.aborted, true);
  });

  test("stops waiting at the deadline, or at the caller's word", async () => {
    const { client } = clientOf(() => undefined);
    await assert.rejects(client.get("coap://device/", { timeoutMilliseconds: 1 }), {
      code: "TIMED_OUT",
      phase: "total",
    });
    const aborting = new AbortController();
    const asked = client.get("coap://device/", { signal: aborting.signal });
    aborting.abort(new Error("enough"));
    await assert.rejects(asked, /enough/);
  });

  test("has a limit of channels: one that is idle makes room, one in use does not", async () => {
    const { client, opened } = clientOf(echo, { limits: { channels: 2 } });
    await client.get("coap://a/");
    await client.get("coap://b/");
    await client.get("coap://a/");
    await client.get("coap://c/");
    assert.deepEqual(
      opened.map(({ closed }) => closed),
      [false, true, false],
    );
    const waiting = new AbortController();
    const silent = clientOf(() => undefined, { limits: { channels: 1 } }).client;
    const first = silent.get("coap://a/", { signal: waiting.signal });
    await assert.rejects(silent.get("coap://b/"), { code: "CONNECTION_LIMIT" });
    waiting.abort();
    await assert.rejects(first);
  });

  test("closes a channel that nobody has used for a while", async (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const { client, opened } = clientOf(echo, { limits: { idleMilliseconds: 1_000 } });
    await client.get("coap://device/");
    context.mock.timers.tick(999);
    await client.get("coap://device/");
    context.mock.timers.tick(999);
    assert.equal(opened[0]?.closed, false);
    context.mock.timers.tick(1);
    await Promise.resolve();
    assert.equal(opened[0].closed, true);
    assert.equal(opened.length, 1);
  });

  test("fails what is under way when it is closed, and asks nothing any more", async () => {
    const { client, opened } = clientOf(() => undefined);
    const asked = client.get("coap://device/");
    const rejected = assert.rejects(asked, { code: "STREAM_CLOSED" });
    await client.ping("coap://device/");
    await client.close();
    await rejected;
    assert.equal(opened[0]?.closed, true);
    await assert.rejects(client.get("coap://device/"), { code: "STREAM_CLOSED" });
    await client.close();
  });
});

describe("a CoAP client that observes", () => {
  test("gives each state as an answer, and tells the server when it leaves (RFC 7641)", async () => {
    let state = 0;
    const counter = observable(() => coapAnswer("Content", String(state)));
    const { client, opened } = clientOf(
      resourceHandler([resource("count", { observable: true, get: counter.handler })]),
    );
    const heard: string[] = [];
    for await (const reply of client.observe("coap://device/count")) {
      heard.push(reply.text());
      if (state === 3) break;
      state += 1;
      counter.changed();
    }
    assert.deepEqual(heard, ["0", "1", "2", "3"]);
    // Nothing waits for what is said at the end.
    await nextTurn();
    assert.equal(counter.observers, 0);
    assert.equal(opened.length, 1);
  });

  test("keeps its channel in use, and lets it go when it ends", async () => {
    const still = observable(() => coapAnswer("Content", "still"));
    const handler = resourceHandler([resource("still", { observable: true, get: still.handler })]);
    const { client, opened } = clientOf(handler, { limits: { channels: 1 } });
    const leaving = new AbortController();
    const states = client.observe("coap://device/still", { signal: leaving.signal })[Symbol.asyncIterator]();
    await states.next();
    await assert.rejects(client.get("coap://other/still"), { code: "CONNECTION_LIMIT" });
    leaving.abort(new Error("enough"));
    await assert.rejects(states.next(), /enough/);
    // Deregistering takes a turn.
    await nextTurn();
    assert.equal((await client.get("coap://other/still")).text(), "still");
    assert.deepEqual(
      opened.map(({ closed }) => closed),
      [true, false],
    );
  });

  test("is told by an error when the server says no", async () => {
    const { client } = clientOf(resourceHandler([]));
    const states = client.observe("coap://device/nowhere")[Symbol.asyncIterator]();
    await assert.rejects(states.next(), { code: "COAP_OBSERVATION_ENDED" });
  });

  test("waits no longer than it is told for the first state, and as long as it takes for the others", async (context) => {
    const { client } = clientOf(() => undefined);
    const states = client.observe("coap://device/", { timeoutMilliseconds: 1 })[Symbol.asyncIterator]();
    await assert.rejects(states.next(), { code: "TIMED_OUT", phase: "response" });
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const still = observable(() => coapAnswer("Content", "still"));
    const lasting = clientOf(still.handler).client.observe("coap://device/", { timeoutMilliseconds: 1_000 });
    const iterator = lasting[Symbol.asyncIterator]();
    await iterator.next();
    context.mock.timers.tick(5_000);
    still.changed();
    const next = await iterator.next();
    assert(next.done !== true);
    assert.equal(next.value.text(), "still");
    await iterator.return?.();
  });
});

describe("a CoAP client that discovers", () => {
  const resources = [
    resource("sensors/temp", { rt: "temperature-c", get: echo }),
    resource("a b", { get: echo }),
    resource(".well-known/core", {
      get: (request) => {
        const query = readOptions(request, "uriQuery").join(" ");
        const links = `</sensors/temp>;rt="temperature-c";obs,<coap://other/x>;title="${query}",<http://web/>,<//[bad>`;
        return coapAnswer("Content", links, { contentFormat: "application/link-format" });
      },
    }),
  ];

  test("tells what a device has, and where (RFC 6690)", async () => {
    const { client } = clientOf(resourceHandler(resources));
    const found = await client.discover("coap://device/any/path", { rt: "temp*" });
    assert.deepEqual(
      found.map(({ url }) => url),
      ["coap://device/sensors/temp", "coap://other/x", undefined, undefined],
    );
    assert.deepEqual(found[1]?.attributes, [{ name: "title", value: "rt=temp*" }]);
  });

  const unusable: readonly (readonly [what: string, handler: CoapHandler])[] = [
    ["what is no list", () => coapAnswer("Content", "</a", { contentFormat: "application/link-format" })],
    [
      "a list in a form that it does not know",
      () => coapAnswer("Content", "[]", { contentFormat: "application/json" }),
    ],
    ["a refusal", () => coapAnswer("Not Found")],
  ];
  for (const [what, handler] of unusable) {
    test(`says that it cannot use ${what}`, async () => {
      const { client } = clientOf(handler);
      await assert.rejects(client.discover("coap://device/"), { code: "COAP_RESPONSE_UNUSABLE" });
    });
  }

  test("asks a group, and the rest of a long list of the device alone (RFC 7252 section 8)", async () => {
    const group = { group: "224.0.1.187", interfaces: ["127.0.0.1"] };
    const long = Array.from({ length: 100 }, (_, index) => resource(`a/long/path/${String(index)}`, { get: echo }));
    await using one = coapServer({ resources: resources.slice(0, 1) });
    await using other = coapServer({ resources: long });
    const { port } = await one.listen({ port: 0, groups: [group] });
    await other.listen({ host: "127.0.0.2", port, groups: [group] });
    await using client = coapClient();
    const found = new Map<string, number>();
    const asking = { port, interface: "127.0.0.1", deviceLimit: 2, waitMilliseconds: 20_000 };
    for await (const { url, resources: list } of client.discoverGroup(asking)) found.set(url, list.length);
    assert.deepEqual([...found].toSorted(), [
      [`coap://127.0.0.1:${String(port)}`, 1],
      [`coap://127.0.0.2:${String(port)}`, 100],
    ]);
  });
});

describe("an upload to our own server", () => {
  for (const sizeBytes of [0, 5, 1_024, 3_000]) {
    test(`of ${sizeBytes} bytes is answered, and the answer says no more of blocks (RFC 7959 section 2.5)`, async () => {
      const heard: number[] = [];
      const take: CoapHandler = ({ payload }) => {
        heard.push(payload.length);
        return coapAnswer("Changed");
      };
      await using client = clientOf(coapServer({ handler: take }).handler).client;
      const reply = await client.upload("coap://device/kept", new Uint8Array(sizeBytes));
      assert.deepEqual([reply.code, reply.options, heard], ["2.04", [], [sizeBytes]]);
    });
  }
});
