import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runLibcoapClient, skipWithoutLibcoap, startLibcoapServer } from "@fairlead/conformance/peers";
import {
  coapAnswer,
  coapClient,
  type CoapHandler,
  type CoapRequest,
  type CoapRequester,
  type CoapResponse,
  coapServer,
  forwardProxy,
  type ForwardProxyOptions,
  listenDatagrams,
  resource,
  resourceHandler,
  serveChannel,
} from "@fairlead/iot/coap";
import { readOption, writeOption } from "@fairlead/iot/coap/protocol";
import { openUdp } from "@fairlead/transport";
import { contextOf } from "../context.ts";
import { deviceResources, largeText } from "../peers/device.ts";

/** A proxy of its own for one test. */
async function startProxy(options: Partial<ForwardProxyOptions> = {}): Promise<RunningProxy> {
  const client = coapClient();
  const own = resourceHandler([resource("own", { get: () => coapAnswer("Content", "the proxy itself") })]);
  const { handler } = coapServer({ handler: forwardProxy({ client, allow: () => true, ...options })(own) });
  const listener = listenDatagrams(
    await openUdp({ host: "127.0.0.1", port: 0 }),
    (channel) => serveChannel(channel, (request, context) => handler(request, { ...context, isReachable: true })),
    // libcoap 4.3.1 drops a first block that comes apart from its acknowledgement: "large body receive internal issue".
    { transmission: { separateAfterMilliseconds: 60_000 } },
  );
  return {
    url: `coap://127.0.0.1:${String(listener.address.port)}`,
    [Symbol.asyncDispose]: async () => {
      await listener.close();
      await client.close();
    },
  };
}

interface RunningProxy extends AsyncDisposable {
  readonly url: string;
}

const get = (...options: CoapRequest["options"]): CoapRequest => ({
  code: "0.01",
  options,
  payload: new Uint8Array(0),
});
const unasked: CoapHandler = () => assert.fail("nobody asked for what is behind the proxy");

describe("a client's proxy, in front of a server (RFC 7252 section 5.7)", () => {
  test("gets, puts, sends and gets bodies in blocks, and is told what is not there", async () => {
    await using server = coapServer({ resources: deviceResources() });
    const { url } = await server.listen({ port: 0 });
    await using proxy = await startProxy();
    await using client = coapClient({ proxy: proxy.url });
    const hello = await client.get(`${url}/hello`);
    assert.deepEqual([hello.url, hello.text()], [`${url}/hello`, "hello"]);
    assert.equal((await client.get(`${url}/nowhere`)).code, "4.04");
    assert.equal((await client.put(`${url}/kept`, { body: largeText, contentFormat: 0 })).code, "2.04");
    const kept = await client.get(`${url}/kept`);
    assert.deepEqual([kept.contentFormat, kept.text()], [0, largeText]);
    assert.equal((await client.upload(`${url}/kept`, Buffer.from("short again"))).code, "2.04");
    const pieces: Uint8Array[] = [];
    for await (const piece of (await client.download(`${url}/large`)).body) pieces.push(piece);
    assert.equal(Buffer.concat(pieces).toString(), largeText);
    const answer = await client.requester(url)(get(writeOption("uriPath", "hello")));
    assert.equal(new TextDecoder().decode(answer.payload), "hello");
    assert((await client.discover(url)).some(({ target }) => target === "/hello"));
  });

  test("observes through it, to the end (RFC 7641 section 5)", async () => {
    await using server = coapServer({
      resources: [
        resource("count", { observable: true, get: () => coapAnswer("Content", "0", { updates: counting() }) }),
      ],
    });
    const { url } = await server.listen({ port: 0 });
    await using proxy = await startProxy();
    await using client = coapClient({ proxy: proxy.url });
    const heard: string[] = [];
    const observing = async (path: string): Promise<void> => {
      for await (const state of client.observe(`${url}/${path}`)) heard.push(state.text());
    };
    await assert.rejects(observing("count"), { code: "COAP_OBSERVATION_ENDED" });
    assert.equal(heard.at(-1), "2");
    await assert.rejects(observing("nowhere"), { code: "COAP_OBSERVATION_ENDED" });
  });

  test("still has its own resources", async () => {
    await using proxy = await startProxy();
    await using client = coapClient();
    assert.equal((await client.get(`${proxy.url}/own`)).text(), "the proxy itself");
  });
});

/** Ends by an answer of class 5; who reads slowly may miss what is before the last state. */
async function* counting(): AsyncGenerator<CoapResponse, void, undefined> {
  yield Promise.resolve(coapAnswer("Content", "1"));
  yield coapAnswer("Content", "2");
  yield coapAnswer("Service Unavailable");
}

describe("a forward proxy", () => {
  const proxying = (options: Partial<ForwardProxyOptions>, behind: CoapHandler = unasked): CoapHandler => {
    const client = { requester: () => () => assert.fail("nothing was to be asked") };
    return forwardProxy({ client, allow: () => true, ...options })(behind);
  };
  const answering = (requester: CoapRequester): Pick<ForwardProxyOptions, "client"> => ({
    client: { requester: () => requester },
  });
  const device = writeOption("proxyUri", "coap://device/");

  test("asks for nothing that it is not allowed to (4.03)", async () => {
    const asked: unknown[] = [];
    const handler = proxying({
      allow: ({ uri, code }, { peer }) => {
        asked.push([uri.host, code, peer]);
        return false;
      },
    });
    assert.equal((await handler(get(device), contextOf()))?.code, "4.03");
    assert.deepEqual(asked, [["device", "0.01", "192.0.2.1:40000"]]);
  });

  const groups = ["224.0.1.187", "[ff02::fd]", "255.255.255.255", "[::ffff:224.0.1.187]", "[::ffff:255.255.255.255]"];
  for (const host of groups) {
    test(`asks no group, such as ${host}`, async () => {
      const handler = proxying({});
      assert.equal((await handler(get(writeOption("proxyUri", `coap://${host}/`)), contextOf()))?.code, "4.03");
    });
  }

  test("refuses what is unsafe and not known to it (RFC 7252 section 5.7.2)", async () => {
    const handler = proxying({});
    assert.equal((await handler(get(device, { number: 2050, value: new Uint8Array(0) }), contextOf()))?.code, "4.02");
  });

  test("says nothing to a group that was asked", async () => {
    assert.equal(await proxying({})(get(device), contextOf({ isMulticast: true })), undefined);
  });

  const others = [
    ["http://host/", "5.05"],
    ["ftp://host/", "5.05"],
    ["coap://", "4.00"],
  ] as const;
  for (const [uri, code] of others) {
    test(`has ${uri} answered by ${code}`, async () => {
      const handler = proxying({}, () => coapAnswer("Proxying Not Supported"));
      assert.equal((await handler(get(writeOption("proxyUri", uri)), contextOf()))?.code, code);
    });
  }

  test("forwards with one hop less, and ends circles (RFC 8768)", async () => {
    const hops: (number | undefined)[] = [];
    const handler = proxying(
      answering((request) => {
        hops.push(readOption(request, "hopLimit"));
        return Promise.resolve(coapAnswer("Content"));
      }),
    );
    await handler(get(device), contextOf());
    await handler(get(writeOption("hopLimit", 3), device), contextOf());
    assert.equal((await handler(get(writeOption("hopLimit", 1), device), contextOf()))?.code, "5.08");
    assert.deepEqual(hops, [16, 2]);
  });

  test("tells that a server does not answer in time (5.04)", async () => {
    const silent: CoapRequester = (_request, call = {}) =>
      new Promise((_resolve, reject) => {
        call.signal?.addEventListener("abort", () => {
          reject(call.signal?.reason as Error);
        });
      });
    const handler = proxying({ ...answering(silent), timeoutMilliseconds: 1 });
    assert.equal((await handler(get(device), contextOf()))?.code, "5.04");
  });

  test("tells that a server answers what cannot be forwarded (5.02)", async () => {
    const response = { ...coapAnswer("Content"), options: [{ number: 2050, value: new Uint8Array(0) }] };
    const handler = proxying(answering(() => Promise.resolve(response)));
    assert.equal((await handler(get(device), contextOf()))?.code, "5.02");
  });
});

describe("libcoap, with our proxy between", { skip: skipWithoutLibcoap() }, () => {
  test("its client gets what its server has", async () => {
    await using server = await startLibcoapServer("gnutls", ["-d", "10"]);
    await using proxy = await startProxy();
    const at = (path: string): string => `coap://127.0.0.1:${String(server.port)}/${path}`;
    assert.match(await runLibcoapClient("gnutls", ["-P", proxy.url, at("")]), /libcoap/);
    assert.match(await runLibcoapClient("openssl", ["-P", proxy.url, at("nowhere")]), /4\.04/);
  });

  test("its client gets a body in blocks from our server, and is refused where it may not go", async () => {
    await using server = coapServer({ resources: deviceResources() });
    const { url } = await server.listen({ port: 0 });
    await using proxy = await startProxy();
    await using closed = await startProxy({ allow: () => false });
    assert.equal(await runLibcoapClient("openssl", ["-P", proxy.url, `${url}/large`]), `${largeText}\n`);
    assert.match(await runLibcoapClient("gnutls", ["-P", closed.url, `${url}/large`]), /4\.03/);
  });
});
