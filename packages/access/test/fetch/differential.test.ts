import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import type { RequestListener, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { notingServer, ours, outcome, reference, type Implementation, type NotingServer } from "./both-fetches.ts";

/** What the server answers, by path. */
const answers: Record<string, (response: ServerResponse, query: URLSearchParams) => void> = {
  "/ok": (response) => response.end("ok"),
  "/reason": (response) => response.writeHead(200, "Fine by me").end(),
  "/status": (response, query) => {
    response.writeHead(Number(query.get("code"))).end("body");
  },
  "/fields": (response) => {
    response.setHeader("set-cookie", ["a=1", "b=2"]);
    response.setHeader("x-twice", ["one", "two"]);
    response.setHeader("x-latin", "caf\xe9");
    response.setHeader("content-type", "text/plain; charset=iso-8859-1");
    response.end("caf\xe9");
  },
  "/mark": (response) => response.end("\ufeff{}"),
  "/invalid": (response) => response.end(Buffer.from([0x61, 0xff, 0xc3, 0x62, 0xe2, 0x82])),
  "/redirect": (response, query) => {
    const location = query.get("to");
    if (location !== null) response.setHeader("location", location);
    const policy = query.get("policy");
    if (policy !== null) response.setHeader("referrer-policy", policy);
    response.writeHead(Number(query.get("code") ?? 302)).end("moved");
  },
  "/coded": (response, query) => {
    response.setHeader("content-encoding", query.get("coding") ?? "");
    response.end(coded(query.get("as") ?? query.get("coding") ?? "", Number(query.get("cut") ?? 0)));
  },
  "/cut": (response) => {
    response.writeHead(200, { "content-length": 10 });
    response.write("part", () => response.destroy());
  },
};

function coded(coding: string, cut: number): Buffer {
  const text = Buffer.from("some text, ".repeat(200));
  const whole = coding.split(",").reduce<Buffer>((bytes, one) => encode(one.trim().toLowerCase(), bytes), text);
  return whole.subarray(0, whole.length - cut);
}

function encode(coding: string, bytes: Buffer): Buffer {
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return gzipSync(bytes);
    case "br":
      return brotliCompressSync(bytes);
    case "zstd":
      return zstdCompressSync(bytes);
    case "deflate":
      return deflateSync(bytes);
    case "deflate-raw":
      return deflateRawSync(bytes);
    default:
      return bytes;
  }
}

const answer: RequestListener = (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://host");
  const respond = answers[pathname];
  if (respond === undefined) response.writeHead(404).end();
  else respond(response, searchParams);
};

type Run = (implementation: Implementation, origin: string, other: string) => Promise<Response>;

const cases: Record<string, Record<string, Run>> = {
  "what is asked for": {
    "a string": ({ fetch }, origin) => fetch(`${origin}/ok?x=1#fragment`),
    "a URL": ({ fetch }, origin) => fetch(new URL(`${origin}/ok`)),
    "something with a string": ({ fetch }, origin) => fetch({ toString: () => `${origin}/ok` } as unknown as string),
    "an empty query": ({ fetch }, origin) => fetch(`${origin}/ok?`),
    "an empty query and a fragment": ({ fetch }, origin) => fetch(`${origin}/ok?#f`),
    "a path that is no ASCII": ({ fetch }, origin) => fetch(`${origin}/ok?ä=ö`),
    "no host": ({ fetch }) => fetch("http://"),
    "a path alone": ({ fetch }) => fetch("/ok"),
    "another scheme": ({ fetch }) => fetch("ftp://127.0.0.1/"),
    "about:blank": ({ fetch }) => fetch("about:blank"),
    "a file": ({ fetch }) => fetch("file:///etc/hosts"),
    credentials: ({ fetch }, origin) => fetch(origin.replace("//", "//user:secret@")),
    "a port that is blocked": ({ fetch }) => fetch("http://127.0.0.1:25/"),
    "init that is null": ({ fetch }, origin) => fetch(`${origin}/ok`, null as unknown as RequestInit),
    "data: with text": ({ fetch }) => fetch("data:text/plain;charset=utf-8,hello%20there"),
    "data: in base64": ({ fetch }) => fetch("data:;base64,aGVsbG8="),
    "data: that is none": ({ fetch }) => fetch("data:nothing"),
    "a blob": ({ fetch }) => fetch(URL.createObjectURL(new Blob(["blob"], { type: "a/b" }))),
    "a part of a blob": ({ fetch }) =>
      fetch(URL.createObjectURL(new Blob(["0123456789"])), { headers: { range: "bytes=2-5" } }),
    "a blob that is not there": ({ fetch }) => fetch("blob:nodedata:00000000-0000-0000-0000-000000000000"),
  },
  methods: {
    ...Object.fromEntries(
      ["get", "Post", "put", "DELETE", "head", "options", "PATCH", "patch", "PROPFIND", "propfind"].map((method) => [
        method,
        ({ fetch }: Implementation, origin: string) => fetch(`${origin}/ok`, { method }),
      ]),
    ),
    ...Object.fromEntries(
      ["CONNECT", "trace", "TRACK", "a b", "", "GET\r\nX: y"].map((method) => [
        JSON.stringify(method),
        ({ fetch }: Implementation, origin: string) => fetch(`${origin}/ok`, { method }),
      ]),
    ),
  },
  fields: {
    "a record": ({ fetch }, origin) => fetch(`${origin}/ok`, { headers: { "X-A": " 1 ", accept: "a/b" } }),
    pairs: ({ fetch }, origin) =>
      fetch(`${origin}/ok`, {
        headers: [
          ["x-a", "1"],
          ["X-A", "2"],
          ["accept-language", "de"],
        ],
      }),
    "a Headers": ({ fetch, Headers }, origin) =>
      fetch(`${origin}/ok`, { headers: new Headers({ "user-agent": "own" }) }),
    "Latin-1": ({ fetch }, origin) => fetch(`${origin}/ok`, { headers: { "x-a": "caf\xe9" } }),
    "what is no Latin-1": ({ fetch }, origin) => fetch(`${origin}/ok`, { headers: { "x-a": "\u2603" } }),
    "a name that is none": ({ fetch }, origin) => fetch(`${origin}/ok`, { headers: { "a b": "1" } }),
    "a value with a line end": ({ fetch }, origin) => fetch(`${origin}/ok`, { headers: { a: "1\r\nb: 2" } }),
    "a Host of its own": ({ fetch }, origin) => fetch(`${origin}/ok`, { headers: { host: "other.example" } }),
    "a mode of its own": ({ fetch }, origin) => fetch(`${origin}/ok`, { headers: { "sec-fetch-mode": "x" } }),
    "codings of its own": ({ fetch }, origin) => fetch(`${origin}/ok`, { headers: { "accept-encoding": "br" } }),
    "a range": ({ fetch }, origin) => fetch(`${origin}/ok`, { headers: { range: "bytes=0-1" } }),
    "a cookie": ({ fetch }, origin) => fetch(`${origin}/ok`, { headers: { cookie: "a=1" } }),
    "a condition": ({ fetch }, origin) => fetch(`${origin}/ok`, { headers: { "if-none-match": '"x"' } }),
    "a content type of its own": ({ fetch }, origin) =>
      fetch(`${origin}/ok`, { method: "POST", body: "x", headers: { "content-type": "a/b" } }),
  },
  bodies: {
    text: ({ fetch }, origin) => fetch(`${origin}/ok`, { method: "POST", body: "täxt" }),
    "no text": ({ fetch }, origin) => fetch(`${origin}/ok`, { method: "POST", body: "" }),
    "half a character": ({ fetch }, origin) => fetch(`${origin}/ok`, { method: "POST", body: "a\ud800b" }),
    "a number": ({ fetch }, origin) => fetch(`${origin}/ok`, { method: "POST", body: 5 as unknown as string }),
    "an object": ({ fetch }, origin) => fetch(`${origin}/ok`, { method: "POST", body: {} as unknown as string }),
    bytes: ({ fetch }, origin) => fetch(`${origin}/ok`, { method: "PUT", body: new Uint8Array([1, 2, 255]) }),
    "a buffer": ({ fetch }, origin) => fetch(`${origin}/ok`, { method: "PUT", body: new Uint8Array([1, 2]).buffer }),
    "a view": ({ fetch }, origin) =>
      fetch(`${origin}/ok`, { method: "PUT", body: new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2) }),
    "a Blob": ({ fetch }, origin) => fetch(`${origin}/ok`, { method: "POST", body: new Blob(["b"], { type: "a/b" }) }),
    "a Blob without a type": ({ fetch }, origin) => fetch(`${origin}/ok`, { method: "POST", body: new Blob(["b"]) }),
    URLSearchParams: ({ fetch }, origin) =>
      fetch(`${origin}/ok`, { method: "POST", body: new URLSearchParams({ "a b": "ä&" }) }),
    "a form of text": ({ fetch, FormData }, origin) => {
      const body = new FormData();
      body.append('na"me\r\n', "line\nline\rline\r\nend");
      body.append("ä", "ö");
      return fetch(`${origin}/ok`, { method: "POST", body });
    },
    "a form with files": ({ fetch, FormData }, origin) => {
      const body = new FormData();
      body.append("before", "1");
      body.append("file", new File(["content"], 'na"me.txt', { type: "text/plain" }));
      body.append("blob", new Blob(["x"]));
      body.append("after", "2");
      return fetch(`${origin}/ok`, { method: "POST", body });
    },
    "an empty form": ({ fetch, FormData }, origin) => fetch(`${origin}/ok`, { method: "POST", body: new FormData() }),
    "a stream": ({ fetch }, origin) =>
      fetch(`${origin}/ok`, { method: "POST", body: new Blob(["stream"]).stream(), duplex: "half" }),
    "a stream without duplex": ({ fetch }, origin) =>
      fetch(`${origin}/ok`, { method: "POST", body: new Blob(["stream"]).stream() }),
    "a stream that is locked": ({ fetch }, origin) => {
      const body = new Blob(["stream"]).stream();
      body.getReader();
      return fetch(`${origin}/ok`, { method: "POST", body, duplex: "half" });
    },
    "a stream with keepalive": ({ fetch }, origin) =>
      fetch(`${origin}/ok`, { method: "POST", body: new Blob(["s"]).stream(), duplex: "half", keepalive: true }),
    "a stream that fails": ({ fetch }, origin) =>
      fetch(`${origin}/ok`, {
        method: "POST",
        body: new ReadableStream({
          pull(controller) {
            controller.error(new RangeError("the stream's own"));
          },
        }),
        duplex: "half",
      }),
    "a stream of objects": ({ fetch }, origin) =>
      fetch(`${origin}/ok`, {
        method: "POST",
        body: new ReadableStream({
          pull(controller) {
            controller.enqueue({} as Uint8Array);
            controller.close();
          },
        }),
        duplex: "half",
      }),
    "an iterable": ({ fetch }, origin) =>
      fetch(`${origin}/ok`, {
        method: "POST",
        body: (async function* () {
          yield await Promise.resolve(new TextEncoder().encode("iterated"));
        })(),
        duplex: "half",
      }),
    "a Readable": ({ fetch }, origin) =>
      fetch(`${origin}/ok`, { method: "POST", body: Readable.from([Buffer.from("read")]), duplex: "half" }),
    "null with POST": ({ fetch }, origin) => fetch(`${origin}/ok`, { method: "POST", body: null }),
    "none with PUT": ({ fetch }, origin) => fetch(`${origin}/ok`, { method: "PUT" }),
    "text with GET": ({ fetch }, origin) => fetch(`${origin}/ok`, { body: "x" }),
    "text with HEAD": ({ fetch }, origin) => fetch(`${origin}/ok`, { method: "HEAD", body: "x" }),
  },
  "a Request": {
    "of a URL": ({ fetch, Request }, origin) => fetch(new Request(`${origin}/ok#f`)),
    "with everything": ({ fetch, Request }, origin) =>
      fetch(
        new Request(`${origin}/ok`, {
          method: "POST",
          body: "text",
          headers: { "x-a": "1" },
          cache: "no-store",
          referrer: "https://127.0.0.1/from?q",
        }),
      ),
    "whose init says otherwise": ({ fetch, Request }, origin) =>
      fetch(new Request(`${origin}/ok`, { method: "POST", body: "text", headers: { a: "1" } }), {
        method: "PUT",
        body: "other",
        headers: { b: "2" },
      }),
    "whose fields are replaced": ({ fetch, Request }, origin) =>
      fetch(new Request(`${origin}/ok`, { method: "POST", body: "text", headers: { a: "1" } }), {
        headers: { b: "2" },
      }),
    "with bytes": ({ fetch, Request }, origin) =>
      fetch(new Request(`${origin}/ok`, { method: "POST", body: new Uint8Array(70_000) })),
    "with a stream": ({ fetch, Request }, origin) =>
      fetch(new Request(`${origin}/ok`, { method: "POST", body: new Blob(["s"]).stream(), duplex: "half" })),
    "that was read": async ({ fetch, Request }, origin) => {
      const request = new Request(`${origin}/ok`, { method: "POST", body: "text" });
      await request.text();
      return fetch(request);
    },
    "that is fetched twice": async ({ fetch, Request }, origin) => {
      const request = new Request(`${origin}/ok`, { method: "POST", body: "text" });
      await fetch(request);
      return fetch(request);
    },
    "that redirects with its body": ({ fetch, Request }, origin) =>
      fetch(new Request(`${origin}/redirect?code=307&to=/ok`, { method: "POST", body: "text" })),
    "that was aborted": ({ fetch, Request }, origin) =>
      fetch(new Request(`${origin}/ok`, { signal: AbortSignal.abort("why") })),
  },
  responses: {
    ...Object.fromEntries(
      [200, 201, 204, 205, 299, 304, 400, 404, 418, 500, 599].map((code) => [
        String(code),
        ({ fetch }: Implementation, origin: string) => fetch(`${origin}/status?code=${String(code)}`),
      ]),
    ),
    "a reason": ({ fetch }, origin) => fetch(`${origin}/reason`),
    fields: ({ fetch }, origin) => fetch(`${origin}/fields`),
    "a byte order mark": ({ fetch }, origin) => fetch(`${origin}/mark`),
    "what is no UTF-8": ({ fetch }, origin) => fetch(`${origin}/invalid`),
    "a body that is cut": ({ fetch }, origin) => fetch(`${origin}/cut`),
    HEAD: ({ fetch }, origin) => fetch(`${origin}/ok`, { method: "HEAD" }),
    "HEAD with a coding": ({ fetch }, origin) => fetch(`${origin}/coded?coding=gzip`, { method: "HEAD" }),
  },
  redirects: {
    ...Object.fromEntries(
      [301, 302, 303, 307, 308].flatMap((code) =>
        ["GET", "HEAD", "POST", "PUT", "DELETE"].map((method) => [
          `${String(code)} after ${method}`,
          ({ fetch }: Implementation, origin: string) =>
            fetch(`${origin}/redirect?code=${String(code)}&to=/ok`, {
              method,
              ...(method.startsWith("P") && { body: "body" }),
              headers: { "content-language": "en", "x-own": "1" },
            }),
        ]),
      ),
    ),
    "300 is none": ({ fetch }, origin) => fetch(`${origin}/redirect?code=300&to=/ok`),
    "without Location": ({ fetch }, origin) => fetch(`${origin}/redirect`),
    "to nowhere": ({ fetch }, origin) => fetch(`${origin}/redirect?to=http://`),
    "to another scheme": ({ fetch }, origin) => fetch(`${origin}/redirect?to=data:text/plain,x`),
    "to a port that is blocked": ({ fetch }, origin) => fetch(`${origin}/redirect?to=http://127.0.0.1:25/`),
    "to credentials": ({ fetch }, origin, other) =>
      fetch(`${origin}/redirect?to=${encodeURIComponent(other.replace("//", "//user:secret@"))}`),
    "to another origin, with secrets": ({ fetch }, origin, other) =>
      fetch(`${origin}/redirect?to=${other}/ok`, {
        headers: { authorization: "Bearer x", cookie: "a=1", "x-own": "1" },
      }),
    "to another origin and back": ({ fetch }, origin, other) =>
      fetch(`${origin}/redirect?to=${encodeURIComponent(`${other}/redirect?to=${origin}/ok`)}`),
    "in a circle": ({ fetch }, origin) => fetch(`${origin}/redirect?to=`),
    "with a form": ({ fetch, FormData }, origin) => {
      const body = new FormData();
      body.append("file", new Blob(["content"]), "name");
      return fetch(`${origin}/redirect?code=307&to=/ok`, { method: "POST", body });
    },
    "with a stream": ({ fetch }, origin) =>
      fetch(`${origin}/redirect?code=307&to=/ok`, { method: "POST", body: new Blob(["s"]).stream(), duplex: "half" }),
    "with a stream, after 303": ({ fetch }, origin) =>
      fetch(`${origin}/redirect?code=303&to=/ok`, { method: "POST", body: new Blob(["s"]).stream(), duplex: "half" }),
    "a fragment": ({ fetch }, origin) => fetch(`${origin}/redirect?to=/ok#f`),
    manual: ({ fetch }, origin) => fetch(`${origin}/redirect?to=/ok`, { redirect: "manual" }),
    error: ({ fetch }, origin) => fetch(`${origin}/redirect?to=/ok`, { redirect: "error" }),
    "error without Location": ({ fetch }, origin) => fetch(`${origin}/redirect`, { redirect: "error" }),
    "error without a redirect": ({ fetch }, origin) => fetch(`${origin}/ok`, { redirect: "error" }),
    "a value that is none": ({ fetch }, origin) => fetch(`${origin}/ok`, { redirect: "never" as "error" }),
  },
  codings: {
    ...Object.fromEntries(
      ["gzip", "x-gzip", "br", "zstd", "deflate", "identity", "unknown", "GZIP", "gzip, br", "gzip,unknown", ""].map(
        (coding) => [
          JSON.stringify(coding),
          ({ fetch }: Implementation, origin: string) => fetch(`${origin}/coded?coding=${encodeURIComponent(coding)}`),
        ],
      ),
    ),
    "deflate without its wrapping": ({ fetch }, origin) => fetch(`${origin}/coded?coding=deflate&as=deflate-raw`),
    "one that was not applied": ({ fetch }, origin) => fetch(`${origin}/coded?coding=gzip&as=none`),
    "too many": ({ fetch }, origin) => fetch(`${origin}/coded?coding=gzip,gzip,gzip,gzip,gzip,gzip`),
    ...Object.fromEntries(
      ["gzip", "br", "deflate"].map((coding) => [
        `${coding}, its end cut off`,
        ({ fetch }: Implementation, origin: string) => fetch(`${origin}/coded?cut=4&coding=${coding}`),
      ]),
    ),
  },
  "what is rarely asked": {
    ...Object.fromEntries(
      (["default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"] as const).map((cache) => [
        `cache ${cache}`,
        ({ fetch }: Implementation, origin: string) => fetch(`${origin}/ok`, { cache }),
      ]),
    ),
    "cache that is none": ({ fetch }, origin) => fetch(`${origin}/ok`, { cache: "x" as "default" }),
    "mode same-origin": ({ fetch }, origin) => fetch(`${origin}/ok`, { mode: "same-origin" }),
    "mode same-origin, to another": ({ fetch }, origin, other) =>
      fetch(`${origin}/redirect?to=${other}/ok`, { mode: "same-origin" }),
    "mode no-cors": ({ fetch }, origin) => fetch(`${origin}/ok`, { mode: "no-cors" }),
    "mode no-cors, to another": ({ fetch }, origin, other) =>
      fetch(`${origin}/redirect?to=${other}/ok`, { mode: "no-cors" }),
    "mode no-cors with PUT": ({ fetch }, origin) => fetch(`${origin}/ok`, { mode: "no-cors", method: "PUT" }),
    "mode navigate": ({ fetch }, origin) => fetch(`${origin}/ok`, { mode: "navigate" }),
    "credentials omit": ({ fetch }, origin) => fetch(`${origin}/ok`, { credentials: "omit" }),
    "a window": ({ fetch }, origin) => fetch(`${origin}/ok`, { window: {} as unknown as null }),
    "a window that is null": ({ fetch }, origin) => fetch(`${origin}/ok`, { window: null }),
    keepalive: ({ fetch }, origin) => fetch(`${origin}/ok`, { keepalive: true, method: "POST", body: "x" }),
    "a signal that is none": ({ fetch }, origin) => fetch(`${origin}/ok`, { signal: {} as AbortSignal }),
    "a signal that is null": ({ fetch }, origin) => fetch(`${origin}/ok`, { signal: null }),
    "a signal that has fired": ({ fetch }, origin) => fetch(`${origin}/ok`, { signal: AbortSignal.abort() }),
    "a signal that fired with nothing": ({ fetch }, origin) =>
      fetch(`${origin}/ok`, { signal: AbortSignal.abort(null) }),
    "duplex that is none": ({ fetch }, origin) => fetch(`${origin}/ok`, { duplex: "full" as "half" }),
    priority: ({ fetch }, origin) => fetch(`${origin}/ok`, { priority: "high" } as RequestInit),
    ...Object.fromEntries(
      [
        "sha256-zWoTZYQzB6Qi6vPs8LHZyQeBpa0V3pCaM26DsIA2PBY=",
        "sha256-AAAA",
        "sha256-AAAA sha384-AAAA",
        "md5-AAAA",
        "nonsense",
        "sha256-",
      ].map((integrity) => [
        `integrity ${integrity}`,
        ({ fetch }: Implementation, origin: string) => fetch(`${origin}/ok`, { integrity }),
      ]),
    ),
    "integrity of nothing": ({ fetch }, origin) => fetch(`${origin}/status?code=204`, { integrity: "sha256-AAAA" }),
  },
  referrers: {
    ...Object.fromEntries(
      (
        [
          "",
          "no-referrer",
          "no-referrer-when-downgrade",
          "origin",
          "strict-origin",
          "strict-origin-when-cross-origin",
          "unsafe-url",
        ] as const
      ).flatMap((referrerPolicy) =>
        ["https://user:secret@from.example/path?q#f", "http://from.example/path?q"].map((referrer) => [
          `${referrerPolicy}, from ${referrer}`,
          ({ fetch }: Implementation, origin: string) => fetch(`${origin}/ok`, { referrer, referrerPolicy }),
        ]),
      ),
    ),
    "of the same origin": ({ fetch }, origin) => fetch(`${origin}/ok`, { referrer: `${origin}/from?q#f` }),
    none: ({ fetch }, origin) => fetch(`${origin}/ok`, { referrer: "" }),
    "about:client": ({ fetch }, origin) => fetch(`${origin}/ok`, { referrer: "about:client" }),
    "no URL": ({ fetch }, origin) => fetch(`${origin}/ok`, { referrer: "nonsense" }),
    "a policy that is none": ({ fetch }, origin) =>
      fetch(`${origin}/ok`, { referrer: `${origin}/from`, referrerPolicy: "x" as "origin" }),
    "over redirects": ({ fetch }, origin, other) =>
      fetch(`${origin}/redirect?to=${other}/ok`, { referrer: `${origin}/from?q` }),
    "a redirect with a policy": ({ fetch }, origin, other) =>
      fetch(`${origin}/redirect?policy=unsafe-url&to=${other}/ok`, { referrer: `${origin}/from?q` }),
  },
};

/** Where ours does something else, and why. */
const departures: Record<string, string> = {
  "codings: too many": "its head is given out: it can be read, and who reads the body is told",
  "what is rarely asked: mode no-cors, to another":
    "an opaque response has neither URL nor fields (Fetch Standard section 2.2.6)",
};

let manager: NetworkAccessManager;
let server: NotingServer;
let other: NotingServer;
before(async () => {
  manager = await openNetworkAccessManager({ cookies: false, cache: false });
  server = await notingServer(answer);
  other = await notingServer(answer);
});
after(async () => {
  await manager.close();
  await server[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});

for (const [group, runs] of Object.entries(cases)) {
  describe(`manager.fetch and undici.fetch: ${group}`, () => {
    for (const [what, run] of Object.entries(runs)) {
      const reason = departures[`${group}: ${what}`];
      test(reason === undefined ? what : `${what}, but ${reason}`, async () => {
        const results = [];
        for (const implementation of [reference, ours(manager)]) {
          const result = await outcome(() => run(implementation, server.origin, other.origin));
          results.push({ result, seen: [...server.take(), ...other.take()] });
        }
        const [theirs, own] = results;
        if (reason === undefined) assert.deepEqual(own, theirs);
        else assert.notDeepEqual(own, theirs, "the departure is gone");
      });
    }
  });
}
