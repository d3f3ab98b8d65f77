import {
  openNetworkAccessManager,
  type ConnectionMessage,
  type HopMessage,
  type RequestMessage,
} from "@fairlead/access";
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe, tracingChannel, unsubscribe } from "node:diagnostics_channel";
import { describe, test } from "node:test";
import { networkFixture } from "../network-fixture.ts";
import { scriptedServer } from "../scripted-server.ts";

const fixture = networkFixture();
const { open, either } = fixture;

interface Told {
  "fairlead:hop": HopMessage;
  "fairlead:connection": ConnectionMessage;
}

/** Subscribes for one test, and tells what the channel was told, in order. */
function listening<Name extends keyof Told>(name: Name): { readonly messages: Told[Name][] } & Disposable {
  const messages: Told[Name][] = [];
  const onMessage = (message: unknown): void => void messages.push(message as Told[Name]);
  subscribe(name, onMessage);
  return { messages, [Symbol.dispose]: () => unsubscribe(name, onMessage) };
}

function tracing(): { readonly events: string[]; readonly messages: Set<RequestMessage> } & Disposable {
  const events: string[] = [];
  const messages = new Set<RequestMessage>();
  const note = (event: string) => (message: unknown) => {
    const { status, error } = message as RequestMessage;
    messages.add(message as RequestMessage);
    events.push([event, status, error?.name].filter((part) => part !== undefined).join(" "));
  };
  const subscribers = {
    start: note("start"),
    end: note("end"),
    asyncStart: note("asyncStart"),
    asyncEnd: note("asyncEnd"),
    error: note("error"),
  };
  const requests = tracingChannel("fairlead:request");
  requests.subscribe(subscribers);
  return {
    events,
    messages,
    [Symbol.dispose]: () => {
      requests.unsubscribe(subscribers);
    },
  };
}

describe("tracing:fairlead:request", () => {
  for (const way of ["request", "fetch"] as const) {
    test(`tells of call, response and end in this order, by ${way}`, async () => {
      using told = tracing();
      await using manager = await open();
      const pending = manager[way](`${fixture.network.https.origin}/bytes/1000000`);
      assert.deepEqual(told.events, ["start", "end"]);
      const response = await pending;
      assert.deepEqual(told.events.splice(0), ["start", "end", "asyncStart 200"]);
      await response.text();
      assert.deepEqual(told.events, ["asyncEnd 200"]);
      const [message, ...others] = told.messages;
      assert.deepEqual(others, []);
      assert.equal(message?.url, `${fixture.network.https.origin}/bytes/1000000`);
    });
  }

  test("tells of a failure before a response, and of one within the body", async () => {
    await using server = await scriptedServer((socket) => {
      socket.on("data", (bytes: Buffer) => {
        if (bytes.includes("/half")) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        socket.end();
      });
    });
    await using manager = await openNetworkAccessManager();
    using told = tracing();
    await assert.rejects(manager.request(server.origin, { method: "POST" }));
    assert.deepEqual(told.events.splice(0), [
      ...["start", "end", "error ProtocolError", "asyncStart ProtocolError", "asyncEnd ProtocolError"],
    ]);
    await assert.rejects((await manager.request(`${server.origin}/half`)).bytes());
    assert.deepEqual(told.events, [
      ...["start", "end", "asyncStart 200", "error 200 ProtocolError", "asyncEnd 200 ProtocolError"],
    ]);
  });

  test("stores that are bound to it hold while the call is made", async () => {
    const storage = new AsyncLocalStorage<string>();
    const { start } = tracingChannel("fairlead:request");
    start.bindStore(storage, (message) => (message as RequestMessage).method);
    try {
      await using server = await scriptedServer((socket) => socket.destroy());
      await using manager = await openNetworkAccessManager({
        lookup: (_name, _options, done) => {
          seen.push(storage.getStore());
          done(null, [{ address: "127.0.0.1", family: 4 }]);
        },
      });
      const seen: (string | undefined)[] = [];
      await assert.rejects(manager.request(`http://somewhere.test:${String(server.port)}/`, { method: "DELETE" }));
      assert.deepEqual(seen, ["DELETE"]);
      assert.equal(storage.getStore(), undefined);
    } finally {
      start.unbindStore(storage);
    }
  });
});

describe("fairlead:hop", () => {
  test("tells of each hop when it has ended, with its fields", async () => {
    using told = listening("fairlead:hop");
    await using manager = await open();
    await (await manager.request(`${either("https")}/hsts/good/year`)).bytes();
    await (await manager.request(`${either("http")}/redirect/302?to=/bytes/1`, { headers: { "X-A": "1" } })).bytes();
    assert.deepEqual(
      told.messages.map(({ status, reason, url }) => [status, reason, new URL(url).pathname]),
      [
        [200, "network", "/hsts/good/year"],
        [307, "hsts", "/redirect/302"],
        [302, "redirect", "/redirect/302"],
        [200, "network", "/bytes/1"],
      ],
    );
    const last = told.messages.at(-1);
    assert.deepEqual(last?.requestFields, [["x-a", "1"]]);
    assert.deepEqual(
      last.responseFields.find(([name]) => name === "content-length"),
      ["content-length", "1"],
    );
    assert.ok((last.durationMilliseconds ?? -1) >= 0);
    assert.equal(last.bytes, 1);
  });
});

describe("fairlead:connection", () => {
  test("tells of connections that are opened, closed, and could not be opened", async () => {
    using told = listening("fairlead:connection");
    {
      await using manager = await open();
      await (await manager.request(`${fixture.network.https.origin}/bytes/1`)).bytes();
      await assert.rejects(manager.request("http://127.0.0.1:1/"));
    }
    assert.deepEqual(
      told.messages.map(({ type, connection, error }) => [
        type,
        connection,
        (error as { code?: string } | undefined)?.code,
      ]),
      [
        ["opened", 1, undefined],
        ["failed", undefined, "CONNECTION_REFUSED"],
        ["closed", 1, undefined],
      ],
    );
    assert.equal(told.messages[0]?.tls?.protocol, "TLSv1.3");
    assert.equal(told.messages[0].origin, fixture.network.https.origin);
  });
});
