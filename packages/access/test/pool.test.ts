import { transactionOf, type Reply } from "@fairlead/access";
import { Readable } from "node:stream";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SharedQuestions } from "../src/agreement/shared-questions.ts";
import { Authenticator } from "../src/authentication/authenticator.ts";
import { CredentialMemory } from "../src/authentication/credential-memory.ts";
import { HstsMemory } from "../src/memory/hsts-memory.ts";
import { EarlyDataRejections } from "../src/memory/early-data-rejections.ts";
import { LostLessons } from "../src/memory/lost-lessons.ts";
import { TicketBank } from "../src/memory/ticket-bank.ts";
import { hopOptions } from "../src/hop-options.ts";
import { DEFAULT_TIMEOUTS } from "../src/options.ts";
import { ConnectionPools } from "../src/pipeline/pool.ts";
import { createConnector } from "../src/pool/connector.ts";
import { DEFAULT_EXPANSION } from "../src/content-expansion.ts";
import { ReplyReceiver } from "../src/reply.ts";
import { NameCache } from "../src/names/name-cache.ts";
import { ProxyAuthentication } from "../src/route/proxy-authentication.ts";
import { TargetCache } from "../src/target.ts";
import { OpenTransaction } from "../src/transaction.ts";
import { openStore } from "@fairlead/store";
import { nodeTls } from "@fairlead/tls/node";
import { holdingServer } from "./holding-server.ts";
import { networkFixture } from "./network-fixture.ts";
import { answering, closed, response, scriptedServer } from "./scripted-server.ts";

const fixture = networkFixture();
const { open } = fixture;

const connectionOf = (reply: object): number | undefined => transactionOf(reply)?.hops.at(-1)?.connection?.id;
const read = async (reply: Promise<Reply>): Promise<string> => (await reply).text();

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
          backendReason: "the default",
          trust: { type: "default" },
          intermediates: {},
          identity: undefined,
          minVersion: "TLSv1.2",
          maxVersion: "TLSv1.3",
          groups: undefined,
          ciphers: undefined,
          onKeyLog: undefined,
          names: new NameCache({}, Date.now),
          tcp: {},
          proxyAuthentication: new ProxyAuthentication(
            new Authenticator({
              settings: {},
              questions: new SharedQuestions(new AbortController().signal),
              memory: new CredentialMemory(undefined, new LostLessons(), Date.now),
            }),
          ),
          timeouts: DEFAULT_TIMEOUTS,
          countConnection: () => 1,
        },
        new TicketBank(store, Date.now),
        new LostLessons(),
        new EarlyDataRejections(),
      ),
      hsts: new HstsMemory(store, Date.now, undefined),
      timeouts: DEFAULT_TIMEOUTS,
      http2: undefined,
      connectionsPerOrigin: 2,
      acceptAnyCertificate: false,
    });
    await using server = await scriptedServer(answering(() => response("ok")));
    const targets = new TargetCache();
    const ask = async (origin: string): Promise<string> => {
      const exchange = {
        transaction: new OpenTransaction(),
        signal: undefined,
        partition: "",
        timeouts: DEFAULT_TIMEOUTS,
        retry: undefined,
        chooseRoutes: undefined,
        cookies: false,
        siteForCookies: undefined,
        topLevelNavigation: false,
        body: "none" as const,
        reopenBody: undefined,
        earlyData: undefined,
        onAuthenticate: undefined,
        authenticators: [],
        cache: "default" as const,
        redirect: undefined,
      };
      const target = targets.find(origin);
      const limits = { bodyLimitBytes: 1_000, contentExpansion: DEFAULT_EXPANSION };
      const receiver = new ReplyReceiver(exchange, limits, target.peer, undefined, undefined);
      pools.dispatch(hopOptions({ target, path: "/", method: "GET", headers: null, body: null }, exchange), receiver);
      return read(receiver.answer);
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
