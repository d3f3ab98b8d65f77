import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, test } from "node:test";
import { EventStreamParser, type StreamEvent } from "@fairlead/http/event-stream";
import { eventStream, type EventStream, type EventStreamOptions, type OnEventStream } from "../../src/events/index.ts";
import { compression } from "../../src/content/index.ts";
import type { RequestContext } from "../../src/fetch-handler.ts";
import { serve } from "../../src/serve.ts";
import { type PlainServer, startPlainServer } from "../plain-server.ts";
import { rawClient } from "../relay/raw-peers.ts";

function startEvents(onStream: OnEventStream, options?: EventStreamOptions): Promise<PlainServer> {
  return startPlainServer((request, context) => eventStream(request, context, onStream, options));
}

const GET = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";

/** Starts a server whose stream a test has. */
async function startHeld(options?: EventStreamOptions) {
  const { promise, resolve } = Promise.withResolvers<EventStream>();
  const server = await startEvents(resolve, options);
  return Object.assign(server, { stream: promise });
}

describe("a stream of events", () => {
  test("sends what it is given, and ends with its function", async () => {
    await using server = await startEvents(
      async (stream) => {
        await stream.send({ data: "one\ntwo", event: "tick", id: "7" });
        await stream.send({ data: `since ${stream.lastEventId}` });
      },
      { retry: 50 },
    );
    const response = await fetch(server.origin, { headers: { "last-event-id": "6" } });
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    assert.equal(await response.text(), "retry: 50\n\nevent: tick\nid: 7\ndata: one\ndata: two\n\ndata: since 6\n\n");
    await Promise.all(server.work);
    assert.deepEqual(server.errors, []);
  });

  test("sends each event when it is there, and lives on when its function has returned", async () => {
    await using server = await startHeld();
    using client = rawClient(server.port, GET);
    const stream = await server.stream;
    assert.equal(await stream.send({ data: "1" }), true);
    await client.incoming.got(/data: 1\n\n/);
    await stream.comment("still here");
    await client.incoming.got(/: still here\n\n/);
    stream.end();
    assert.equal(stream.signal.aborted, false);
    await client.incoming.got(/\r\n0\r\n\r\n$/);
    assert.equal(await stream.send({ data: "2" }), false);
    await Promise.all(server.work);
    assert.equal(stream.signal.aborted, true);
  });

  test("cannot be made to say what nobody sent", async () => {
    await using server = await startHeld();
    using client = rawClient(server.port, GET);
    const stream = await server.stream;
    await assert.rejects(stream.send({ data: "x", event: "a\ndata: injected" }), { code: "OPTION_INVALID" });
    await assert.rejects(stream.send({ data: "x", id: "1\r\n\r\n" }), { code: "OPTION_INVALID" });
    await stream.send({ data: "x\r\rid: 9\n\nevent: other" });
    await client.incoming.got(/event: other\n\n/);
    const events: StreamEvent[] = [];
    const parser = new EventStreamParser({ onEvent: (event) => events.push(event), onRetry: () => undefined });
    parser.read(Buffer.from(client.incoming.text.split("\r\n").find((line) => line.startsWith("data")) ?? ""));
    assert.deepEqual(events, [{ type: "message", data: "x\n\nid: 9\n\nevent: other", lastEventId: "" }]);
  });

  test("shows that it lives when nothing happens", async () => {
    await using server = await startHeld({ keepAliveMilliseconds: 2 });
    using client = rawClient(server.port, GET);
    await client.incoming.got(/: \n\n[^]*: \n\n/);
  });

  test("is over when its client leaves, and nobody else is told", async () => {
    await using server = await startHeld();
    using client = rawClient(server.port, GET);
    const stream = await server.stream;
    const left = once(stream.signal, "abort");
    client.socket.destroy();
    await left;
    assert.equal(await stream.send({ data: "x" }), false);
    await Promise.all(server.work);
    assert.deepEqual(server.errors, []);
  });

  test("whose application fails is cut, and the server is told", async () => {
    const seen = Promise.withResolvers<undefined>();
    await using server = await startEvents(async (stream) => {
      await stream.send({ data: "1" });
      await seen.promise;
      throw new Error("application");
    });
    using client = rawClient(server.port, GET);
    await client.incoming.got(/data: 1\n\n/);
    seen.resolve(undefined);
    assert.doesNotMatch(await client.incoming.ended(), /\r\n0\r\n\r\n$/);
    await Promise.allSettled(server.work);
    assert.equal(server.errors.filter((error) => String(error).includes("application")).length, 1);
  });

  test("has a head alone for HEAD", async () => {
    await using server = await startEvents(() => assert.fail("nobody reads them"));
    const response = await fetch(server.origin, { method: "HEAD" });
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    assert.deepEqual(server.errors, []);
  });

  test("ends when its server closes", async () => {
    const running = await serve({ fetch: (request, context) => eventStream(request, context, () => undefined) });
    using client = rawClient(running.port ?? 0, GET);
    await client.incoming.got(/text\/event-stream/);
    await running.close();
    assert.match(await client.incoming.ended(), /\r\n0\r\n\r\n$/);
  });

  test("goes over HTTP/2 as well", async () => {
    const onStream: OnEventStream = async (stream) => {
      for (let count = 1; count <= 3; count += 1) await stream.send({ data: String(count) });
    };
    await using running = await serve({ fetch: (request, context) => eventStream(request, context, onStream) });
    const session = connectHttp2(`http://127.0.0.1:${String(running.port)}`);
    const stream = session.request({ ":path": "/" });
    let text = "";
    for await (const piece of stream.setEncoding("utf8")) text += String(piece);
    session.destroy();
    assert.equal(text, "data: 1\n\ndata: 2\n\ndata: 3\n\n");
  });

  test("is held back by no compression: an event arrives before the next is sent", async () => {
    const seen = Promise.withResolvers<undefined>();
    const fetchEvents = (request: Request, context: RequestContext): Response =>
      eventStream(request, context, async (stream) => {
        await stream.send({ data: "1" });
        await seen.promise;
        await stream.send({ data: "2" });
      });
    await using running = await serve({ fetch: fetchEvents, plugins: [compression()] });
    const response = await fetch(`http://127.0.0.1:${String(running.port)}`);
    let text = "";
    for await (const piece of response.body ?? []) {
      text += Buffer.from(piece as Uint8Array).toString();
      if (text.endsWith("data: 1\n\n")) seen.resolve(undefined);
    }
    assert.equal(text, "data: 1\n\ndata: 2\n\n");
  });

  for (const options of [{ retry: -1 }, { highWaterBytes: 0.5 }, { keepAliveMilliseconds: Infinity }]) {
    test(`is refused with ${JSON.stringify(options)}`, async () => {
      await using server = await startEvents(() => undefined, options);
      assert.equal((await fetch(server.origin)).status, 500);
    });
  }
});

describe("a client that does not read", () => {
  const event = { data: "x".repeat(65_536) };

  async function settled(value: () => number): Promise<number> {
    for (let last = -1, turns = 0; turns < 2_000; turns = last === value() ? turns + 1 : 0) {
      last = value();
      await nextTurn();
    }
    return value();
  }

  test("is waited for", async () => {
    let sent = 0;
    await using server = await startEvents(async (stream) => {
      while (sent < 1_000 && (await stream.send(event))) sent += 1;
    });
    using client = rawClient(server.port, GET);
    client.socket.pause();
    assert.ok((await settled(() => sent)) < 500);
    client.socket.destroy();
    await Promise.all(server.work);
  });

  test("misses events, where it was agreed so", async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    await using server = await startEvents(
      async (stream) => {
        let dropped = 0;
        for (let count = 0; count < 1_000; count += 1) {
          if (!(await stream.send(event))) dropped += 1;
          if (count % 10 === 0) await nextTurn();
        }
        resolve(dropped);
      },
      { whenFull: "drop" },
    );
    using client = rawClient(server.port, GET);
    client.socket.pause();
    assert.ok((await promise) > 500);
  });

  test("is cut off by who does not wait for it", async () => {
    await using server = await startHeld({ limitBytes: 262_144 });
    using client = rawClient(server.port, GET);
    client.socket.pause();
    const stream = await server.stream;
    const cut = once(stream.signal, "abort");
    let count = 0;
    const flood = setInterval(() => {
      count += 1;
      void stream.send(event);
    }, 0);
    await cut;
    clearInterval(flood);
    assert.ok(count < 1_000);
    assert.equal((stream.signal.reason as { code?: string }).code, "READER_TOO_SLOW");
  });
});
