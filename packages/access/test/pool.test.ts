import { transactionOf, type Reply } from "@fairlead/access";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HstsMemory } from "../src/memory/hsts-memory.ts";
import { LostLessons } from "../src/memory/lost-lessons.ts";
import { TicketBank } from "../src/memory/ticket-bank.ts";
import { hopOptions } from "../src/hop-options.ts";
import { DEFAULT_TIMEOUTS } from "../src/options.ts";
import { ConnectionPools } from "../src/pipeline/pool.ts";
import { createConnector } from "../src/pool/connector.ts";
import { ReplyReceiver } from "../src/reply.ts";
import { TargetCache } from "../src/target.ts";
import { OpenTransaction } from "../src/transaction.ts";
import { openStore } from "@fairlead/store";
import { nodeTls } from "@fairlead/tls/node";
import { networkFixture } from "./network-fixture.ts";
import { runProgram } from "./programs/run-program.ts";
import { answering, closed, response, scriptedServer, type ScriptedServer } from "./scripted-server.ts";

const fixture = networkFixture();
const { open } = fixture;

const connectionOf = (reply: object): number | undefined => transactionOf(reply)?.hops.at(-1)?.connection?.id;
const read = async (reply: Promise<Reply>): Promise<string> => (await reply).text();

/** A server that holds every request until the test lets it go. */
async function holdingServer(): Promise<
  ScriptedServer & {
    readonly held: { readonly target: string; answer(): void }[];
    whenHeld(count: number): Promise<void>;
  }
> {
  const held: { readonly target: string; answer(): void }[] = [];
  let wake = Promise.withResolvers<undefined>();
  const server = await scriptedServer(
    answering((target, socket) => {
      held.push({ target, answer: () => void socket.write(response(target)) });
      wake.resolve(undefined);
      wake = Promise.withResolvers();
      return undefined;
    }),
  );
  const whenHeld = async (count: number): Promise<void> => {
    while (held.length < count) await wake.promise;
  };
  return Object.assign(server, { held, whenHeld });
}

describe("connections are shared", () => {
  test("requests that follow one another use one connection", async () => {
    await using manager = await open();
    const { https } = fixture.network;
    const before = https.connections.accepted;
    const replies: Reply[] = [];
    for (let index = 0; index < 5; index += 1) {
      const reply = await manager.request(`${https.origin}/json`);
      await reply.bytes();
      replies.push(reply);
    }
    await (await manager.fetch(`${https.origin}/json`)).bytes();
    assert.equal(https.connections.accepted - before, 1);
    assert.deepEqual(
      replies.map((reply) => reply.transaction.hops[0]?.reused),
      [false, true, true, true, true],
    );
  });

  test("requests at once open as many, up to the limit; the others are served in order", async () => {
    await using server = await holdingServer();
    await using manager = await open({ connectionsPerOrigin: 3 });
    const order: string[] = [];
    const requests = ["/1", "/2", "/3", "/4", "/5", "/6"].map(async (path) => {
      order.push(await read(manager.request(server.origin + path)));
    });
    await server.whenHeld(3);
    assert.deepEqual(server.held.map(({ target }) => target).sort(), ["/1", "/2", "/3"]);
    for (let index = 0; index < 6; index += 1) {
      await server.whenHeld(index + 1);
      server.held[index]?.answer();
    }
    await Promise.all(requests);
    assert.deepEqual(
      server.held.slice(3).map(({ target }) => target),
      ["/4", "/5", "/6"],
    );
    assert.equal(server.connections.length, 3);
  });

  test("the connection that was used last is used next", async () => {
    await using server = await holdingServer();
    await using manager = await open();
    const first = manager.request(`${server.origin}/1`);
    await server.whenHeld(1);
    const second = manager.request(`${server.origin}/2`);
    await server.whenHeld(2);
    server.held[1]?.answer();
    await read(second);
    server.held[0]?.answer();
    await read(first);
    const third = manager.request(`${server.origin}/3`);
    await server.whenHeld(3);
    server.held[2]?.answer();
    assert.equal(connectionOf(await third), connectionOf(await first));
  });

  test("each origin has connections of its own", async () => {
    await using manager = await open();
    const { network } = fixture;
    const ids = [];
    for (const host of ["a.fairlead.test", "b.fairlead.test", "a.fairlead.test"]) {
      const reply = await manager.request(`${network.origin("https", host)}/json`);
      await reply.bytes();
      ids.push(connectionOf(reply));
    }
    assert.equal(ids[0], ids[2]);
    assert.notEqual(ids[0], ids[1]);
  });

  test("a pool goes when its last connection has gone", async () => {
    const store = await openStore("memory:");
    const pools = new ConnectionPools({
      connector: createConnector(
        {
          backend: nodeTls,
          trust: { type: "default" },
          identity: undefined,
          identityFingerprint: undefined,
          minVersion: "TLSv1.2",
          maxVersion: "TLSv1.3",
          lookup: undefined,
          timeouts: DEFAULT_TIMEOUTS,
        },
        new TicketBank(store, Date.now),
        new LostLessons(),
      ),
      hsts: new HstsMemory(store, Date.now),
      timeouts: DEFAULT_TIMEOUTS,
      connectionsPerOrigin: 2,
      acceptAnyCertificate: false,
    });
    await using server = await scriptedServer(answering(() => response("ok")));
    const targets = new TargetCache();
    const ask = async (origin: string): Promise<string> => {
      const exchange = {
        transaction: new OpenTransaction(),
        signal: undefined,
        cookies: false,
        siteForCookies: undefined,
        topLevelNavigation: false,
        redirect: undefined,
      };
      const target = targets.find(origin);
      const receiver = new ReplyReceiver(exchange, 1_000, target.peer, undefined);
      pools.dispatch(hopOptions({ target, path: "/", method: "GET", headers: null, body: null }, exchange), receiver);
      return read(receiver.reply);
    };
    assert.equal(await ask(server.origin), "ok");
    assert.equal(await ask(server.origin), "ok");
    assert.equal(pools.size, 1);
    const socket = await server.connection(1);
    socket.end();
    await closed(socket);
    await assert.rejects(ask("http://nowhere.invalid"), { code: "NAME_NOT_FOUND" });
    assert.equal(pools.size, 0);
    await store.close();
  });
});

describe("connections that end", () => {
  test("one that the server closed while nobody used it is replaced", async () => {
    await using server = await scriptedServer(answering(() => response("ok")));
    await using manager = await open();
    await read(manager.request(server.origin));
    const socket = await server.connection(1);
    socket.end();
    await closed(socket);
    await read(manager.request(server.origin));
    assert.equal(server.connections.length, 2);
  });

  test("after HEAD, and after Connection: close, the next request has a new one", async () => {
    await using server = await scriptedServer(
      answering((target) => (target === "/close" ? response("ok", "Connection: close") : response("ok"))),
    );
    await using manager = await open();
    for (const [method, path] of [
      ["HEAD", "/"],
      ["GET", "/close"],
      ["GET", "/"],
    ] as const) {
      const reply = await manager.request(server.origin + path, { method });
      assert.equal(await reply.text(), method === "HEAD" ? "" : "ok");
    }
    assert.equal(server.connections.length, 3);
  });

  test("a response that ends before the request's body is the response, and its connection is closed", async () => {
    await using server = await scriptedServer((socket) => {
      socket.once("data", () => void socket.write(response("enough")));
    });
    await using manager = await open({ connectionsPerOrigin: 1 });
    const body = new Readable({ read: () => undefined });
    body.push("a piece, and never an end");
    assert.equal(await read(manager.request(server.origin, { method: "POST", body })), "enough");
    await closed(await server.connection(1));
    assert.ok(body.destroyed);
    assert.equal(await read(manager.request(server.origin)), "enough");
    assert.equal(server.connections.length, 2);
  });

  for (const connectionsPerOrigin of [1, 128]) {
    test(`bytes beyond the response are nobody's response (${String(connectionsPerOrigin)} connections)`, async () => {
      const forged = response("forged");
      await using server = await scriptedServer((socket, number) => {
        socket.on("data", () => void socket.write(response(`true ${String(number)}`) + (number === 1 ? forged : "")));
      });
      await using manager = await open({ connectionsPerOrigin });
      const bodies = await Promise.all([1, 2, 3].map(() => read(manager.request(server.origin))));
      bodies.push(await read(manager.request(server.origin)));
      assert.ok(
        bodies.every((body) => body.startsWith("true ")),
        bodies.join(),
      );
      await closed(await server.connection(1));
    });
  }

  test("a body beyond its Content-Length ends where that says, and the rest is dropped", async () => {
    await using manager = await open();
    const { origin } = fixture.network.https;
    assert.equal((await (await manager.request(`${origin}/length/long`)).bytes()).length, 10);
    assert.equal((await (await manager.request(`${origin}/json`)).bytes()).length, 1_024);
  });

  test("a body after a 204 is nobody's response", async () => {
    await using manager = await open();
    const { origin } = fixture.network.https;
    assert.equal((await manager.request(`${origin}/length/no-content-body`)).status, 204);
    assert.equal((await (await manager.request(`${origin}/json`)).bytes()).length, 1_024);
  });
});

describe("a kept connection that is closed as a request is written on it (RFC 9112 section 9.3.1)", () => {
  /** Answers the first request of the first connection, and does `then` to the second. Later ones answer always. */
  const closing = (then: (socket: Socket) => void): Promise<ScriptedServer> =>
    scriptedServer((socket, number) => {
      let requests = 0;
      socket.on("data", (bytes) => {
        if (!/^[A-Z]+ /.test(bytes.toString())) return;
        requests += 1;
        if (number === 1 && requests > 1) then(socket);
        else socket.write(response(`connection ${String(number)}`));
      });
    });
  const gone = (socket: Socket): void => void socket.end();

  for (const [what, then] of [
    ["ends", gone],
    ["resets", (socket: Socket) => void socket.resetAndDestroy()],
  ] as const) {
    for (const method of ["GET", "OPTIONS", "PUT", "DELETE"]) {
      test(`${method} is made again once when the server ${what} it`, async () => {
        await using server = await closing(then);
        await using manager = await open();
        const body = method === "PUT" ? { body: "the body" } : {};
        await read(manager.request(server.origin));
        const reply = await manager.request(server.origin, { method, ...body });
        assert.equal(await reply.text(), "connection 2");
        assert.equal(reply.transaction.hops.length, 1);
        assert.equal(reply.transaction.hops[0]?.reused, false);
        assert.equal(await read(manager.request(server.origin)), "connection 2");
      });
    }
  }

  test("fetch has the same", async () => {
    await using server = await closing(gone);
    await using manager = await open();
    await (await manager.fetch(server.origin)).text();
    assert.equal(await (await manager.fetch(server.origin)).text(), "connection 2");
  });

  test("what might do harm a second time is not", async () => {
    const table: { method: string; body?: string | Readable }[] = [
      { method: "POST", body: "the body" },
      { method: "PATCH" },
      { method: "PUT", body: Readable.from(["a stream"]) },
    ];
    for (const request of table) {
      await using server = await closing(gone);
      await using manager = await open();
      await read(manager.request(server.origin));
      await assert.rejects(manager.request(server.origin, request), { code: "RESPONSE_MISSING" });
      assert.equal(server.connections.length, 1);
    }
  });

  for (const bytes of ["H", "HTTP/1.1 2", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n"]) {
    test(`nor is a request whose response had begun with ${JSON.stringify(bytes)}`, async () => {
      await using server = await closing((socket) => void socket.end(bytes));
      await using manager = await open();
      await read(manager.request(server.origin));
      await assert.rejects(manager.request(server.origin), { code: "RESPONSE_MISSING" });
      assert.equal(server.connections.length, 1);
    });
  }

  test("nor one that was written on a new connection", async () => {
    await using server = await scriptedServer((socket) => void socket.once("data", () => void socket.end()));
    await using manager = await open();
    await assert.rejects(manager.request(server.origin), { code: "RESPONSE_MISSING" });
    assert.equal(server.connections.length, 1);
  });

  test("nor a third time", async () => {
    await using server = await scriptedServer((socket, number) => {
      let requests = 0;
      socket.on("data", () => {
        requests += 1;
        if (number === 1 && requests === 1) socket.write(response("ok"));
        else socket.end();
      });
    });
    await using manager = await open();
    await read(manager.request(server.origin));
    await assert.rejects(manager.request(server.origin), { code: "RESPONSE_MISSING" });
    assert.equal(server.connections.length, 2);
  });

  test("nor one that was aborted meanwhile", async () => {
    const controller = new AbortController();
    await using server = await closing((socket) => {
      controller.abort(new Error("enough"));
      socket.end();
    });
    await using manager = await open();
    await read(manager.request(server.origin));
    await assert.rejects(manager.request(server.origin, { signal: controller.signal }), { message: "enough" });
    await closed(await server.connection(1));
    assert.equal(server.connections.length, 1);
  });
});

describe("closing a manager", () => {
  test("close waits for what is under way and what is queued", async () => {
    await using server = await holdingServer();
    const manager = await open({ connectionsPerOrigin: 1 });
    const requests = ["/1", "/2"].map((path) => read(manager.request(server.origin + path)));
    await server.whenHeld(1);
    let isClosed = false;
    const closing = manager.close().then(() => {
      isClosed = true;
    });
    await assert.rejects(manager.request(server.origin), { code: "MANAGER_CLOSED" });
    await assert.rejects(manager.fetch(server.origin), { code: "MANAGER_CLOSED" });
    server.held[0]?.answer();
    await server.whenHeld(2);
    assert.equal(isClosed, false);
    server.held[1]?.answer();
    assert.deepEqual(await Promise.all(requests), ["/1", "/2"]);
    await closing;
    await closed(await server.connection(1));
    await manager.close();
  });

  test("close ends idle connections at once", async () => {
    await using server = await scriptedServer(answering(() => response("ok")));
    const manager = await open();
    await read(manager.request(server.origin));
    await manager.close();
    await closed(await server.connection(1));
  });

  test("destroy fails what is under way, queued and being connected", async () => {
    await using server = await holdingServer();
    const manager = await open({ connectionsPerOrigin: 1, lookup: () => undefined });
    const requests = [`${server.origin}/1`, `${server.origin}/2`, "https://never.example/"].map((url) =>
      manager.request(url),
    );
    const fetched = manager.fetch(`${server.origin}/3`);
    const reasons = Promise.allSettled([...requests, fetched]);
    await server.whenHeld(1);
    await manager.destroy();
    for (const result of await reasons) {
      assert.equal(result.status, "rejected");
      assert.equal((result.reason as { code?: string }).code, "MANAGER_CLOSED");
    }
    await closed(await server.connection(1));
    await assert.rejects(manager.request(server.origin), { code: "MANAGER_CLOSED" });
    await manager.destroy();
    await manager.close();
  });

  test("destroy with a reason: everything fails with exactly that", async () => {
    await using server = await holdingServer();
    const manager = await open({ connectionsPerOrigin: 1 });
    const reason = new Error("the application ends");
    const results = Promise.allSettled(["/1", "/2"].map((path) => manager.request(server.origin + path)));
    await server.whenHeld(1);
    await manager.destroy(reason);
    for (const result of await results) assert.equal(result.status === "rejected" && result.reason, reason);
  });

  test("destroy after close has begun ends the waiting of both", async () => {
    await using server = await holdingServer();
    const manager = await open();
    const request = assert.rejects(manager.request(server.origin), { code: "MANAGER_CLOSED" });
    await server.whenHeld(1);
    const closing = manager.close();
    await manager.destroy();
    await closing;
    await request;
  });

  test("a body that nobody reads is ended by destroy", async () => {
    const manager = await open();
    const reply = await manager.request(`${fixture.network.https.origin}/bytes/10000000`);
    await manager.destroy();
    await assert.rejects(reply.bytes(), { code: "MANAGER_CLOSED" });
  });
});

describe("processes", () => {
  test("one with idle connections ends by itself", async () => {
    const { code, output, errors } = await runProgram("idle-connections", origin(), certificate());
    assert.deepEqual({ code, output, errors }, { code: 0, output: [1_024, 1_024, 1_024], errors: "" });
  });

  test("a hundred requests at once to endpoints that fail end in results and typed errors, and leave nothing", async () => {
    const { code, output, errors } = await runProgram("flaky-endpoints", origin(), certificate());
    assert.equal(errors, "");
    assert.equal(code, 0);
    const { outcomes, resources } = output as { outcomes: Record<string, number>; resources: string[] };
    assert.deepEqual(Object.keys(outcomes).sort(), ["result", "typed"]);
    assert.deepEqual(resources, []);
  });

  test("requests that are over are forgotten: their hops, their replies, their listeners", async () => {
    const { code, output, errors } = await runProgram("finished-requests", fixture.network.http.origin);
    assert.equal(errors, "");
    assert.equal(code, 0);
    const { seen, reachable, listeners } = output as Record<string, number>;
    assert.equal(seen, 2_000);
    assert.equal(listeners, 0);
    // The engine keeps its last few requests for as long as a connection lives.
    assert.ok(reachable !== undefined && reachable < 20, `${String(reachable)} of ${String(seen)}`);
  });

  const origin = (): string => fixture.network.https.origin.replace("localhost", "127.0.0.1");
  const certificate = (): string => fixture.network.ca.certificate;
});
