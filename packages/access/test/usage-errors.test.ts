import { isCodedError } from "@fairlead/core";
import { openNetworkAccessManager, type RequestOptions } from "@fairlead/access";
import { Readable } from "node:stream";
import { inspect } from "node:util";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture } from "./network-fixture.ts";
import { answering, response, scriptedServer } from "./scripted-server.ts";
import { assertNoSecret, failure, SECRET, watchStrayRejections } from "./typed-failure.ts";

const fixture = networkFixture();
watchStrayRejections();

describe("the caller's own mistakes are a TypeError before any I/O", () => {
  const table: [url: string, code: string][] = [
    ["", "URL_INVALID"],
    ["/path", "URL_INVALID"],
    ["https://", "URL_INVALID"],
    ["https://a b/", "URL_INVALID"],
    ["http://[::1", "URL_INVALID"],
    ["http://a.example:99999/", "URL_INVALID"],
    ["https://user:s3cr3t-5a1t@a b/", "URL_INVALID"],
    ["https://user:a/s3cr3t-5a1t@a.example/", "URL_INVALID"],
    ["https://user:a?s3cr3t-5a1t@a.example/", "URL_INVALID"],
    ["https:\\\\user:s3cr3t-5a1t@a b/", "URL_INVALID"],
    ["https://a b/?token=s3cr3t-5a1t", "URL_INVALID"],
    ["/callback#s3cr3t-5a1t", "URL_INVALID"],
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

  test("an origin that is none", async () => {
    await using manager = await openNetworkAccessManager();
    const origin = `https://user:${SECRET}@a b`;
    const error = await failure(() => manager.request({ origin, path: "/", method: "GET" }));
    assert.ok(error instanceof TypeError && isCodedError(error), inspect(error));
    assert.equal(error.code, "URL_INVALID");
    assertNoSecret(error);
  });

  const requests: [what: string, options: RequestOptions, code: string][] = [
    ["a field name with a space", { headers: { "x a": SECRET } }, "HEADER_INVALID"],
    ["a line break in a field value", { headers: { "x-a": `${SECRET}\r\nx-b: 1` } }, "HEADER_INVALID"],
    ["a NUL in a field value", { headers: { "x-a": `${SECRET}\0` } }, "HEADER_INVALID"],
    ["Transfer-Encoding", { headers: { "transfer-encoding": "chunked" } }, "HEADER_INVALID"],
    ["Expect", { headers: { expect: "100-continue" } }, "HEADER_INVALID"],
    ["a method with a space", { method: "GET /" }, "OPTION_INVALID"],
    ["a tunnel", { method: "CONNECT" }, "OPTION_INVALID"],
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
