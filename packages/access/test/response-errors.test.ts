import { once } from "node:events";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture } from "./network-fixture.ts";
import { answering, response, scriptedServer } from "./scripted-server.ts";
import {
  check,
  checkBoth,
  failure,
  failures,
  late,
  REQUEST,
  SECRET,
  watchStrayRejections,
  type Expected,
} from "./typed-failure.ts";

const fixture = networkFixture();
watchStrayRejections();

const missing: Expected = { code: "RESPONSE_MISSING", name: "ProtocolError" };
const truncated: Expected = { code: "RESPONSE_TRUNCATED", name: "ProtocolError" };
const reset: Expected = { code: "CONNECTION_RESET", name: "TransportError" };
const malformed: Expected = { code: "RESPONSE_MALFORMED", name: "ProtocolError" };
const tooLarge: Expected = { code: "RESPONSE_HEADERS_TOO_LARGE", name: "ProtocolError" };
const coding: Expected = { code: "CONTENT_CODING_INVALID", name: "ProtocolError" };

describe("responses that break off or break the rules give one typed error", { concurrency: 8 }, () => {
  const table: [path: string, expected: Expected][] = [
    ["/cut/before-response", missing],
    ["/cut/status-line", { ...missing, detail: /broke off within the head/ }],
    ["/cut/headers", { ...missing, detail: /broke off within the head/ }],
    ["/cut/body?after=10&of=100", truncated],
    ["/cut/body?after=0&of=100", truncated],
    ["/cut/chunked?after=10", truncated],
    ["/cut/chunk", truncated],
    ["/reset/before-response", reset],
    ["/reset/status-line", reset],
    ["/reset/headers", reset],
    ["/reset/body?after=10&of=100", reset],
    ["/reset/chunked?after=10", reset],
    ["/length/short", truncated],
    ["/length/conflict", malformed],
    ["/length/invalid", malformed],
    ["/length/negative", malformed],
    ["/length/overflow", malformed],
    ["/length/both", malformed],
    ["/malformed/status-word", malformed],
    ["/malformed/status-short", malformed],
    ["/malformed/status-long", malformed],
    ["/malformed/status-missing", malformed],
    ["/malformed/version", malformed],
    ["/malformed/field-colon", malformed],
    ["/malformed/field-space", malformed],
    ["/malformed/field-name", malformed],
    ["/malformed/field-name-empty", malformed],
    ["/malformed/field-nul", malformed],
    ["/malformed/obs-fold", malformed],
    ["/malformed/obs-fold-first", malformed],
    ["/malformed/bare-lf", malformed],
    ["/malformed/bare-cr", malformed],
    ["/malformed/not-http", malformed],
    ["/malformed/http-0.9", malformed],
    ["/malformed/binary", malformed],
    ["/malformed/chunk-size", malformed],
    ["/malformed/chunk-overflow", malformed],
    ["/malformed/chunk-long", malformed],
    ["/malformed/chunk-line-end", malformed],
    ["/malformed/chunk-trailer", malformed],
    ["/headers/size/64", tooLarge],
    ["/headers/count/2000", tooLarge],
    ["/stall/response", late("response")],
    ["/stall/headers", late("response")],
    ["/stall/body?after=10", late("body")],
    ["/stall/chunked?after=10", late("body")],
  ];
  for (const [path, expected] of table) {
    test(`${path}: ${expected.code}`, async () => {
      const url = `${fixture.network.https.origin}${path}${path.includes("?") ? "&" : "?"}token=${SECRET}`;
      await checkBoth(fixture.open, url, expected);
    });
  }

  test("in the clear a cut is told from a whole body, too", async () => {
    const { origin } = fixture.network.http;
    await checkBoth(fixture.open, `${origin}/cut/body?after=10&of=100`, truncated);
    await checkBoth(fixture.open, `${origin}/reset/before-response`, reset);
  });

  test("what is unusual and allowed is no error", async () => {
    await using manager = await fixture.open();
    const { origin } = fixture.network.https;
    const table: [path: string, body: string][] = [
      ["/length/repeated", "hello"],
      ["/length/list", "hello"],
      ["/length/none", "ends here\n"],
      ["/length/http-1.0", "ends here\n"],
      ["/malformed/reason-missing", "hello"],
      ["/malformed/reason-empty", "hello"],
      ["/malformed/leading-crlf", "hello"],
      ["/malformed/chunk-extension", "hello"],
      ["/malformed/interim", "hello"],
    ];
    for (const [path, body] of table) {
      assert.equal(await (await manager.request(origin + path)).text(), body, path);
      assert.equal(await (await manager.fetch(origin + path)).text(), body, path);
    }
  });

  test("bytes of a response that is not HTTP are not printed with the error", async () => {
    await using server = await scriptedServer(answering((_, socket) => void socket.end(`SSH-2.0-${SECRET}\r\n`)));
    await checkBoth(fixture.open, server.origin, malformed);
  });
});

describe("content codings that do not fit the body", () => {
  for (const path of ["wrong/gzip", "wrong/deflate", "wrong/br", "wrong/zstd"]) {
    test(`/compress/${path}`, async () => {
      const { origin, peer } = secure();
      const errors = await failures(fixture.open, `${origin}/compress/${path}?token=${SECRET}`);
      check(errors.request, coding, peer);
      assert.ok(errors.request.cause instanceof Error);
      assert.ok(errors.fetch instanceof TypeError);
      check(errors.fetch, { ...coding, name: "FetchError" }, peer);
    });
  }
  for (const path of ["truncated/gzip", "truncated/deflate", "truncated/br", "truncated/zstd", "unknown"]) {
    test(`/compress/${path} (request; browsers, and so fetch, take what there is)`, async () => {
      const { origin, peer } = secure();
      await using manager = await fixture.open();
      const reply = await manager.request(`${origin}/compress/${path}?token=${SECRET}`, REQUEST);
      check(await failure(() => reply.text()), coding, peer);
    });
  }

  test("more than five codings", async () => {
    const codings = "gzip, gzip, gzip, gzip, gzip, gzip";
    await using server = await scriptedServer(answering(() => response("x", `Content-Encoding: ${codings}`)));
    await using manager = await fixture.open();
    const reply = await manager.request(server.origin);
    check(await failure(() => reply.bytes()), { ...coding, detail: /6 codings/ }, `127.0.0.1:${String(server.port)}`);
  });

  test("the wrong coding is what is told of a body that has not ended, and its connection is closed", async () => {
    await using server = await scriptedServer(
      answering(() => "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\nContent-Encoding: gzip\r\n\r\nno gzip at all"),
    );
    await using manager = await fixture.open();
    const reply = await manager.request(server.origin);
    check(await failure(() => reply.text()), coding, `127.0.0.1:${String(server.port)}`);
    const socket = await server.connection(1);
    if (!socket.destroyed) await once(socket, "close");
  });

  function secure(): { readonly origin: string; readonly peer: string } {
    const { origin, host, port } = fixture.network.https;
    return { origin, peer: new URL(origin).host || `${host}:${String(port)}` };
  }
});
