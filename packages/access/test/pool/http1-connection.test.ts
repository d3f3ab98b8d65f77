import { Readable } from "node:stream";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { text } from "node:stream/consumers";
import { ConnectionLoss } from "../../src/pool/http-connection.ts";
import { ask, http1Peer } from "./http1-peer.ts";
import type { DispatchController } from "../../src/dispatch.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

const pause = (controller: DispatchController): void => {
  controller.pause();
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("one request after another on a connection of HTTP/1.1", () => {
  test("a request is written in one piece, and its response told in order", async () => {
    const peer = http1Peer();
    const told = ask(peer, { headers: ["x-a", "1"] });
    assert.equal(peer.connection.capacity, 0);
    await peer.whenReceived("\r\n\r\n");
    assert.equal(peer.received(), "GET / HTTP/1.1\r\nhost: a.example\r\nconnection: keep-alive\r\nx-a: 1\r\n\r\n");
    peer.server.write(OK);
    assert.equal(await told.body, "ok");
    assert.deepEqual(told.log, ["request", "sent", "200 OK", "data", "end"]);
    assert.deepEqual(peer.events, ["free"]);
    assert.equal(peer.connection.capacity, 1);
  });

  test("HEAD keeps the connection, whatever length it names", async () => {
    const peer = http1Peer();
    const head = ask(peer, { method: "HEAD" });
    await peer.whenReceived("HEAD /");
    peer.server.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
    assert.equal(await head.body, "");
    const next = ask(peer, { path: "/next" });
    await peer.whenReceived("GET /next");
    peer.server.write(OK);
    assert.equal(await next.body, "ok");
  });

  for (const [what, bytes] of [
    ["Connection: close", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"],
    ["HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"],
    ["a server that keeps it no second", "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok"],
    ["bytes beyond the response", `${OK}HTTP/1.1 200 OK\r\n\r\n`],
  ] as const) {
    test(`${what} ends it`, async () => {
      const peer = http1Peer();
      const told = ask(peer);
      await peer.whenReceived("\r\n\r\n");
      peer.server.write(bytes);
      assert.equal(await told.body, "ok");
      assert.equal(peer.connection.capacity, 0);
      assert.equal(peer.events.includes("free"), false);
      await peer.connection.close();
      assert.equal(peer.events.at(-1), "closed");
    });
  }

  test("what comes while nothing is asked is nobody's response: the next request was not sent, and goes elsewhere", async () => {
    const peer = http1Peer();
    const first = ask(peer);
    await peer.whenReceived("\r\n\r\n");
    peer.server.write(OK);
    await first.body;
    peer.server.write(OK);
    const next = ask(peer, { path: "/next" });
    const error = await next.body.catch((reason: unknown) => reason);
    assert.ok(error instanceof ConnectionLoss);
    assert.equal(error.processed, "no");
    assert.ok(!peer.received().includes("/next"));
  });

  test("an end that has come by the time of the next request is found before that is written", async () => {
    const peer = http1Peer();
    const first = ask(peer);
    await peer.whenReceived("\r\n\r\n");
    peer.server.write(OK);
    await first.body;
    peer.server.end();
    const error = await ask(peer, { path: "/next" }).body.catch((reason: unknown) => reason);
    assert.ok(error instanceof ConnectionLoss);
    assert.equal(error.processed, "no");
  });

  test("an end after the request leaves unknown whether it was read", async () => {
    const peer = http1Peer();
    const told = ask(peer);
    await peer.whenReceived("\r\n\r\n");
    peer.server.end();
    const error = await told.body.catch((reason: unknown) => reason);
    assert.ok(error instanceof ConnectionLoss);
    assert.equal(error.processed, "unknown");
    assert.deepEqual(peer.events, ["closed"]);
  });

  test("close waits for what is under way, and starts nothing more", async () => {
    const peer = http1Peer();
    const told = ask(peer);
    await peer.whenReceived("\r\n\r\n");
    const closing = peer.connection.close();
    assert.equal(peer.connection.capacity, 0);
    peer.server.write(OK);
    assert.equal(await told.body, "ok");
    await closing;
    assert.equal(peer.events.at(-1), "closed");
    await peer.connection.close();
  });

  test("destroy fails what is under way with its reason", async () => {
    const peer = http1Peer();
    const told = ask(peer);
    const reason = new Error("enough");
    peer.connection.destroy(reason);
    await assert.rejects(told.body, (error) => error === reason);
    peer.connection.destroy(new Error("twice"));
    assert.deepEqual(peer.events, ["closed"]);
  });
});

describe("a handler", () => {
  test("pauses, and nothing is told until it resumes", async () => {
    const peer = http1Peer();
    const told = ask(peer, {}, { onResponseStart: pause });
    await peer.whenReceived("\r\n\r\n");
    peer.server.end(OK);
    while (!told.log.includes("200 OK")) await turn();
    for (let turns = 0; turns < 10; turns += 1) await turn();
    assert.deepEqual(told.log, ["request", "sent", "200 OK"]);
    told.controller()?.resume();
    assert.equal(await told.body, "ok");
  });

  test("pauses at each piece and resumes at once", async () => {
    const peer = http1Peer();
    const told = ask(
      peer,
      {},
      {
        onResponseData: (controller) => {
          controller.pause();
          controller.resume();
        },
      },
    );
    await peer.whenReceived("\r\n\r\n");
    peer.server.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n");
    assert.equal(await told.body, "abcd");
    assert.deepEqual(peer.events, ["free"]);
  });

  test("that pauses holds the sender back", async () => {
    const peer = http1Peer({ capacityBytes: 1_024 });
    const told = ask(peer, {}, { onResponseData: pause });
    await peer.whenReceived("\r\n\r\n");
    const length = 1_000_000;
    peer.server.write(`HTTP/1.1 200 OK\r\nContent-Length: ${String(length)}\r\n\r\n`);
    peer.server.write(Buffer.alloc(length));
    while (!told.log.includes("data")) await turn();
    for (let turns = 0; turns < 100; turns += 1) await turn();
    assert.equal(told.log.filter((entry) => entry === "data").length, 1);
    assert.ok(peer.server.writableLength > length / 2);
    peer.connection.destroy(new Error("enough"));
  });

  test("that gives up before anything is written leaves the connection to others", async () => {
    const peer = http1Peer();
    const given = new Error("enough");
    const told = ask(
      peer,
      {},
      {
        onRequestStart: (controller) => {
          controller.abort(given);
        },
      },
    );
    await assert.rejects(told.body, (error) => error === given);
    assert.equal(peer.connection.capacity, 1);
    const next = ask(peer, { path: "/next" });
    await peer.whenReceived("GET /next");
    peer.server.write(OK);
    assert.equal(await next.body, "ok");
    assert.ok(!peer.received().includes("GET / "));
  });

  for (const step of ["onRequestStart", "onResponseStart", "onResponseData"] as const) {
    test(`that throws in ${step} is told so, and no abort`, async () => {
      const peer = http1Peer();
      const thrown = new Error("the handler's own");
      const told = ask(
        peer,
        {},
        {
          [step]: () => {
            throw thrown;
          },
        },
      );
      peer.server.write(OK);
      await assert.rejects(told.body, (error) => error === thrown);
      assert.equal(told.controller()?.aborted, false);
      assert.equal(told.log.filter((entry) => entry === "error").length, 1);
    });
  }

  test("gets the fields as they came, too, as undici's own do", async () => {
    const peer = http1Peer();
    const told = ask(peer);
    await peer.whenReceived("\r\n\r\n");
    peer.server.write("HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a: \xff\r\nContent-Length: 0\r\n\r\n", "latin1");
    await told.body;
    const raw = told.controller()?.rawHeaders;
    assert.ok(Array.isArray(raw));
    assert.deepEqual(
      raw.map((bytes: Buffer | string) => bytes.toString("latin1")),
      ["X-A", "1", "x-a", "\xff", "Content-Length", "0"],
    );
    assert.equal(told.controller()?.rawHeaders, raw);
  });
});

describe("a body that comes in pieces", () => {
  async function* pieces(...parts: readonly string[]): AsyncGenerator<Uint8Array> {
    for (const part of parts) yield await Promise.resolve(Buffer.from(part));
  }
  const streamed = (body: AsyncIterable<Uint8Array>): { readonly body: Readable } => ({
    body: body as unknown as Readable,
  });

  test("is chunked, empty pieces aside, which would end it", async () => {
    const peer = http1Peer();
    const told = ask(peer, { method: "PUT", ...streamed(pieces("hello", "", "x".repeat(20))) });
    await peer.whenReceived("0\r\n\r\n");
    const [head, body] = peer.received().split(/(?<=\r\n\r\n)/s);
    assert.match(head ?? "", /transfer-encoding: chunked\r\n/);
    assert.equal(body, `5\r\nhello\r\n14\r\n${"x".repeat(20)}\r\n0\r\n\r\n`);
    peer.server.write(OK);
    assert.equal(await told.body, "ok");
  });

  test("is as long as its Content-Length says", async () => {
    const peer = http1Peer();
    const told = ask(peer, { method: "PUT", headers: ["content-length", "5"], ...streamed(pieces("he", "llo")) });
    await peer.whenReceived("\r\n\r\nhello");
    peer.server.write(OK);
    assert.equal(await told.body, "ok");
  });

  for (const [what, body] of [
    ["longer", "hello!"],
    ["shorter", "hell"],
  ] as const) {
    test(`that is ${what} than its Content-Length is an error, and its connection of no use`, async () => {
      const peer = http1Peer();
      const told = ask(peer, { method: "PUT", headers: ["content-length", "5"], ...streamed(pieces(body)) });
      await assert.rejects(told.body, { code: "OPTION_INVALID" });
      assert.ok(!peer.received().includes("!"));
      assert.equal(peer.events.at(-1), "closed");
    });
  }

  test("is read no faster than the peer takes it", async () => {
    const peer = http1Peer({ capacityBytes: 1_024 });
    let taken = 0;
    const body = new Readable({
      highWaterMark: 1,
      read() {
        taken += 1;
        this.push(Buffer.alloc(1_024));
      },
    });
    peer.server.pause();
    const told = ask(peer, { method: "PUT", body });
    for (let turns = 0; turns < 300; turns += 1) await turn();
    assert.ok(taken < 300, `${String(taken)} KiB were read`);
    const before = taken;
    peer.server.resume();
    while (taken <= before + 100) await turn();
    peer.connection.destroy(new Error("enough"));
    await assert.rejects(told.body);
    assert.ok(body.destroyed);
  });

  test("is sent no further when the response has ended, and the connection closed", async () => {
    const peer = http1Peer();
    const body = new Readable({ read: () => undefined });
    body.push("a piece, and never an end");
    const told = ask(peer, { method: "POST", body });
    await peer.whenReceived("never an end");
    peer.server.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n");
    assert.equal(await told.body, "");
    assert.ok(body.destroyed);
    assert.deepEqual(peer.events, ["closed"]);
  });

  test("that the peer stops taking is a stall of the request", async () => {
    const peer = http1Peer({ capacityBytes: 1_024 });
    peer.server.pause();
    const body = Readable.from([Buffer.alloc(100_000), Buffer.alloc(100_000)]);
    const told = ask(peer, { method: "PUT", body, timeouts: { request: 20 } });
    await assert.rejects(told.body, { code: "TIMED_OUT", phase: "request" });
  });

  test("may be a Blob or a form, whose types it has", async () => {
    for (const [body, type, content] of [
      [new Blob(["hello"], { type: "text/plain" }), "text/plain", "hello"],
      [form(), "multipart/form-data; boundary=", 'name="a%22b"\r\n\r\none\r\n'],
    ] as const) {
      const peer = http1Peer();
      const told = ask(peer, { method: "POST", body: body as unknown as Readable });
      await peer.whenReceived(content);
      assert.match(peer.received(), /content-length: \d+\r\n/);
      assert.ok(peer.received().includes(`content-type: ${type}`));
      peer.server.write(OK);
      assert.equal(await told.body, "ok");
    }
  });

  function form(): FormData {
    const data = new FormData();
    data.append('a"b', "one");
    data.append("file", new File(["content"], "name.txt"));
    return data;
  }
});

describe("another protocol", () => {
  test("gets the stream with what has come of it, neither flowing nor paused", async () => {
    const peer = http1Peer();
    const given = Promise.withResolvers<Readable>();
    const handler = {
      onRequestUpgrade: (_c: unknown, _s: unknown, _f: unknown, socket: Readable) => given.resolve(socket),
    };
    const told = ask(peer, { upgrade: "echo" }, handler);
    await peer.whenReceived("upgrade: echo");
    peer.server.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\n\r\nfirst ");
    const socket = await given.promise;
    assert.deepEqual(told.log, ["request", "sent", "upgrade 101"]);
    assert.deepEqual(peer.events, ["closed"]);
    peer.server.end("last");
    assert.equal(await text(socket), "first last");
  });

  test("that is refused is a response as any other", async () => {
    const peer = http1Peer();
    const told = ask(peer, { upgrade: "echo" });
    await peer.whenReceived("upgrade: echo");
    peer.server.write("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno");
    assert.equal(await told.body, "no");
  });
});
