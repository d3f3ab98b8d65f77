import {
  transactionOf,
  type EventSourceOptions,
  type ManagedEventSource,
  type NetworkAccessManager,
} from "@fairlead/access";
import { isCodedError } from "@fairlead/core";
import assert from "node:assert/strict";
import { getEventListeners, once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { networkFixture } from "../network-fixture.ts";
import { scriptedServer } from "../scripted-server.ts";

const fixture = networkFixture();
const { open } = fixture;
const at = (path: string): string => fixture.network.https.origin + path;
const raw = (text: string): string => at(`/events/raw?text=${encodeURIComponent(text)}`);
const reconnect = { delayMilliseconds: 1, delayLimitMilliseconds: 20 };

/** All events of a source, until it ends. */
async function read(source: ManagedEventSource, count = Number.POSITIVE_INFINITY): Promise<readonly string[]> {
  const events: string[] = [];
  for await (const { type, data, lastEventId } of source) {
    if (events.push(`${type} ${lastEventId} ${data}`) === count) break;
  }
  return events;
}

/** The `Last-Event-ID` of each request so far. */
function asked(path: string): readonly (string | undefined)[] {
  return fixture.network.requests
    .filter(({ target }) => target === path)
    .map(({ headers }) => [headers["last-event-id"]].flat()[0]);
}

function openSource(manager: NetworkAccessManager, path: string, options: EventSourceOptions = {}): ManagedEventSource {
  return manager.eventSource(at(path), { reconnect, ...options });
}

describe("server-sent events", () => {
  test("come in a loop, over streams that end, until the server has no more (WHATWG HTML section 9.2.3)", async () => {
    await using manager = await open();
    const path = "/events?each=2&of=5&retry=1";
    const events = await read(openSource(manager, path));
    assert.deepEqual(
      events,
      [1, 2, 3, 4, 5].map((id) => `message ${String(id)} event ${String(id)}`),
    );
    assert.deepEqual(asked(path), [undefined, "2", "4", "5"]);
  });

  test("are not asked for without a pause because the server says so, unless the application does", async () => {
    await using manager = await open();
    const waits: number[] = [];
    for (const options of [{}, { reconnect: { delayMilliseconds: 2, delayLimitMilliseconds: 2 } }]) {
      const source = manager.eventSource(raw("retry: 0\ndata: x\n\n"), options);
      const [{ afterMilliseconds }] = (await once(source, "reconnecting")) as [{ afterMilliseconds: number }];
      waits.push(afterMilliseconds);
      source.close();
    }
    const [byDefault = 0, ofItsOwn = 500] = waits;
    assert.ok(byDefault >= 500 && byDefault <= 750, String(byDefault));
    assert.ok(ofItsOwn >= 2 && ofItsOwn <= 3, String(ofItsOwn));
  });

  test("go on behind the last whole event when a stream breaks off", async () => {
    await using manager = await open();
    const path = "/events/cut?each=1&of=3&retry=1";
    assert.deepEqual(
      await read(openSource(manager, path)),
      [1, 2, 3].map((id) => `message ${String(id)} event ${String(id)}`),
    );
    assert.deepEqual(asked(path), [undefined, "1", "2", "3"]);
  });

  test("are told by the standard's events, states and handlers", async () => {
    await using manager = await open();
    const source = openSource(manager, "/events?each=1&of=2&retry=1&told");
    const told: unknown[] = [];
    source.onopen = () => told.push(["open", source.readyState]);
    source.onmessage = ({ data, lastEventId, origin }) => told.push([data, lastEventId, origin]);
    source.addEventListener("reconnecting", ({ attempt }) => told.push(["reconnecting", attempt]));
    const over = new Promise<void>((resolve) => {
      source.onerror = ({ error }) => {
        told.push(["error", isCodedError(error) ? error.code : error, source.readyState]);
        if (source.readyState === source.CLOSED) resolve();
      };
    });
    assert.deepEqual(
      [source.readyState, source.withCredentials, source.url],
      [0, false, at("/events?each=1&of=2&retry=1&told")],
    );
    await over;
    const { origin } = new URL(source.url);
    assert.deepEqual(told, [
      ["open", 1],
      ["event 1", "1", origin],
      ["reconnecting", 1],
      ["error", undefined, 0],
      ["open", 1],
      ["event 2", "2", origin],
      ["reconnecting", 1],
      ["error", undefined, 0],
      ["error", "EVENT_STREAM_MISSING", 2],
    ]);
    assert.equal(transactionOf(source)?.hops[0]?.status, 204);
  });

  test("have names, ids and comments, in any coding of the content", async () => {
    await using manager = await open();
    const source = manager.eventSource(
      raw("event: add\nid: 7\ndata: 1\ndata: 2\n\n: nothing\n\ndata: rest\n\ndata: cut"),
      {
        reconnect: false,
      },
    );
    const added: unknown[] = [];
    source.addEventListener("add", ({ data, lastEventId }) => added.push(data, lastEventId));
    assert.deepEqual(await read(source), ["add 7 1\n2", "message 7 rest"]);
    assert.deepEqual(added, ["1\n2", "7"]);
    assert.equal(source.lastEventId, "7");
  });

  test("are asked for in a way of one's own, and from where an earlier source had come", async () => {
    await using manager = await open();
    const source = manager.eventSource(at("/events/request"), {
      method: "POST",
      headers: { "X-Own": "1", Accept: "text/event-stream, */*" },
      body: "question",
      lastEventId: "käse 1",
    });
    const [event] = await read(source, 1);
    source.close();
    const facts = JSON.parse(event?.replace(/^request \S* /, "").replace(/^\d+ /, "") ?? "") as {
      readonly method: string;
      readonly headers: Record<string, string>;
      readonly body: string;
    };
    assert.deepEqual([facts.method, facts.body], ["POST", "question"]);
    assert.equal(facts.headers["x-own"], "1");
    assert.equal(facts.headers["accept"], "text/event-stream, */*");
    assert.equal(Buffer.from(facts.headers["last-event-id"] ?? "", "latin1").toString(), "käse 1");
  });

  test("are asked for without an id that no field can hold", async () => {
    await using manager = await open();
    for (const id of ["\u0001", "x".repeat(10_000)]) {
      const source = manager.eventSource(at("/events/request"), { lastEventId: id });
      const [event = ""] = await read(source, 1);
      source.close();
      assert.ok(!event.includes('"last-event-id"'), event.slice(0, 200));
      assert.equal(source.lastEventId, id);
    }
  });

  test("follow redirects, bring cookies, and tell their origin", async () => {
    await using manager = await open();
    await (await manager.request(at("/cookies/set?flavour=oat"))).bytes();
    const to = encodeURIComponent("/events/request");
    const source = manager.eventSource(at(`/redirect/307?to=${to}`));
    const event = once(source, "request");
    const [{ data, origin }] = (await event) as [{ readonly data: string; readonly origin: string }];
    assert.match(data, /"cookie":"flavour=oat"/);
    assert.equal(origin, fixture.network.https.origin);
    assert.equal(transactionOf(source)?.hops.length, 2);
  });
});

describe("a source of events ends", () => {
  test("where the answer is no event stream, and says what it is", async () => {
    await using manager = await open();
    for (const [path, detail] of [
      ["/status/404", /status 404/],
      ["/status/503", /status 503/],
      ["/json", /content type/],
    ] as const) {
      const source = openSource(manager, path);
      await assert.rejects(read(source), (error) => {
        assert.ok(isCodedError(error));
        assert.equal(error.code, "EVENT_STREAM_MISSING");
        assert.match(error.message, detail);
        return true;
      });
      assert.equal(source.readyState, source.CLOSED);
    }
  });

  test("where what failed will fail again, and where attempts have an end", async () => {
    await using manager = await open({ tls: { trust: { type: "anchors", certificates: [] } } });
    await assert.rejects(read(openSource(manager, "/events")), { name: "TlsError" });
    await using silent = await scriptedServer((socket) => socket.destroy());
    const source = manager.eventSource(silent.origin, { reconnect: { ...reconnect, attempts: 3 } });
    const attempts: number[] = [];
    source.addEventListener("reconnecting", ({ attempt }) => attempts.push(attempt));
    await assert.rejects(read(source), isCodedError);
    assert.deepEqual(attempts, [1, 2, 3]);
    assert.equal(silent.connections.length, 4);
  });

  test("where an event is larger than its limit", async () => {
    await using manager = await open();
    const source = openSource(manager, "/events/flood?bytes=2000", { eventLimitBytes: 1_000 });
    await assert.rejects(read(source), { code: "EVENT_TOO_LARGE" });
  });

  test("when it is closed, in the middle of a stream, of an event, or of waiting", async () => {
    await using manager = await open();
    const stalled = openSource(manager, "/events/stall?each=3&of=3");
    const seen: string[] = [];
    stalled.onmessage = ({ data }) => {
      seen.push(data);
      stalled.close();
    };
    await once(stalled, "message");
    assert.deepEqual(await read(stalled), []);
    assert.deepEqual(seen, ["event 1"]);

    const waiting = manager.eventSource(at("/events?each=1&of=2&retry=600000"));
    await once(waiting, "reconnecting");
    waiting.close();
    assert.equal(waiting.readyState, waiting.CLOSED);
  });

  test("when its signal fires, with the reason, and no listener is left", async () => {
    await using manager = await open();
    const controller = new AbortController();
    const source = openSource(manager, "/events/stall", { signal: controller.signal });
    const reading = read(source);
    await once(source, "open");
    const reason = new Error("no longer wanted");
    controller.abort(reason);
    await assert.rejects(reading, reason);
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
    await assert.rejects(read(openSource(manager, "/events", { signal: controller.signal })), reason);
  });

  test("with its manager: in good order when that closes, with its reason when it is destroyed", async () => {
    const closing = await open();
    const source = openSource(closing, "/events/stall");
    assert.deepEqual(await read(source, 2), ["message 1 event 1", "message 2 event 2"]);
    const reading = read(source);
    await closing.close();
    assert.deepEqual(await reading, []);

    const destroyed = await open();
    const other = openSource(destroyed, "/events/stall");
    await once(other, "open");
    const reason = new Error("the application ends");
    const failed = assert.rejects(read(other), reason);
    await destroyed.destroy(reason);
    await failed;
    await assert.rejects(read(openSource(destroyed, "/events")), isCodedError);
  });
});

describe("a reader of events", () => {
  test("that is slow holds the server back, and misses nothing", async () => {
    const event = `data: ${"x".repeat(60_000)}\n\n`;
    const count = 500;
    const begun = Promise.withResolvers<ServerResponse>();
    await using server = new AsyncDisposableStack();
    const listener = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (let index = 0; index < count; index += 1) response.write(event);
      response.end();
      begun.resolve(response);
    });
    server.defer(async () => {
      listener.close();
      await once(listener, "close");
    });
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    await using manager = await open();
    const { port } = listener.address() as AddressInfo;
    const source = manager.eventSource(`http://127.0.0.1:${String(port)}/`, { reconnect: false });
    await once(source, "open");
    // Much else goes to and fro meanwhile, and of this no more than the buffers of both ends take.
    const response = await begun.promise;
    for (let index = 0; index < 200; index += 1) await (await manager.request(at("/status/200"))).bytes();
    assert.ok(response.writableLength > (count * event.length) / 2);
    assert.equal((await read(source)).length, count);
  });

  test("finds what came before anybody listened", async () => {
    await using manager = await open();
    const source = openSource(manager, "/events?each=3&of=3&before", { reconnect: false });
    await once(source, "error");
    const heard: string[] = [];
    source.addEventListener("message", ({ data }) => heard.push(data));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(heard, ["event 1", "event 2", "event 3"]);
  });
});
