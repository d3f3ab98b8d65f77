import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { TimeoutError, TransportError } from "@fairlead/core";
import { skipWithoutLibcoap, startLibcoapServer, unusedPort } from "@fairlead/conformance/peers";
import {
  coapAnswer,
  type CoapClient,
  coapClient,
  type CoapMethod,
  coapProblem,
  CoapReply,
  type CoapRequestOptions,
  type CoapResponse,
  coapServer,
  httpToCoap,
  type HttpToCoapOptions,
  resource,
} from "@fairlead/iot/coap";
import { parseCoapUri, writeOption } from "@fairlead/iot/coap/protocol";
import { serve } from "@fairlead/server";
import { createServer } from "coap";
import { deviceResources, largeText } from "../peers/device.ts";

interface Asked {
  readonly method: CoapMethod;
  readonly url: string;
  readonly options: CoapRequestOptions;
}

/** A client that gives one answer, and what it was asked. */
function clientThat(answer: () => CoapResponse): { client: HttpToCoapOptions["client"]; asked: Asked[] } {
  const asked: Asked[] = [];
  const request: CoapClient["request"] = (method, url, options = {}) => {
    asked.push({ method, url: String(url), options });
    return Promise.resolve().then(() => new CoapReply(parseCoapUri(String(url)), answer()));
  };
  return { client: { request }, asked };
}

const nobody = clientThat(() => assert.fail("nothing was to be asked")).client;
const open = { allow: () => true } as const;
const at = (path: string): string => `http://proxy.example${path}`;
/** Bytes as numbers, also in lists. */
function plainOf(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  return Array.isArray(value) ? value.map(plainOf) : value;
}
const problemOf = async (response: Response): Promise<unknown> => {
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  return ((await response.json()) as { title: unknown }).title;
};

describe("where HTTP is to go (RFC 8075 section 5.3)", () => {
  const targets: readonly (readonly [path: string, url: string | number])[] = [
    ["/hc/coap://device/sensors/temp", "coap://device/sensors/temp"],
    ["/hc/coap://device/a%2Fb?c=d&e", "coap://device/a%2Fb?c=d&e"],
    ["/hc/COAPS+TCP://Device:1/", "coaps+tcp://device:1/"],
    ["/hc/coap://[2001:db8::1]/a", "coap://[2001:db8::1]/a"],
    ["/hc/coap://%5B2001:db8::1%5D/%5Ba", "coap://[2001:db8::1]/%5Ba"],
    ["/elsewhere", 404],
    ["/hc", 404],
    ["/hc/../coap://device/", 404],
    ["/hc/", 400],
    ["/hc/http://host/", 400],
    ["/hc/coap://user@device/", 400],
    ["/hc/coap:///a", 400],
    ["/hc/coap://device:0/", 400],
    ["/hc/coap://device/%ff", 400],
    ["/hc/coap://224.0.1.187/.well-known/core", 403],
    ["/hc/coap://[ff02::fd]/", 403],
  ];
  for (const [path, url] of targets) {
    test(`${path} is ${url}`, async () => {
      const { client, asked } = clientThat(() => coapAnswer("Content", "x"));
      const response = await httpToCoap({ client, ...open })(new Request(at(path)));
      if (typeof url === "number") assert.deepEqual([response.status, asked], [url, []]);
      else assert.deepEqual([response.status, asked[0]?.url], [200, url]);
    });
  }

  test("may be another path", async () => {
    const { client, asked } = clientThat(() => coapAnswer("Created", "", { location: ["log", "7"] }));
    const response = await httpToCoap({ client, ...open, path: "/devices/" })(
      new Request(at("/devices/coap://device/log"), { method: "POST" }),
    );
    assert.deepEqual([asked[0]?.url, response.status], ["coap://device/log", 201]);
    assert.equal(response.headers.get("location"), "/devices/coap://device/log/7");
  });
});

describe("what HTTP asks of a device (RFC 8075)", () => {
  const asks: readonly (readonly [what: string, init: RequestInit, options: object])[] = [
    ["one media type that is accepted", { headers: { accept: "application/cbor" } }, { accept: 60 }],
    ["no Accept for several", { headers: { accept: "application/cbor, text/plain" } }, { accept: undefined }],
    ["no Accept for anything", { headers: { accept: "*/*" } }, { accept: undefined }],
    [
      "versions that the client has",
      { headers: { "if-none-match": '"0a0b", W/"0c", "xyz"' } },
      { eTags: [[10, 11], [12]] },
    ],
    ["a version that must be there", { method: "PUT", headers: { "if-match": '"0a"' } }, { ifMatch: [[10]] }],
    ["that there is any", { method: "PUT", headers: { "if-match": "*" } }, { ifMatch: [[]] }],
    ["that there is none", { method: "PUT", headers: { "if-none-match": "*" } }, { ifNoneMatch: true }],
    [
      "a body and its format",
      { method: "POST", body: "{}", headers: { "content-type": "application/json" } },
      { contentFormat: 50, body: [123, 125] },
    ],
    [
      "no fields of HTTP",
      { headers: { cookie: "a=b", authorization: "Basic eA==", "x-a": "b" } },
      { options: undefined },
    ],
  ];
  for (const [what, init, options] of asks) {
    test(`says ${what}`, async () => {
      const { client, asked } = clientThat(() => coapAnswer("Content", "x"));
      await httpToCoap({ client, ...open })(new Request(at("/hc/coap://device/"), init));
      const [said] = asked;
      assert(said);
      const plain = new Map(Object.entries(said.options).map(([key, value]) => [key, plainOf(value)]));
      for (const [key, value] of Object.entries(options)) assert.deepEqual(plain.get(key), value, key);
    });
  }

  const refusals: readonly (readonly [what: string, init: RequestInit, status: number])[] = [
    ["a method that devices have not", { method: "OPTIONS" }, 501],
    ["a body without a format", { method: "POST", body: "x", headers: { "content-type": "text/html" } }, 415],
    [
      "a body that is compressed",
      { method: "POST", body: "x", headers: { "content-type": "text/plain", "content-encoding": "gzip" } },
      415,
    ],
    [
      "a body that is too large",
      { method: "PUT", body: "x".repeat(101), headers: { "content-type": "text/plain" } },
      413,
    ],
    ["a version that no device has", { method: "PUT", headers: { "if-match": '"xyz"' } }, 412],
    ["a condition that CoAP has not", { method: "PUT", headers: { "if-none-match": '"0a"' } }, 501],
    ["what a page of another site changes", { method: "POST", headers: { "sec-fetch-site": "cross-site" } }, 403],
  ];
  for (const [what, init, status] of refusals) {
    test(`is refused by ${status}: ${what}`, async () => {
      const handler = httpToCoap({ client: nobody, ...open, maxBodyBytes: 100 });
      const response = await handler(new Request(at("/hc/coap://device/"), init));
      assert.equal(response.status, status);
      assert.equal(typeof (await problemOf(response)), "string");
    });
  }

  test("is refused by 403 without having been asked where it is not allowed", async () => {
    const asked: unknown[] = [];
    const handler = httpToCoap({
      client: nobody,
      allow: ({ uri, method }) => {
        asked.push([uri.host, method]);
        return false;
      },
    });
    assert.equal((await handler(new Request(at("/hc/coap://device/"), { method: "DELETE" }))).status, 403);
    assert.deepEqual(asked, [["device", "DELETE"]]);
  });
});

describe("what a device answers, in HTTP", () => {
  const answers: readonly (readonly [
    what: string,
    answer: CoapResponse,
    status: number,
    fields: object,
    body: string,
  ])[] = [
    [
      "content, its version and age",
      coapAnswer("Content", "21.5", { eTag: Uint8Array.of(1, 0xab), maxAge: 7 }),
      200,
      { "content-type": "text/plain;charset=utf-8", etag: '"01ab"', "cache-control": "max-age=7" },
      "21.5",
    ],
    [
      "a format without a name (section 6.2)",
      coapAnswer("Content", "x", { contentFormat: 4_711 }),
      200,
      { "content-type": "application/coap-payload;cf=4711" },
      "x",
    ],
    [
      "no format (section 6.2)",
      coapAnswer("Content", Uint8Array.of(0x78)),
      200,
      { "content-type": "application/octet-stream" },
      "x",
    ],
    [
      "a reason for people (section 6.6)",
      { code: "4.04", options: [], payload: new TextEncoder().encode("<script>") },
      404,
      { "content-type": "text/plain;charset=utf-8", "cache-control": "no-store", "x-content-type-options": "nosniff" },
      "<script>",
    ],
    [
      "that it has too much to do",
      { code: "5.03", options: [writeOption("maxAge", 30)], payload: new Uint8Array(0) },
      503,
      { "retry-after": "30", "content-type": null },
      "",
    ],
    ["a version that nobody has", { code: "2.03", options: [], payload: new Uint8Array(0) }, 502, {}, ""],
  ];
  for (const [what, answer, status, fields, body] of answers) {
    test(`says ${what}`, async () => {
      const { client } = clientThat(() => answer);
      const response = await httpToCoap({ client, ...open })(new Request(at("/hc/coap://device/")));
      assert.equal(response.status, status);
      for (const [name, value] of Object.entries(fields)) assert.equal(response.headers.get(name), value, name);
      if (body !== "") assert.equal(await response.text(), body);
    });
  }

  test("confirms the version that the client has, and HEAD has no body", async () => {
    const { client } = clientThat(() => coapAnswer("Valid", new Uint8Array(0), { eTag: Uint8Array.of(1) }));
    const request = new Request(at("/hc/coap://device/"), { headers: { "if-none-match": '"01"' } });
    const response = await httpToCoap({ client, ...open })(request);
    assert.deepEqual([response.status, response.headers.get("etag"), response.body], [304, '"01"', null]);
    const large = clientThat(() => coapAnswer("Content", largeText));
    const head = await httpToCoap({ client: large.client, ...open })(new Request(request.url, { method: "HEAD" }));
    assert.deepEqual([large.asked[0]?.method, head.status, head.body], ["GET", 200, null]);
  });

  test("keeps a device's own problem details as they are (RFC 9290)", async () => {
    const { client } = clientThat(() => coapProblem("Conflict", { title: { text: "open" } }));
    const response = await httpToCoap({ client, ...open })(new Request(at("/hc/coap://device/")));
    assert.equal(response.status, 409);
    assert.equal(response.headers.get("content-type"), "application/concise-problem-details+cbor");
  });

  const failures: readonly (readonly [error: Error, status: number])[] = [
    [new TimeoutError("response", { peer: "10.0.0.7:5683", operation: "request" }), 504],
    [new TransportError("CONNECTION_REFUSED", { peer: "10.0.0.7:5683", operation: "request" }), 502],
  ];
  for (const [error, status] of failures) {
    test(`is ${status} after ${error.name}, and names no address`, async () => {
      const { client } = clientThat(() => {
        throw error;
      });
      const response = await httpToCoap({ client, ...open })(new Request(at("/hc/coap://device/")));
      assert.equal(response.status, status);
      assert.doesNotMatch(await response.text(), /10\.0\.0\.7/);
    });
  }
});

describe("curl, our server, the cross proxy", () => {
  const run = promisify(execFile);
  const curl = async (...args: string[]): Promise<string> => (await run("curl", ["-sS", "-m", "20", ...args])).stdout;

  test("gets and puts bodies in blocks at our device, and asks for a part", async () => {
    const device = [
      ...deviceResources(),
      resource("lamp", { patch: ({ payload }) => coapAnswer("Changed", payload.slice(), { contentFormat: 52 }) }),
    ];
    await using origin = coapServer({ resources: device });
    const { url } = await origin.listen({ port: 0 });
    await using client = coapClient();
    await using server = await serve({ fetch: httpToCoap({ client, ...open }) });
    const base = `${server.url ?? ""}/hc/${url}`;
    assert.equal(await curl(`${base}/large`), largeText);
    const sent = ["-X", "PUT", "-H", "content-type: text/plain", "-d", largeText];
    assert.equal(await curl("-w", "%{http_code}", ...sent, `${base}/kept`), "204");
    assert.equal(await curl(`${base}/kept`), largeText);
    const patch = ["-X", "PATCH", "-H", "content-type: application/merge-patch+json", "-d", '{"on":true}'];
    assert.equal(await curl(...patch, `${base}/lamp`), '{"on":true}');
    assert.equal(await curl("-o", "/dev/null", "-w", "%{http_code}", `${base}/nowhere`), "404");
  });

  test("gets and puts at libcoap's server", { skip: skipWithoutLibcoap() }, async () => {
    await using device = await startLibcoapServer("gnutls", ["-d", "10"]);
    await using client = coapClient();
    await using server = await serve({ fetch: httpToCoap({ client, ...open }) });
    const base = `${server.url ?? ""}/hc/coap://127.0.0.1:${String(device.port)}`;
    assert.match(await curl(`${base}/`), /libcoap/);
    const put = ["-X", "PUT", "-H", "content-type: text/plain", "-d", "first", "-w", "%{http_code}"];
    assert.equal(await curl(...put, `${base}/new`), "201");
    assert.equal(await curl(`${base}/new`), "first");
    assert.equal(await curl("-X", "DELETE", "-w", "%{http_code}", `${base}/new`), "204");
    assert.equal(await curl("-o", "/dev/null", "-w", "%{http_code}", `${base}/new`), "404");
    assert.match(await curl("-i", `${base}/.well-known/core`), /content-type: application\/link-format/i);
  });

  test("gets from node-coap's server, and posts to it", async () => {
    const device = createServer((asked, answer) => {
      answer.setOption("Content-Format", "application/json");
      answer.end(JSON.stringify([asked.method, asked.url, asked.payload.toString()]));
    });
    const port = await unusedPort();
    await promisify((done: () => void) => device.listen(port, "127.0.0.1", done))();
    try {
      await using client = coapClient();
      await using server = await serve({ fetch: httpToCoap({ client, ...open }) });
      const base = `${server.url ?? ""}/hc/coap://127.0.0.1:${String(port)}`;
      assert.equal(await curl(`${base}/a?b=c`), '["GET","/a?b=c",""]');
      assert.equal(await curl("-H", "content-type: text/plain", "-d", "x", `${base}/a`), '["POST","/a","x"]');
    } finally {
      await promisify((done: () => void) => device.close(done))();
    }
  });
});
