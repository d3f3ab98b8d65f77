import {
  openNetworkAccessManager,
  transactionOf,
  type NetworkAccessManagerOptions,
  type SchemeHandler,
  type SchemeRequest,
  type SchemeResponse,
} from "@fairlead/access";
import { isCodedError, PolicyError, TimeoutError, TransportError, UsageError } from "@fairlead/core";
import assert from "node:assert/strict";
import { once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, test } from "node:test";
import { answering, scriptedServer } from "../scripted-server.ts";
import { rejection } from "../rejection.ts";

type Handle = (request: SchemeRequest) => SchemeResponse | Promise<SchemeResponse>;

/** A scheme `memo:` that answers as the test says. */
function memo(handle: Handle, onClose: () => void = () => undefined): SchemeHandler {
  return {
    scheme: "memo",
    handle: async (request) => handle(request),
    close: () => {
      onClose();
      return Promise.resolve();
    },
  };
}

const open = (handle: Handle, options: NetworkAccessManagerOptions = {}): ReturnType<typeof openNetworkAccessManager> =>
  openNetworkAccessManager({ ...options, schemes: [memo(handle)] });

function text(body: string, status = 200): SchemeResponse {
  return { status, headers: { "content-type": "text/plain" }, body: Buffer.from(body) };
}

describe("an application's own scheme", () => {
  test("is answered by its handler, to request and fetch, and told in the transaction", async () => {
    const seen: SchemeRequest[] = [];
    await using manager = await open((request) => {
      seen.push(request);
      return { ...text("hello"), statusText: "Fine" };
    });
    const reply = await manager.request("memo://me@shelf:7/notes/1?x=1#top", {
      headers: { Accept: "text/*", X: ["1", "2"] },
    });
    assert.equal(reply.status, 200);
    assert.equal(reply.headers["content-type"], "text/plain");
    assert.equal(await reply.text(), "hello");
    assert.equal(reply.url, "memo://me@shelf:7/notes/1?x=1#top");
    const [hop, ...others] = reply.transaction.hops;
    assert.deepEqual(others, []);
    assert.equal(hop?.reason, "scheme");
    assert.equal(hop.status, 200);
    assert.equal(hop.bodyBytes, 5);
    assert.equal(hop.connection, undefined);
    assert.ok(hop.timing.total !== undefined);
    const [request] = seen;
    assert.equal(request?.url.href, "memo://me@shelf:7/notes/1?x=1");
    assert.equal(request.method, "GET");
    assert.deepEqual(request.headers, { accept: "text/*", x: "1, 2" });
    assert.equal(request.body, undefined);

    const fetched = await manager.fetch("memo:notes/2");
    assert.equal(fetched.type, "basic");
    assert.equal(fetched.statusText, "Fine");
    assert.equal(fetched.url, "memo:notes/2");
    assert.equal(await fetched.text(), "hello");
    assert.equal(transactionOf(fetched)?.hops[0]?.reason, "scheme");
  });

  test("URLs of all forms reach it as they were", async () => {
    const seen: string[] = [];
    await using manager = await open(({ url }) => {
      seen.push(url.href);
      return text("");
    });
    const urls = [
      "memo:",
      "memo:a",
      "memo:/a",
      "memo://host",
      "memo://host/",
      "memo:/.//not-a-host",
      "memo://h:22/a%2Fb?",
      "memo:a?b",
    ];
    for (const url of urls) await (await manager.request(url)).text();
    assert.deepEqual(seen, urls);
  });

  test("fetch's blocked ports and modes are of HTTP", async () => {
    await using manager = await open(() => text("ssh"));
    assert.equal(await (await manager.fetch("memo://host:22/", { mode: "same-origin" })).text(), "ssh");
  });

  test("what it answers is no redirect, no cookie, no cached response and no challenge", async () => {
    let asked = 0;
    let requests = 0;
    await using manager = await open(
      () => {
        requests += 1;
        return {
          status: requests === 1 ? 302 : 401,
          headers: {
            location: "memo:elsewhere",
            "set-cookie": "a=1",
            "cache-control": "max-age=1000",
            "www-authenticate": 'Basic realm="x"',
          },
          body: undefined,
        };
      },
      {
        onAuthenticate: () => {
          asked += 1;
          return { type: "none" };
        },
      },
    );
    assert.equal((await manager.request("memo://host/")).status, 302);
    assert.equal((await manager.request("memo://host/")).status, 401);
    assert.equal(requests, 2);
    assert.equal(asked, 0);
    assert.deepEqual([...manager.store.collection("cookies", { maxEntries: 1, secret: true }).entries()], []);
  });

  test("HEAD has no body, and gives up what the handler brought", async () => {
    const body = new PassThrough();
    await using manager = await open(() => ({ status: 200, headers: { "content-length": "5" }, body }));
    const reply = await manager.request("memo:a", { method: "HEAD" });
    assert.equal(await reply.text(), "");
    assert.ok(body.destroyed);
  });

  test("bodies of requests reach it, with their length and type", async () => {
    await using manager = await open(async ({ body, headers, method }) =>
      text(`${method} ${headers["content-length"] ?? "?"} ${(await buffer(body ?? Readable.from([]))).toString()}`),
    );
    const post = async (body: string | Uint8Array | Readable): Promise<string> =>
      (await manager.request("memo:a", { method: "POST", body })).text();
    assert.equal(await post("text"), "POST 4 text");
    assert.equal(await post(Buffer.from("bytes")), "POST 5 bytes");
    assert.equal(await post(Readable.from(["a", "stream"])), "POST ? astream");
    const form = new FormData();
    form.set("a", "b");
    const fetched = await manager.fetch("memo:a", { method: "POST", body: form });
    assert.match(await fetched.text(), /^POST \d+ .*name="a"/s);
  });

  test("fields and methods that HTTP refuses are refused, and not thrown at nobody", async () => {
    let handled = 0;
    await using manager = await open(() => {
      handled += 1;
      return text("");
    });
    const fields: Record<string, string>[] = [{ a: "b\r\nc: d" }, { "a b": "c" }];
    for (const headers of fields) {
      const error = await rejection(manager.request("memo:a", { headers }), UsageError);
      assert.equal(error.code, "HEADER_INVALID");
    }
    assert.equal((await rejection(manager.request("memo:a", { method: "A B" }), UsageError)).code, "OPTION_INVALID");
    assert.equal(handled, 0);
  });

  test("a body that nobody reads is destroyed when the exchange is over", async () => {
    await using manager = await open(() => text("no, thanks", 413));
    const body = new PassThrough();
    body.write("some");
    const reply = await manager.request("memo:a", { method: "PUT", body });
    assert.equal(await reply.text(), "no, thanks");
    assert.equal(reply.status, 413);
    assert.ok(body.destroyed);
  });

  test("a request's body that fails ends it by name", async () => {
    await using manager = await open(async ({ body }) => text((await buffer(body ?? Readable.from([]))).toString()));
    const body = Readable.from(
      (function* (): Iterable<string> {
        yield "a";
        throw new Error("torn");
      })(),
    );
    const error = await rejection(manager.request("memo:a", { method: "PUT", body }), UsageError);
    assert.equal(error.code, "REQUEST_BODY_FAILED");
  });

  test("a slow reader holds the handler back, and one that goes away stops it", async () => {
    let given = 0;
    const over = Promise.withResolvers<undefined>();
    async function* endless(): AsyncGenerator<Uint8Array, void> {
      try {
        for (;;) {
          given += 1;
          yield Buffer.alloc(64 * 1024);
          await Promise.resolve();
        }
      } finally {
        over.resolve(undefined);
      }
    }
    await using manager = await open(() => ({ status: 200, headers: {}, body: endless() }));
    const reply = await manager.request("memo:a");
    const stream = reply.stream();
    await once(stream, "readable");
    const before = given;
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(given, before, "nothing is taken that nobody reads");
    assert.ok(given < 8, String(given));
    for (let index = 0; index < 10; index += 1) {
      if (stream.read() === null) await once(stream, "readable");
    }
    assert.ok(given > before);
    stream.destroy();
    await once(stream, "close");
    await over.promise;
  });

  test("a whole body that is paused comes when it is wanted", async () => {
    await using manager = await open(() => ({ status: 200, headers: {}, body: Buffer.alloc(1_000_000, "x") }));
    const reply = await manager.request("memo:a");
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await reply.bytes()).length, 1_000_000);
  });

  test("bodyLimitBytes holds", async () => {
    await using manager = await open(
      () => ({ status: 200, headers: {}, body: Readable.from([Buffer.alloc(600), Buffer.alloc(600)]) }),
      {
        bodyLimitBytes: 1_000,
      },
    );
    const reply = await manager.request("memo:a");
    await assert.rejects(reply.bytes(), (error) => error instanceof PolicyError && error.code === "BODY_LIMIT");
  });

  test("what it throws is told: with its own code, or as SCHEME_FAILED", async () => {
    const cause = new Error("shelf broke");
    const refused = new PolicyError("FILE_OUTSIDE_ROOT", { peer: "memo" });
    await using manager = await open(({ url }) => {
      throw url.pathname === "coded" ? refused : cause;
    });
    await assert.rejects(manager.request("memo:coded"), refused);
    const error = await rejection(manager.request("memo:a"), TransportError);
    assert.equal(error.code, "SCHEME_FAILED");
    assert.equal(error.cause, cause);
    assert.equal(transactionOf(error)?.hops[0]?.error, error);
    await assert.rejects(manager.fetch("memo:a"), (failure) => {
      assert.ok(failure instanceof TypeError && isCodedError(failure));
      return failure.code === "SCHEME_FAILED";
    });
  });

  test("an answer that is none, and a body that breaks, are told", async () => {
    await using manager = await open(({ url }) => {
      if (url.pathname === "status") return { status: 99, headers: {}, body: undefined };
      return {
        status: 200,
        headers: {},
        body: Readable.from(
          (function* (): Iterable<Buffer> {
            yield Buffer.from("a");
            throw new Error("torn");
          })(),
        ),
      };
    });
    assert.equal((await rejection(manager.request("memo:status"), TransportError)).code, "SCHEME_FAILED");
    const reply = await manager.request("memo:torn");
    assert.equal((await rejection(reply.bytes(), TransportError)).code, "SCHEME_FAILED");
  });

  test("signals and deadlines end it, before and within the body, and the handler hears", async () => {
    const signals: AbortSignal[] = [];
    const body = new PassThrough();
    await using manager = await open(({ url, signal }) => {
      signals.push(signal);
      return url.pathname === "never" ? new Promise(() => undefined) : { status: 200, headers: {}, body };
    });
    const reason = new Error("enough");
    const controller = new AbortController();
    const asked = manager.request("memo:never", { signal: controller.signal });
    controller.abort(reason);
    await assert.rejects(asked, reason);
    assert.equal(signals[0]?.reason, reason);

    const late = await rejection(manager.request("memo:never", { timeoutMilliseconds: 5 }), TimeoutError);
    assert.equal(late.phase, "total");
    await assert.rejects(manager.request("memo:never", { signal: AbortSignal.abort(reason) }), reason);

    const within = new AbortController();
    const reply = await manager.request("memo:body", { signal: within.signal });
    const bytes = reply.bytes();
    within.abort(reason);
    await assert.rejects(bytes, reason);
    assert.ok(body.destroyed);
  });

  test("a body that comes no further ends by the deadline of bodies", async () => {
    const body = new PassThrough();
    body.write("a");
    await using manager = await open(() => ({ status: 200, headers: {}, body }), { timeouts: { body: 5 } });
    const error = await rejection((await manager.request("memo:a")).bytes(), TimeoutError);
    assert.equal(error.phase, "body");
    assert.ok(body.destroyed);
  });

  test("a late response of a request that was given up is destroyed", async () => {
    const asked = Promise.withResolvers<SchemeResponse>();
    await using manager = await open(() => asked.promise);
    const controller = new AbortController();
    const answer = manager.request("memo:a", { signal: controller.signal });
    controller.abort();
    await assert.rejects(answer);
    const body = new PassThrough();
    asked.resolve({ status: 200, headers: {}, body });
    await once(body, "close");
  });

  test("closing waits for what is under way and closes the handler once; destroying ends it", async () => {
    let closed = 0;
    const body = new PassThrough();
    const manager = await openNetworkAccessManager({
      schemes: [
        memo(
          () => ({ status: 200, headers: {}, body }),
          () => (closed += 1),
        ),
      ],
    });
    const reply = await manager.request("memo:a");
    const closing = manager.close();
    await assert.rejects(
      manager.request("memo:a"),
      (error) => error instanceof UsageError && error.code === "MANAGER_CLOSED",
    );
    assert.equal(closed, 0);
    body.end("all");
    assert.equal(await reply.text(), "all");
    await closing;
    await manager.destroy();
    assert.equal(closed, 1);

    const other = await openNetworkAccessManager({
      schemes: [
        memo(
          () => ({ status: 200, headers: {}, body: new PassThrough() }),
          () => (closed += 1),
        ),
      ],
    });
    const endless = await other.request("memo:a");
    const bytes = endless.bytes();
    const reason = new Error("destroyed");
    const destroyed = other.destroy(reason);
    await assert.rejects(bytes, reason);
    await destroyed;
    while (closed < 2) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(closed, 2);
  });
});

describe("the registry of schemes", () => {
  test("refuses what has its meaning already, what is named twice, and what is no scheme", async () => {
    for (const scheme of [
      "http",
      "https",
      "data",
      "ws",
      "wss",
      "about",
      "blob",
      "javascript",
      "Memo",
      "memo:",
      "",
      "1a",
      "a b",
    ]) {
      const schemes = [{ ...memo(() => text("")), scheme }];
      const error = await rejection(openNetworkAccessManager({ schemes }), UsageError);
      assert.equal(error.code, "OPTION_INVALID", scheme);
    }
    const twice = [memo(() => text("")), memo(() => text(""))];
    assert.equal((await rejection(openNetworkAccessManager({ schemes: twice }), UsageError)).code, "OPTION_INVALID");
  });

  test("what nobody registered is unknown; a password in a URL is refused, and is in no message", async () => {
    await using manager = await open(() => text(""));
    for (const ask of [manager.request("other:a"), manager.fetch("other:a")]) {
      assert.equal((await rejection(ask, UsageError)).code, "URL_SCHEME_UNKNOWN");
    }
    const error = await rejection(manager.request("memo://me:secret@host/"), UsageError);
    assert.equal(error.code, "URL_USER_INFORMATION");
    assert.match(error.remedy, /onAuthenticate/);
    assert.doesNotMatch(String(error.stack), /secret/);
  });

  test("no redirect leads there, by request, fetch or a foreign library", async () => {
    let handled = 0;
    await using server = await scriptedServer(
      answering(() => "HTTP/1.1 302 Found\r\nLocation: memo://host/secret\r\nContent-Length: 0\r\n\r\n"),
    );
    await using manager = await open(() => {
      handled += 1;
      return text("secret");
    });
    assert.equal((await rejection(manager.request(server.origin), PolicyError)).code, "REDIRECT_SCHEME_REFUSED");
    await assert.rejects(manager.fetch(server.origin), /REDIRECT_SCHEME_REFUSED|refused a redirect to a scheme/);
    const foreign = await new Promise<Error>((resolve) => {
      manager.dispatch(
        { origin: "memo://host", path: "/secret", method: "GET" },
        { onRequestStart: () => undefined, onResponseError: (_, error) => resolve(error) },
      );
    });
    assert.ok(foreign instanceof UsageError && foreign.code === "URL_SCHEME_UNKNOWN");
    assert.equal(handled, 0);
  });
});
