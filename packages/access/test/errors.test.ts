import { isCodedError, type CodedError } from "@fairlead/core";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { inspect } from "node:util";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  codedCauseOf,
  openNetworkAccessManager,
  type FetchInit,
  type RequestOptions,
  type Timeouts,
} from "@fairlead/access";
import type { TlsBackend, TlsSocket } from "@fairlead/tls";
import { nodeTls } from "@fairlead/tls/node";
import { networkFixture } from "./network-fixture.ts";
import { answering, response, scriptedServer } from "./scripted-server.ts";

const fixture = networkFixture();
/** In path, query, field and body of every request here, and in no message. */
const SECRET = "s3cr3t-5a1t";

/** What one way of asking fails with. */
interface Expected {
  readonly code: string;
  readonly name: string;
  /** Of a TimeoutError. */
  readonly phase?: keyof Timeouts;
  readonly detail?: RegExp;
}

const missing: Expected = { code: "RESPONSE_MISSING", name: "ProtocolError" };
const truncated: Expected = { code: "RESPONSE_TRUNCATED", name: "ProtocolError" };
const reset: Expected = { code: "CONNECTION_RESET", name: "TransportError" };
const malformed: Expected = { code: "RESPONSE_MALFORMED", name: "ProtocolError" };
const tooLarge: Expected = { code: "RESPONSE_HEADERS_TOO_LARGE", name: "ProtocolError" };
const coding: Expected = { code: "CONTENT_CODING_INVALID", name: "ProtocolError" };
const late = (phase: keyof Timeouts): Expected => ({ code: "TIMED_OUT", name: "TimeoutError", phase });
const tls = (code: string): Expected => ({ code, name: "TlsError" });

/** Where the error comes: with the head, or while the body is read. */
type Point = "head" | "body";

let strayRejections = 0;
const countStray = (): void => {
  strayRejections += 1;
};
before(() => {
  process.on("unhandledRejection", countStray);
});
after(() => {
  process.off("unhandledRejection", countStray);
  assert.equal(strayRejections, 0, "every rejection had someone to hear it");
});

const REQUEST = {
  method: "PUT",
  headers: { authorization: `Bearer ${SECRET}`, "x-api-key": SECRET },
  body: `{"password":"${SECRET}"}`,
};

/** Asks in both ways, and returns what `request` and then what `fetch` failed with. */
async function failures(
  url: string,
  options: RequestOptions = REQUEST,
  phase?: keyof Timeouts,
): Promise<{ request: unknown; fetch: unknown }> {
  await using manager = await fixture.open({ timeouts: phase === undefined ? {} : { [phase]: 50 } });
  const request = await failure(async () => (await manager.request(url, options)).bytes());
  const fetch = await failure(async () => (await manager.fetch(url, options as unknown as FetchInit)).bytes());
  return { request, fetch };
}

async function failure(run: () => Promise<unknown>): Promise<unknown> {
  return run().then(
    (result) => assert.fail(`it succeeded: ${inspect(result)}`),
    (error: unknown) => error,
  );
}

function check(error: unknown, expected: Expected, peer: string | undefined): asserts error is CodedError {
  assert.ok(isCodedError(error), inspect(error));
  const { code, name, remedy } = error;
  assert.deepEqual({ code, name }, { code: expected.code, name: expected.name }, inspect(error));
  assert.equal(error.peer, peer);
  assert.notEqual(remedy, "");
  assert.ok(error.message.endsWith(remedy));
  assert.match(error.message, /^[a-z0-9]/, "starts in lower case");
  if (peer !== undefined) assert.ok(error.message.includes(peer), error.message);
  if (expected.phase !== undefined) assert.equal((error as { phase?: string }).phase, expected.phase);
  if (expected.detail !== undefined) assert.match(error.message, expected.detail);
  assertNoSecret(error);
}

function assertNoSecret(error: unknown): void {
  assert.ok(!inspect(error, { depth: 10 }).includes(SECRET), inspect(error));
  for (let at = error; at instanceof Error; at = at.cause) assert.ok(!at.message.includes(SECRET), at.message);
}

/** Both ways fail with the same typed error, `fetch` as the Fetch Standard has it. */
async function checkBoth(url: string, expected: Expected, point: Point): Promise<void> {
  const { host } = new URL(url);
  const errors = await failures(url, REQUEST, expected.phase);
  check(errors.request, expected, host);
  assert.ok(errors.request.cause !== undefined || isWithoutCause(expected), "the cause is kept");

  assert.ok(errors.fetch instanceof TypeError, inspect(errors.fetch));
  assertNoSecret(errors.fetch);
  if (point === "head") check(errors.fetch, { code: expected.code, name: "FetchError" }, host);
  else assert.equal(errors.fetch.message, "terminated");
  const coded = codedCauseOf(point === "head" ? errors.fetch.cause : errors.fetch);
  check(coded, expected, host);
}

/** Found by Fairlead itself, with nothing below that failed. */
function isWithoutCause({ code, phase }: Expected): boolean {
  return phase === "connect" || phase === "secure" || /^CERTIFICATE_|^TLS_CLOSED/.test(code);
}

describe("responses that break off or break the rules give one typed error", { concurrency: 8 }, () => {
  const table: [path: string, expected: Expected, point: Point][] = [
    ["/cut/before-response", missing, "head"],
    ["/cut/status-line", { ...missing, detail: /broke off within the head/ }, "head"],
    ["/cut/headers", { ...missing, detail: /broke off within the head/ }, "head"],
    ["/cut/body?after=10&of=100", truncated, "body"],
    ["/cut/body?after=0&of=100", truncated, "body"],
    ["/cut/chunked?after=10", truncated, "body"],
    ["/cut/chunk", truncated, "body"],
    ["/reset/before-response", reset, "head"],
    ["/reset/status-line", reset, "head"],
    ["/reset/headers", reset, "head"],
    ["/reset/body?after=10&of=100", reset, "body"],
    ["/reset/chunked?after=10", reset, "body"],
    ["/length/short", truncated, "body"],
    ["/length/conflict", malformed, "head"],
    ["/length/repeated", malformed, "head"],
    ["/length/list", malformed, "head"],
    ["/length/invalid", malformed, "head"],
    ["/length/negative", malformed, "head"],
    ["/length/overflow", malformed, "head"],
    ["/length/both", malformed, "head"],
    ["/malformed/status-word", malformed, "head"],
    ["/malformed/status-short", malformed, "head"],
    ["/malformed/status-long", malformed, "head"],
    ["/malformed/status-missing", malformed, "head"],
    ["/malformed/version", malformed, "head"],
    ["/malformed/field-colon", malformed, "head"],
    ["/malformed/field-space", malformed, "head"],
    ["/malformed/field-name", malformed, "head"],
    ["/malformed/field-name-empty", malformed, "head"],
    ["/malformed/field-nul", malformed, "head"],
    ["/malformed/obs-fold", malformed, "head"],
    ["/malformed/obs-fold-first", malformed, "head"],
    ["/malformed/bare-lf", malformed, "head"],
    ["/malformed/bare-cr", malformed, "head"],
    ["/malformed/not-http", malformed, "head"],
    ["/malformed/http-0.9", malformed, "head"],
    ["/malformed/binary", malformed, "head"],
    ["/malformed/chunk-size", malformed, "body"],
    ["/malformed/chunk-overflow", malformed, "body"],
    ["/malformed/chunk-long", malformed, "body"],
    ["/malformed/chunk-line-end", malformed, "body"],
    ["/malformed/chunk-trailer", malformed, "body"],
    ["/headers/size/64", tooLarge, "head"],
    ["/headers/count/2000", tooLarge, "head"],
    ["/stall/response", late("response"), "head"],
    ["/stall/headers", late("response"), "head"],
    ["/stall/body?after=10", late("body"), "body"],
    ["/stall/chunked?after=10", late("body"), "body"],
  ];
  for (const [path, expected, point] of table) {
    test(`${path}: ${expected.code}`, async () => {
      const url = `${fixture.network.https.origin}${path}${path.includes("?") ? "&" : "?"}token=${SECRET}`;
      await checkBoth(url, expected, point);
    });
  }

  test("in the clear a cut is told from a whole body, too", async () => {
    const { origin } = fixture.network.http;
    await checkBoth(`${origin}/cut/body?after=10&of=100`, truncated, "body");
    await checkBoth(`${origin}/reset/before-response`, reset, "head");
  });

  test("what is unusual and allowed is no error", async () => {
    await using manager = await fixture.open();
    const { origin } = fixture.network.https;
    const table: [path: string, body: string][] = [
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
    await checkBoth(server.origin, malformed, "head");
  });
});

describe("content codings that do not fit the body", () => {
  for (const path of ["wrong/gzip", "wrong/deflate", "wrong/br", "wrong/zstd"]) {
    test(`/compress/${path}`, async () => {
      const { origin, peer } = secure();
      const errors = await failures(`${origin}/compress/${path}?token=${SECRET}`);
      check(errors.request, coding, peer);
      assert.ok(errors.request.cause instanceof Error);
      // The Fetch Standard's own decoding; the engine knows no code of ours.
      assert.ok(errors.fetch instanceof TypeError);
      assert.equal(errors.fetch.message, "terminated");
      assertNoSecret(errors.fetch);
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

describe("connections that cannot be had", () => {
  const table = [
    ["https-expired", tls("CERTIFICATE_EXPIRED")],
    ["https-not-yet-valid", tls("CERTIFICATE_NOT_YET_VALID")],
    ["https-wrong-host", tls("CERTIFICATE_HOST_MISMATCH")],
    ["https-self-signed", tls("CERTIFICATE_SELF_SIGNED")],
    ["https-untrusted-root", tls("CERTIFICATE_ISSUER_UNKNOWN")],
    ["https-incomplete-chain", tls("CERTIFICATE_ISSUER_UNKNOWN")],
    ["https-client-certificate", tls("CLIENT_CERTIFICATE_REQUIRED")],
    ["http", tls("TLS_NOT_SPOKEN")],
    ["tcp-echo", tls("TLS_NOT_SPOKEN")],
    ["tcp-close", tls("TLS_CLOSED_IN_HANDSHAKE")],
    ["tcp-silent", late("secure")],
  ] as const;
  for (const [listener, expected] of table) {
    test(`https to the listener ${listener}: ${expected.code}`, async () => {
      const { port } = fixture.network.listener(listener);
      await checkBoth(`https://localhost:${String(port)}/${SECRET}?token=${SECRET}`, expected, "head");
    });
  }

  test("https to a listener that resets at once", async () => {
    // Heard before or after the connection is called established.
    const { port } = fixture.network.listener("tcp-reset");
    const errors = await failures(`https://localhost:${String(port)}/${SECRET}`);
    for (const error of [errors.request, codedCauseOf((errors.fetch as Error).cause)]) {
      assert.ok(isCodedError(error));
      assert.match(error.code, /^(?:CONNECTION_RESET|TLS_CLOSED_IN_HANDSHAKE)$/);
      assertNoSecret(error);
    }
  });

  const plain: [listener: "https" | "tcp-echo" | "tcp-close" | "tcp-reset" | "tcp-silent", expected: Expected][] = [
    ["tcp-echo", malformed],
    ["tcp-close", missing],
    ["tcp-reset", reset],
    ["tcp-silent", late("response")],
  ];
  for (const [listener, expected] of plain) {
    test(`http to the listener ${listener}: ${expected.code}`, async () => {
      const { port } = fixture.network.listener(listener);
      await checkBoth(`http://localhost:${String(port)}/${SECRET}?token=${SECRET}`, expected, "head");
    });
  }

  test("http to a port that speaks TLS", async () => {
    // OpenSSL answers with an alert, or Node closes without a word: both are no response.
    const { port } = fixture.network.https;
    const errors = await failures(`http://localhost:${String(port)}/${SECRET}`);
    for (const error of [errors.request, codedCauseOf((errors.fetch as Error).cause)]) {
      assert.ok(isCodedError(error));
      assert.match(error.code, /^(?:RESPONSE_MISSING|RESPONSE_MALFORMED|CONNECTION_RESET)$/);
      assertNoSecret(error);
    }
  });

  test("nobody listens", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    const refused: Expected = { code: "CONNECTION_REFUSED", name: "TransportError" };
    await checkBoth(`http://127.0.0.1:${String(port)}/${SECRET}`, refused, "head");
    await checkBoth(`https://127.0.0.1:${String(port)}/${SECRET}`, refused, "head");
  });

  test("the name does not exist", async () => {
    await checkBoth(
      `https://nowhere.invalid:4711/${SECRET}`,
      { code: "NAME_NOT_FOUND", name: "TransportError" },
      "head",
    );
  });

  test("the name server gives no answer", async () => {
    await using manager = await fixture.open({
      lookup: (hostname, _options, callback) => {
        process.nextTick(
          callback,
          Object.assign(new Error(`getaddrinfo EAI_AGAIN ${hostname}`), { code: "EAI_AGAIN" }),
        );
      },
    });
    const url = `https://a.example:4711/${SECRET}`;
    const expected: Expected = { code: "NAME_LOOKUP_FAILED", name: "TransportError" };
    check(await failure(() => manager.request(url)), expected, "a.example:4711");
    const error = await failure(() => manager.fetch(url));
    check(error, { ...expected, name: "FetchError" }, "a.example:4711");
    check(error.cause, expected, "a.example:4711");
  });

  test("the name is never resolved: phase connect", async () => {
    await using manager = await fixture.open({ timeouts: { connect: 50 }, lookup: () => undefined });
    check(await failure(() => manager.request("https://a.example/")), late("connect"), "a.example:443");
  });

  test("a server that talks before it is asked", async () => {
    await using server = await scriptedServer((socket) => void socket.write(response("too early")));
    await using manager = await fixture.open({ tls: { backend: eagerBackend() } });
    const { port } = server;
    // The engine drops such a connection and opens another, for as long as it is let.
    const expected: Expected = { ...malformed, detail: /bytes before any request/ };
    check(
      await failure(() => manager.request(`https://127.0.0.1:${String(port)}/`)),
      expected,
      `127.0.0.1:${String(port)}`,
    );
    assert.equal(server.connections.length, 2);
  });
});

/** Secures nothing, and waits until the peer has said something. */
function eagerBackend(): TlsBackend {
  return {
    ...nodeTls,
    connect: async (below) => {
      await once(below, "readable");
      return Object.assign(below, {
        encrypted: true,
        authorized: true,
        alpnProtocol: "http/1.1",
        getProtocol: () => "TLSv1.3",
        getCipher: () => ({ name: "none" }),
        getPeerX509Certificate: () => undefined,
        isSessionReused: () => false,
      }) as unknown as TlsSocket;
    },
  };
}

describe("the caller's own mistakes are a TypeError before any I/O", () => {
  const table: [url: string, code: string][] = [
    ["", "URL_INVALID"],
    ["/path", "URL_INVALID"],
    ["https://", "URL_INVALID"],
    ["https://a b/", "URL_INVALID"],
    ["http://[::1", "URL_INVALID"],
    ["http://a.example:99999/", "URL_INVALID"],
    ["https://user:s3cr3t-5a1t@a b/", "URL_INVALID"],
    ["ftp://a.example/", "URL_SCHEME_UNKNOWN"],
    ["ws://a.example/", "URL_SCHEME_UNKNOWN"],
    ["javascript:alert(1)", "URL_SCHEME_UNKNOWN"],
    ["https://user:s3cr3t-5a1t@a.example/", "URL_USER_INFORMATION"],
    ["https://s3cr3t-5a1t@a.example/", "URL_USER_INFORMATION"],
  ];
  for (const [url, code] of table) {
    test(`${JSON.stringify(url)}: ${code}`, async () => {
      await using manager = await openNetworkAccessManager();
      for (const run of [() => manager.request(url), () => manager.fetch(url)]) {
        const error = await failure(run);
        assert.ok(error instanceof TypeError && isCodedError(error), inspect(error));
        assert.equal(error.code, code);
        assert.match(error.message, /^[a-z]/);
        assertNoSecret(error);
      }
    });
  }

  const requests: [what: string, options: RequestOptions, code: string][] = [
    ["a field name with a space", { headers: { "x a": SECRET } }, "HEADER_INVALID"],
    ["a line break in a field value", { headers: { "x-a": `${SECRET}\r\nx-b: 1` } }, "HEADER_INVALID"],
    ["a NUL in a field value", { headers: { "x-a": `${SECRET}\0` } }, "HEADER_INVALID"],
    ["Transfer-Encoding", { headers: { "transfer-encoding": "chunked" } }, "HEADER_INVALID"],
    ["Expect", { headers: { expect: "100-continue" } }, "HEADER_INVALID"],
    ["a method with a space", { method: "GET /" }, "OPTION_INVALID"],
    [
      "a Content-Length that is not the body's",
      { method: "POST", body: SECRET, headers: { "content-length": "3" } },
      "OPTION_INVALID",
    ],
    ["a deadline that no timer can take", { timeoutMilliseconds: Number.POSITIVE_INFINITY }, "OPTION_INVALID"],
  ];
  for (const [what, options, code] of requests) {
    test(`${what}: ${code}`, async () => {
      await using manager = await fixture.open();
      const error = await failure(() => manager.request(`${fixture.network.https.origin}/echo`, options));
      assert.ok(error instanceof TypeError && isCodedError(error), inspect(error));
      assert.equal(error.code, code);
      assert.match(error.message, /^[a-z]/);
      assertNoSecret(error);
    });
  }

  test("a field that cannot be sent leaves the connection as it was", async () => {
    await using server = await scriptedServer(answering(() => response("ok")));
    await using manager = await fixture.open();
    await (await manager.request(server.origin)).text();
    await assert.rejects(manager.request(server.origin, { headers: { "x-a": "\n" } }), { code: "HEADER_INVALID" });
    await (await manager.request(server.origin)).text();
    assert.equal(server.connections.length, 1);
  });

  for (const timeouts of [{ idle: 0 }, { connect: -1 }, { response: Number.NaN }, { body: 2 ** 31 }]) {
    test(`a manager is not opened with timeouts ${inspect(timeouts)}`, async () => {
      await assert.rejects(openNetworkAccessManager({ timeouts }), { code: "OPTION_INVALID" });
    });
  }
  for (const connectionsPerOrigin of [0, -1, 1.5, Number.NaN]) {
    test(`nor with ${String(connectionsPerOrigin)} connections an origin`, async () => {
      await assert.rejects(openNetworkAccessManager({ connectionsPerOrigin }), { code: "OPTION_INVALID" });
    });
  }
});

describe("a request's own body that fails ends the request with REQUEST_BODY_FAILED", () => {
  const failing = new Error("disk failed", {});
  Object.assign(failing, { code: "ENOENT" });
  const bodies: [what: string, body: () => NonNullable<RequestOptions["body"]>][] = [
    [
      "a Readable that fails at once",
      () =>
        new Readable({
          read() {
            this.destroy(failing);
          },
        }),
    ],
    ["a Readable that fails in the middle", () => Readable.from(failsAfter("piece"))],
    ["an asynchronous iterable", () => failsAfter("piece")],
    ["an iterable", () => failsSynchronously()],
    ["a function that opens one", () => () => failsAfter("piece")],
  ];
  for (const [what, body] of bodies) {
    test(what, async () => {
      await using manager = await fixture.open();
      const { origin } = fixture.network.https;
      const error = await failure(() => manager.request(`${origin}/echo`, { method: "POST", body: body() }));
      assert.ok(isCodedError(error), inspect(error));
      assert.equal(error.code, "REQUEST_BODY_FAILED");
      assert.equal(error.cause, failing);
    });
  }

  test("a Readable that is destroyed before its end", async () => {
    await using manager = await fixture.open();
    const body = new Readable({ read: () => undefined });
    body.push("piece");
    const { origin } = fixture.network.https;
    const failed = failure(() => manager.request(`${origin}/echo`, { method: "POST", body }));
    body.once("data", () => body.destroy());
    const error = await failed;
    assert.ok(isCodedError(error), inspect(error));
    assert.equal(error.code, "REQUEST_BODY_FAILED");
  });

  test("pieces that are not bytes", async () => {
    await using manager = await fixture.open();
    const { origin } = fixture.network.https;
    const body = [42] as unknown as Uint8Array[];
    await assert.rejects(manager.request(`${origin}/echo`, { method: "POST", body }), { code: "REQUEST_BODY_FAILED" });
  });

  test("a Readable is closed when its request fails before it is sent", async () => {
    await using manager = await fixture.open();
    const body = new Readable({ read: () => undefined });
    const failed = manager.request("https://nowhere.invalid/", { method: "POST", body });
    await assert.rejects(failed, { code: "NAME_NOT_FOUND" });
    assert.ok(body.destroyed);
  });

  async function* failsAfter(piece: string): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from(piece));
    throw failing;
  }
  function* failsSynchronously(): Generator<Uint8Array> {
    yield Buffer.from("piece");
    throw failing;
  }
});
