import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runLibcoapClient, skipWithoutLibcoap } from "@fairlead/conformance/peers";
import {
  coapAnswer,
  coapClient,
  type CoapHandler,
  type CoapRequest,
  coapServer,
  coapToHttp,
  type CoapToHttpOptions,
  resourceHandler,
} from "@fairlead/iot/coap";
import { readOption, writeOption } from "@fairlead/iot/coap/protocol";
import { serve } from "@fairlead/server";
import { contextOf } from "../context.ts";

const unasked: CoapHandler = () => assert.fail("nobody asked for what is behind the proxy");
const site = writeOption("proxyUri", "http://site.example/a?b=c");
const asking = (...options: CoapRequest["options"]): CoapRequest => ({
  ...{ code: "0.01", payload: new Uint8Array(0) },
  options: [site, ...options].sort((one, other) => one.number - other.number),
});

/** A proxy in front of one answer, and what it asked for. */
function proxyOf(
  answer: () => Response,
  options: Partial<CoapToHttpOptions> = {},
): { handler: CoapHandler; asked: { url: string; init: RequestInit }[] } {
  const asked: { url: string; init: RequestInit }[] = [];
  const fetch: CoapToHttpOptions["fetch"] = (url, init) => {
    asked.push({ url, init });
    return Promise.resolve().then(answer);
  };
  return { handler: coapToHttp({ fetch, allow: () => true, ...options })(unasked), asked };
}

describe("CoAP brought to HTTP (RFC 7252 section 10.1)", () => {
  test("asks without following redirects and without cookies", async () => {
    const { handler, asked } = proxyOf(() => new Response("x"));
    await handler(asking(), contextOf());
    const [{ url, init } = assert.fail("nothing was asked")] = asked;
    assert.deepEqual(
      [url, init.method, init.body, init.redirect, init.credentials],
      ["http://site.example/a?b=c", "GET", null, "manual", "omit"],
    );
  });

  const fields: readonly (readonly [what: string, request: CoapRequest, fields: Readonly<Record<string, string>>])[] = [
    ["a format that is accepted", asking(writeOption("accept", 50)), { accept: "application/json" }],
    [
      "the format of a body",
      { ...asking(writeOption("contentFormat", 4_711)), code: "0.02", payload: Uint8Array.of(1) },
      { "content-type": "application/coap-payload;cf=4711" },
    ],
    ["versions that a client has", asking(writeOption("eTag", Buffer.from("v1"))), { "if-none-match": '"v1"' }],
    ["no version that HTTP cannot say", asking(writeOption("eTag", Uint8Array.of(10))), {}],
    ["a version that must be there", asking(writeOption("ifMatch", Buffer.from("v1"))), { "if-match": '"v1"' }],
    ["one that cannot be", asking(writeOption("ifMatch", Uint8Array.of(34))), { "if-match": '""' }],
    ["that there is any", asking(writeOption("ifMatch", new Uint8Array(0))), { "if-match": "*" }],
    ["that there is none", asking(writeOption("ifNoneMatch", new Uint8Array(0))), { "if-none-match": "*" }],
    ["nothing else", asking({ number: 65_000, value: Buffer.from("a: b\r\nc: d") }), {}],
  ];
  for (const [what, request, wanted] of fields) {
    test(`says ${what}`, async () => {
      const { handler, asked } = proxyOf(() => new Response("x"));
      await handler(request, contextOf());
      assert.deepEqual(Object.fromEntries(new Headers(asked[0]?.init.headers)), wanted);
    });
  }

  test("tells content, its format, version and age", async () => {
    const headers = { "content-type": "application/json", etag: '"v1"', "cache-control": "max-age=60", age: "20" };
    const { handler } = proxyOf(() => new Response("{}", { headers }));
    const answer = await handler(asking(), contextOf());
    assert(answer);
    assert.deepEqual([answer.code, Buffer.from(answer.payload).toString()], ["2.05", "{}"]);
    assert.deepEqual([readOption(answer, "contentFormat"), readOption(answer, "maxAge")], [50, 40]);
    assert.deepEqual(Buffer.from(readOption(answer, "eTag") ?? []).toString(), "v1");
  });

  const answers: readonly (readonly [what: string, answer: () => Response, code: string, payload: string])[] = [
    [
      "a page, without a format",
      () => new Response("<p>", { headers: { "content-type": "text/html" } }),
      "2.05",
      "<p>",
    ],
    ["that a version is right", () => new Response(null, { status: 304 }), "2.03", ""],
    ["a redirect as 5.02", () => new Response(null, { status: 302, headers: { location: "/b" } }), "5.02", ""],
    [
      "an error, without its page",
      () => new Response("<p>", { status: 404, headers: { "content-type": "text/html" } }),
      "4.04",
      "",
    ],
    [
      "that a site cannot be reached",
      () => {
        throw new TypeError("fetch failed");
      },
      "5.02",
      "Bad Gateway",
    ],
    ["that there is too much", () => new Response("x".repeat(101)), "5.02", "the answer is too large"],
  ];
  for (const [what, given, code, payload] of answers) {
    test(`tells ${what}`, async () => {
      const { handler } = proxyOf(given, { maxBodyBytes: 100 });
      const answer = await handler(asking(), contextOf());
      assert.deepEqual([answer?.code, Buffer.from(answer?.payload ?? []).toString()], [code, payload]);
    });
  }

  const refusals: readonly (readonly [what: string, request: CoapRequest, code: string])[] = [
    ["FETCH, which HTTP has not", { ...asking(), code: "0.05" }, "5.01"],
    ["a critical option that is not known", asking({ number: 65_001, value: new Uint8Array(0) }), "4.02"],
    ["what OSCORE protects for a CoAP server", asking(writeOption("oscore", new Uint8Array(0))), "4.02"],
  ];
  for (const [what, request, code] of refusals) {
    test(`refuses ${what}`, async () => {
      const { handler, asked } = proxyOf(() => new Response("x"));
      assert.equal((await handler(request, contextOf()))?.code, code);
      assert.deepEqual(asked, []);
    });
  }

  test("asks for nothing that it is not allowed to, and not for a group", async () => {
    const { handler, asked } = proxyOf(() => new Response("x"), {
      allow: ({ url, method }) => `${method} ${url.host}` === "PUT site.example",
    });
    assert.equal((await handler(asking(), contextOf()))?.code, "4.03");
    assert.equal(await handler(asking(), contextOf({ isMulticast: true })), undefined);
    assert.deepEqual(asked, []);
  });

  test("leaves to what is behind it what is no HTTP", async () => {
    const handler = coapToHttp({ fetch: () => assert.fail(), allow: () => true })(() => coapAnswer("Content", "own"));
    const answer = await handler({ ...asking(), options: [] }, contextOf());
    assert.equal(answer?.code, "2.05");
  });

  test("brings libcoap's client to our HTTP server", { skip: skipWithoutLibcoap() }, async () => {
    await using http = await serve({ fetch: (request) => new Response(`hello ${new URL(request.url).pathname}`) });
    const handler = coapToHttp({ fetch: (url, init) => fetch(url, init), allow: () => true })(resourceHandler([]));
    await using server = coapServer({ handler });
    const { url } = await server.listen({ port: 0 });
    await using client = coapClient();
    const options = [writeOption("proxyUri", `${http.url ?? ""}/device`)];
    assert.equal((await client.get(url, { options })).text(), "hello /device");
    assert.equal(await runLibcoapClient("gnutls", ["-P", url, `${http.url ?? ""}/libcoap`]), "hello /libcoap\n");
  });
});
