import type { NetworkAccessManagerOptions, ResolveName } from "@fairlead/access";
import { getEventListeners, once } from "node:events";
import type { LookupFunction } from "node:net";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture } from "./network-fixture.ts";
import { answering, closed, response, scriptedServer, spoken } from "./scripted-server.ts";
import { tlsBackends } from "./tls-backends.ts";
import { ways } from "./ways-of-asking.ts";

const fixture = networkFixture();
const { open } = fixture;

/** The reasons of the caller's own: whatever it is, it comes back as it is. */
const reasons: [what: string, reason: unknown][] = [
  ["an Error", new Error("enough")],
  ["no Error at all", { not: "an error" }],
  ["the default", undefined],
];

/** Brings a request to a stage, on which the test then fires the signal. */
interface Stage {
  readonly options?: NetworkAccessManagerOptions;
  readonly url: string;
  /** Resolves when the stage is reached. */
  readonly reached: Promise<unknown>;
  /** Resolves when the peer has seen the connection go, where there was one. */
  readonly gone?: () => Promise<unknown>;
}

async function checkAborted(prepare: () => Stage | Promise<Stage>): Promise<void> {
  for (const [way, ask] of ways) {
    for (const [what, given] of reasons) {
      const stage = await prepare();
      const controller = new AbortController();
      const { signal } = controller;
      const manager = await open(stage.options);
      const failed = ask(manager, stage.url, signal).then(
        () => assert.fail("it succeeded"),
        (error: unknown) => ({ error }),
      );
      await stage.reached;
      controller.abort(given);
      const { error } = await failed;
      assert.equal(error, signal.reason, `${way}, ${what}`);
      await stage.gone?.();
      // Closing waits for what is under way: it ends because nothing is.
      await manager.close();
      assert.deepEqual(getEventListeners(signal, "abort"), [], `${way}, ${what}: no listener stays`);
    }
  }
}

/** What resolves a name when the test says so. */
function heldLookup(): { readonly lookup: LookupFunction; readonly asked: Promise<undefined> } {
  const asked = Promise.withResolvers<undefined>();
  const lookup: LookupFunction = () => {
    asked.resolve(undefined);
  };
  return { lookup, asked: asked.promise };
}

describe("an abort ends a request with exactly the signal's reason", () => {
  test("before the call", async () => {
    for (const [way, ask] of ways) {
      for (const [what, given] of reasons) {
        await using manager = await open({ lookup: () => assert.fail("a name was looked up") });
        const signal = AbortSignal.abort(given);
        const error = await ask(manager, "https://a.example/", signal).catch((reason: unknown) => reason);
        assert.equal(error, signal.reason, `${way}, ${what}`);
        assert.deepEqual(getEventListeners(signal, "abort"), []);
      }
    }
  });

  test("while the name is resolved", async () => {
    await checkAborted(() => {
      const { lookup, asked } = heldLookup();
      return { options: { lookup }, url: "https://a.example/", reached: asked };
    });
  });

  for (const backend of tlsBackends)
    test(`in the TLS handshake, over ${backend.name}`, async () => {
      await using server = await scriptedServer((socket) => void socket.resume());
      await checkAborted(() => {
        const connection = server.connection(server.connections.length + 1);
        return {
          options: { tls: { backend } },
          url: `https://127.0.0.1:${String(server.port)}/`,
          reached: connection.then(spoken),
          gone: async () => closed(await connection),
        };
      });
    });

  test("after the request is sent", async () => {
    await using server = await scriptedServer(() => undefined);
    await checkAborted(() => {
      const connection = server.connection(server.connections.length + 1);
      return {
        url: server.origin,
        reached: connection.then(spoken),
        gone: async () => closed(await connection),
      };
    });
  });

  test("after an interim response", async () => {
    await using server = await scriptedServer(answering(() => "HTTP/1.1 103 Early Hints\r\n\r\n"));
    await checkAborted(() => {
      const connection = server.connection(server.connections.length + 1);
      return {
        url: server.origin,
        reached: connection.then(spoken),
        gone: async () => closed(await connection),
      };
    });
  });

  test("in a redirect's own response", async () => {
    const bytes = "HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 5\r\n\r\n";
    await using server = await scriptedServer(answering((target) => (target === "/" ? bytes : undefined)));
    await checkAborted(() => {
      const first = server.connections.length;
      return { url: `${server.origin}/`, reached: server.connection(first + 2) };
    });
  });

  test("in the middle of the body", async () => {
    await using server = await scriptedServer(answering(() => "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart"));
    for (const [what, given] of reasons) {
      const number = server.connections.length + 1;
      const controller = new AbortController();
      const { signal } = controller;
      await using manager = await open();
      const reply = await manager.request(server.origin, { signal });
      const text = reply.text();
      controller.abort(given);
      const error = await text.catch((reason: unknown) => reason);
      assert.equal(error, signal.reason, what);
      await closed(await server.connection(number));
      assert.deepEqual(getEventListeners(signal, "abort"), []);
    }
    for (const [what, given] of reasons) {
      const number = server.connections.length + 1;
      const controller = new AbortController();
      const { signal } = controller;
      await using manager = await open();
      const reply = await manager.fetch(server.origin, { signal });
      const text = reply.text();
      controller.abort(given);
      const error = await text.catch((reason: unknown) => reason);
      assert.equal(error, signal.reason, what);
      await closed(await server.connection(number));
      assert.deepEqual(getEventListeners(signal, "abort"), []);
    }
  });

  test("while nobody has asked for the body yet", async () => {
    await using server = await scriptedServer(answering(() => "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart"));
    await using manager = await open();
    const controller = new AbortController();
    const reply = await manager.request(server.origin, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await closed(await server.connection(1));
    await assert.rejects(reply.text(), { message: "enough" });
  });

  test("while a stream of the body is read", async () => {
    await using server = await scriptedServer(answering(() => "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart"));
    await using manager = await open();
    const controller = new AbortController();
    const reply = await manager.request(server.origin, { signal: controller.signal });
    const reading = (async () => {
      for await (const piece of reply) {
        assert.equal(Buffer.from(piece).toString(), "part");
        controller.abort(new Error("enough"));
      }
    })();
    await assert.rejects(reading, { message: "enough" });
    await closed(await server.connection(1));
  });
});

describe("an abort harms no other request", () => {
  test("while waiting for a free connection", async () => {
    for (const [way, ask] of ways) {
      await using server = await scriptedServer(
        answering((target) => (target === "/held" ? undefined : response("ok"))),
      );
      await using manager = await open({ connectionsPerOrigin: 1 });
      const held = manager.request(`${server.origin}/held`);
      const socket = await server.connection(1);
      await spoken(socket);
      const controller = new AbortController();
      const { signal } = controller;
      const aborted = ask(manager, `${server.origin}/aborted`, signal).catch((error: unknown) => error);
      const after = manager.request(`${server.origin}/after`);
      // Both are in the queue now: `fetch` dispatches in a microtask or two.
      await new Promise((resolve) => setImmediate(resolve));
      controller.abort(new Error("enough"));
      assert.equal(await aborted, signal.reason, way);
      assert.deepEqual(getEventListeners(signal, "abort"), []);
      socket.write(response("held"));
      assert.equal(await (await held).text(), "held");
      assert.equal(await (await after).text(), "ok");
      assert.equal(server.connections.length, 1);
    }
  });

  test("two requests of one signal end together, and a third one of another signal goes on", async () => {
    await using server = await scriptedServer(answering((target) => (target === "/on" ? response("on") : undefined)));
    await using manager = await open();
    const controller = new AbortController();
    const { signal } = controller;
    const ended = ["/1", "/2"].map((path) => manager.request(server.origin + path, { signal }));
    const results = Promise.allSettled(ended);
    await server.connection(2);
    const on = manager.request(`${server.origin}/on`, { signal: new AbortController().signal });
    controller.abort(new Error("enough"));
    for (const result of await results) assert.equal(result.status === "rejected" && result.reason, signal.reason);
    assert.equal(await (await on).text(), "on");
  });

  test("while a kept connection turns out to be closed and another one is being opened", async () => {
    await using server = await scriptedServer((socket) => {
      socket.once("data", () => {
        socket.write(response("ok"));
        socket.once("data", () => socket.end());
      });
    });
    let lookups = 0;
    const asked = Promise.withResolvers<undefined>();
    const resolve: ResolveName = () => {
      lookups += 1;
      if (lookups === 1) return Promise.resolve({ addresses: ["127.0.0.1"], ttlSeconds: 0 });
      asked.resolve(undefined);
      return new Promise(() => undefined);
    };
    await using manager = await open({ resolve });
    const url = `http://a.example:${String(server.port)}/`;
    await (await manager.request(url)).text();
    const controller = new AbortController();
    const request = manager.request(url, { signal: controller.signal });
    await asked.promise;
    controller.abort(new Error("enough"));
    await assert.rejects(request, { message: "enough" });
  });

  test("between the end of a kept connection and the opening of another one", async () => {
    await using server = await scriptedServer(answering(() => response("ok")));
    let lookups = 0;
    const resolve: ResolveName = () => {
      lookups += 1;
      if (lookups === 1) return Promise.resolve({ addresses: ["127.0.0.1"], ttlSeconds: 0 });
      return new Promise(() => undefined);
    };
    await using manager = await open({ resolve });
    const url = `http://a.example:${String(server.port)}/`;
    await (await manager.request(url)).text();
    // The end is in the client's socket, and the loop has not looked there: it does so between timers and immediates,
    // and an immediate is what the engine waits for before it trusts a kept connection.
    const ended = once(await server.connection(1), "finish");
    (await server.connection(1)).end();
    await ended;
    const controller = new AbortController();
    const request = new Promise((resolve, reject) => {
      setTimeout(() => {
        manager.request(url, { signal: controller.signal }).then(resolve, reject);
        controller.abort(new Error("enough"));
      }, 1);
      for (const until = performance.now() + 3; performance.now() < until; );
    });
    await assert.rejects(request, { message: "enough" });
  });

  test("in the moment in which a kept connection is looked at before its use", async () => {
    await using server = await scriptedServer(answering(() => response("ok")));
    await using manager = await open();
    await (await manager.request(server.origin)).text();
    const controller = new AbortController();
    const request = manager.request(server.origin, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await assert.rejects(request, { message: "enough" });
    assert.equal(await (await manager.request(server.origin)).text(), "ok");
  });
});

for (const [name, ask] of ways) {
  test(`an abort while the application is asked about a redirect ends the ${name}`, async () => {
    const asked = Promise.withResolvers<undefined>();
    await using manager = await open({
      redirect: { type: "ask" },
      onRedirect: () => {
        asked.resolve(undefined);
        return new Promise<boolean>(() => undefined);
      },
    });
    const controller = new AbortController();
    const { signal } = controller;
    const request = ask(manager, `${fixture.network.https.origin}/redirect/chain/3`, signal);
    await asked.promise;
    controller.abort(new Error("enough"));
    await assert.rejects(request, { message: "enough" });
    assert.deepEqual(getEventListeners(signal, "abort"), []);
  });

  test(`an onRedirect that aborts and throws ends the ${name} with the signal's reason`, async () => {
    const controller = new AbortController();
    await using manager = await open({
      redirect: { type: "ask" },
      onRedirect: () => {
        controller.abort(new Error("enough"));
        throw new Error("the application's own");
      },
    });
    const request = ask(manager, `${fixture.network.https.origin}/redirect/chain/3`, controller.signal);
    await assert.rejects(request, (error: Error) => /enough|own/.test(error.message));
  });
}
