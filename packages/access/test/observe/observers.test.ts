import { HopMessages, openNetworkAccessManager, type Attempt, type Observer } from "@fairlead/access";
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { once } from "node:events";
import { describe, test } from "node:test";
import { networkFixture } from "../network-fixture.ts";
import { answering, response, scriptedServer } from "../scripted-server.ts";

const fixture = networkFixture();
const { open, either } = fixture;

/** Writes down what it is told. */
function diary(): { readonly entries: string[]; readonly observer: Observer } {
  const entries: string[] = [];
  const note = (...parts: (string | number | undefined)[]): void =>
    void entries.push(parts.filter((part) => part !== undefined).join(" "));
  const observer: Observer = {
    requestStarted: ({ method, url }) => {
      note("request", method, new URL(url).pathname);
      return {
        hopStarted: (hop) => {
          note("hop", new URL(hop.url).protocol);
        },
        attemptStarted: ({ number }) => {
          note("attempt", number);
          return {
            ended: (status, error) => {
              note("answered", status, error?.name);
            },
          };
        },
        hopEnded: ({ status, error }) => {
          note("hop ended", status, error?.name);
        },
        ended: (error) => {
          note("ended", error?.name);
        },
      };
    },
    connectionOpened: ({ id }) => {
      note("connection", id);
    },
  };
  return { entries, observer };
}

describe("an observer", () => {
  test("is told of hops, attempts and connections in order", async () => {
    await using manager = await open();
    await (await manager.request(`${either("https")}/hsts/good/year`)).bytes();
    const { entries, observer } = diary();
    using watching = manager.observe(observer);
    await (await manager.request(`${either("http")}/redirect/302?to=/bytes/1`)).bytes();
    assert.deepEqual(entries, [
      "request GET /redirect/302",
      ...["hop http:", "hop ended 307"],
      ...["hop https:", "attempt 0", "answered 302", "hop ended 302"],
      ...["hop https:", "attempt 1", "answered 200", "hop ended 200"],
      "ended",
    ]);
    watching[Symbol.dispose]();
    await (await manager.request(`${either("https")}/bytes/1`)).bytes();
    assert.equal(entries.at(-1), "ended");
    assert.equal(entries.filter((entry) => entry.startsWith("request")).length, 1);
  });

  test("is told of each attempt of a hop", async () => {
    let asked = 0;
    await using server = await scriptedServer(
      answering((_target, socket) => {
        asked += 1;
        if (asked === 1) return "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
        if (asked > 3) return response("done");
        socket.destroy();
        return undefined;
      }),
    );
    await using manager = await openNetworkAccessManager({ retry: { backoffMilliseconds: 0 } });
    const { entries, observer } = diary();
    manager.observe(observer);
    await (await manager.request(server.origin)).bytes();
    assert.deepEqual(entries, [
      "request GET /",
      "hop http:",
      ...["attempt 0", "connection 1", "answered 503"],
      ...["attempt 1", "connection 2", "answered ProtocolError"],
      ...["attempt 2", "connection 3", "answered 200"],
      ...["hop ended 200", "ended"],
    ]);
  });

  test("that is told of a request knows whose call it is", async () => {
    await using manager = await open();
    const storage = new AsyncLocalStorage<string>();
    const callers: unknown[] = [];
    manager.observe({ requestStarted: () => void callers.push(storage.getStore()) });
    const url = `${fixture.network.https.origin}/bytes/1`;
    await storage.run("a", async () => (await manager.request(url)).bytes());
    await storage.run("b", async () => (await manager.fetch(new Request(url, { method: "POST", body: "x" }))).text());
    assert.deepEqual(callers, ["a", "b"]);
  });

  test("sees what is sent, and adds to it what is not there", async () => {
    await using manager = await open();
    const seen: (string | undefined)[] = [];
    const attemptStarted = (attempt: Attempt): { fields: readonly (readonly [string, string])[] } => {
      seen.push(attempt.field("x-a"), attempt.field("cookie"));
      return {
        fields: [
          ["x-a", "2"],
          ["x-b", "3"],
        ],
      };
    };
    manager.observe({ requestStarted: () => ({ attemptStarted }) });
    await (await manager.request(`${fixture.network.https.origin}/cookies/set?c=1`)).bytes();
    await (await manager.request(`${fixture.network.https.origin}/echo`, { headers: { "X-A": "1" } })).bytes();
    const { headers } = fixture.network.requests.at(-1) ?? {};
    assert.deepEqual([headers?.["x-a"], headers?.["x-b"]], ["1", "3"]);
    assert.deepEqual(seen, [undefined, undefined, "1", "c=1"]);
  });

  test("of what memory answers no attempt is told", async () => {
    await using server = await scriptedServer(answering(() => response("x", "Cache-Control: max-age=60")));
    await using manager = await openNetworkAccessManager();
    await (await manager.request(server.origin)).bytes();
    const { entries, observer } = diary();
    manager.observe(observer);
    await (await manager.request(server.origin)).bytes();
    assert.deepEqual(entries, ["request GET /", "hop http:", "hop ended 200", "ended"]);
  });

  test("that throws harms no request, and is a warning", async () => {
    await using manager = await open();
    const broken = (): never => {
      throw new Error("an observer's own");
    };
    manager.observe({ requestStarted: broken, connectionOpened: broken });
    manager.observe({
      requestStarted: () => ({ hopStarted: broken, hopEnded: broken, attemptStarted: broken, ended: broken }),
    });
    const warned = once(process, "warning");
    const reply = await manager.request(`${fixture.network.https.origin}/bytes/1`);
    assert.equal((await reply.bytes()).length, 1);
    assert.match(String(await warned), /an observer's own/);
  });
});

describe("hop.messages", () => {
  for (const [listener, head] of [
    ["https", /^POST \/echo HTTP\/1\.1\r\nhost: /],
    ["https-h2", /^:method POST :scheme https :authority /],
  ] as const) {
    test(`keep what was sent and received, by the listener ${listener}`, async () => {
      await using manager = await open();
      const url = `https://a.fairlead.test:${String(fixture.network.service(listener).port)}/echo`;
      const kept: HopMessages[] = [];
      manager.observe({
        requestStarted: () => ({
          hopStarted: (hop) => {
            hop.messages = new HopMessages(1000);
            kept.push(hop.messages);
          },
        }),
      });
      const reply = await manager.request(url, { method: "POST", body: "12345" });
      const body = await reply.text();
      const [messages] = kept;
      assert.match([messages?.requestHead ?? ""].flat().join(" "), head);
      assert.equal(String(messages?.requestBody?.read()), "12345");
      assert.equal(String(messages?.responseBody?.read()), body);
      assert.equal(messages?.responseFields?.["content-type"], reply.headers["content-type"]);
      assert.ok((reply.transaction.hops[0]?.timing.send ?? -1) >= 0);
    });
  }

  test("keep no body that is larger than the limit", async () => {
    await using manager = await open();
    const messages = new HopMessages(1000);
    const hopStarted = (hop: { messages: HopMessages | undefined }): void => void (hop.messages = messages);
    manager.observe({ requestStarted: () => ({ hopStarted }) });
    await (await manager.request(`${fixture.network.https.origin}/bytes/1001`)).bytes();
    assert.deepEqual([messages.responseBody?.isWhole, messages.responseBody?.bytes], [false, 0]);
    assert.ok(messages.bytes < 2000);
  });
});
