import {
  openNetworkAccessManager,
  transactionOf,
  type NetworkAccessManager,
  type NetworkAccessManagerOptions,
  type RequestOptions,
} from "@fairlead/access";
import { createLookup } from "@fairlead/testserver";
import { mintAuthority } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { getEventListeners, once } from "node:events";
import type { RequestListener } from "node:http";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import { cacheOrigin } from "../cache/cache-origin.ts";
import { http2Server } from "../h2/http2-server.ts";
import { webSocketPeer } from "../websocket/websocket-peer.ts";
import { asking, password, statusOf } from "./asking.ts";
import { challenge, serve } from "./authenticating-server.ts";
import { tokenAuthenticator } from "./token-authenticator.ts";

const ca = await mintAuthority();
const open = (options: NetworkAccessManagerOptions = {}): Promise<NetworkAccessManager> =>
  openNetworkAccessManager({
    lookup: createLookup("127.0.0.1"),
    tls: { trust: { type: "anchors", certificates: [ca.certificate] } },
    ...options,
  });

/** Lets in who has the token, and sends the body back. */
const wanting =
  (token: string): RequestListener =>
  (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (request.headers.authorization === `Bearer ${token}`)
        response.end(`let in ${Buffer.concat(chunks).toString()}`);
      else challenge(response, 'Bearer error="invalid_token"');
    });
  };

describe("an authenticator of requests", () => {
  test("says who the client is before anybody asks, where it covers the URL, and nowhere else", async () => {
    await using covered = await serve(wanting("1"));
    await using other = await serve(wanting("1"));
    const authenticator = tokenAuthenticator([covered.origin], "1");
    await using manager = await open({ authenticator });
    const reply = await manager.request(`${covered.origin}/a?b`, { method: "POST", body: "text", headers: { A: "b" } });
    assert.equal(await reply.text(), "let in text");
    assert.equal(await statusOf(manager, other.origin), 401);
    assert.deepEqual(covered.authorizations(), ["Bearer 1"]);
    assert.deepEqual(other.authorizations(), [undefined]);
    const [asked] = authenticator.asked;
    assert.deepEqual(
      [asked?.method, asked?.url.href, asked?.content, asked?.fields, asked?.partition],
      ["POST", `${covered.origin}/a?b`, "text", ["A", "b"], ""],
    );
    assert.deepEqual(authenticator.answers, [200]);
    const [hop] = reply.transaction.hops;
    assert.deepEqual(hop?.authentication, [
      { role: "origin", scheme: "bearer", realm: "", identity: "me", anticipated: true, outcome: "accepted" },
    ]);
    assert.equal(JSON.stringify(reply.transaction.hops).includes("Bearer"), false);
  });

  test("is that of a request in place of the manager's, of several the first that covers the URL, or nobody", async () => {
    await using server = await serve((_request, response) => response.end());
    const here = [server.origin];
    await using manager = await open({ authenticator: tokenAuthenticator(here, "manager") });
    await statusOf(manager, server.origin);
    await statusOf(manager, server.origin, { authenticator: tokenAuthenticator(here, "request") });
    const several = [tokenAuthenticator([], "a"), tokenAuthenticator(here, "b"), tokenAuthenticator(here, "c")];
    await statusOf(manager, server.origin, { authenticator: several });
    await statusOf(manager, server.origin, { authenticator: false });
    await manager.fetch(server.origin);
    await manager.fetch(server.origin, { authenticator: tokenAuthenticator(here, "fetch") });
    await manager.fetch(server.origin, { authenticator: false });
    await manager.fetch(server.origin, { credentials: "omit" });
    await statusOf(manager, server.origin, { headers: { authorization: "Own 1" } });
    const added = manager.addAuthenticator(tokenAuthenticator(here, "added"));
    await statusOf(manager, server.origin);
    added[Symbol.dispose]();
    added[Symbol.dispose]();
    await statusOf(manager, server.origin);
    const sent = [
      "manager",
      "request",
      "b",
      undefined,
      "manager",
      "fetch",
      undefined,
      undefined,
      "",
      "added",
      "manager",
    ];
    assert.deepEqual(
      server.authorizations(),
      sent.map((token) => (token === "" ? "Own 1" : token && `Bearer ${token}`)),
    );
  });

  test("hears of a refusal, and the request is repeated with what it has then, twice at the most", async () => {
    await using server = await serve(wanting("3"));
    const authenticator = tokenAuthenticator([server.origin], "1", "2", "3");
    await using manager = await open({ authenticator });
    const reply = await manager.request(server.origin, { method: "POST", body: "text" });
    assert.equal(await reply.text(), "let in text");
    assert.deepEqual(server.authorizations(), ["Bearer 1", "Bearer 2", "Bearer 3"]);
    const [hop] = reply.transaction.hops;
    assert.deepEqual(hop?.repeats, ["authentication", "authentication"]);
    assert.deepEqual(
      hop.authentication.map(({ anticipated, outcome }) => [anticipated, outcome]),
      [
        [true, "refused"],
        [false, "refused"],
        [false, "accepted"],
      ],
    );
    assert.deepEqual(
      authenticator.refusals.map(({ status, sent, refusedBefore }) => [status, sent, refusedBefore]),
      [
        [401, ["Authorization", "Bearer 1"], 0],
        [401, ["Authorization", "Bearer 2"], 1],
      ],
    );
    const stubborn = tokenAuthenticator([server.origin], "a", "b", "c", "d", "e");
    const refused = await manager.request(server.origin, { authenticator: stubborn });
    assert.equal(await refused.text(), "who are you?");
    assert.equal(refused.status, 401);
    assert.equal(server.requests.length, 6);
    assert.equal(refused.transaction.hops[0]?.authentication.at(-1)?.outcome, "refused");
  });

  test("hears of any 4xx, whose response comes where it has nothing better", async () => {
    await using server = await serve((_request, response) => response.writeHead(403).end("no"));
    const authenticator = tokenAuthenticator([server.origin], "1");
    await using manager = await open({ authenticator });
    const reply = await manager.request(server.origin);
    assert.deepEqual([reply.status, await reply.text()], [403, "no"]);
    assert.deepEqual(
      authenticator.refusals.map(({ status }) => status),
      [403],
    );
    const slow = { ...tokenAuthenticator([server.origin], "1"), refused: () => Promise.resolve(false) };
    const held = await manager.fetch(server.origin, { authenticator: slow });
    assert.deepEqual([held.status, await held.text()], [403, "no"]);
  });

  test("may take its time over what it says; the request ends with what it throws", async () => {
    await using server = await serve(wanting("1"));
    const origins = [server.origin];
    await using manager = await open();
    const slow = {
      ...tokenAuthenticator(origins, "1"),
      authenticate: () => new Promise<string[]>((resolve) => setImmediate(resolve, ["Authorization", "Bearer 1"])),
    };
    assert.equal(await statusOf(manager, server.origin, { authenticator: slow }), 200);
    const failure = new Error("no login");
    for (const authenticate of [
      (): never => {
        throw failure;
      },
      () => Promise.reject(failure),
    ]) {
      const authenticator = { ...tokenAuthenticator(origins, "1"), authenticate };
      await assert.rejects(manager.request(server.origin, { authenticator }), failure);
    }
    const giving = { ...tokenAuthenticator(origins, "wrong"), refused: () => Promise.reject(failure) };
    await assert.rejects(manager.request(server.origin, { authenticator: giving }), failure);
    assert.equal(
      await statusOf(manager, server.origin, { authenticator: { ...slow, authenticate: () => undefined } }),
      401,
    );
  });

  test("is waited for no longer than the request's signal and deadline, and its manager, say", async () => {
    await using server = await serve(wanting("1"));
    const manager = await open();
    const { promise: asked, resolve } = Promise.withResolvers<undefined>();
    const authenticator = {
      ...tokenAuthenticator([server.origin], "1"),
      authenticate: (): Promise<undefined> => {
        resolve(undefined);
        return new Promise(() => undefined);
      },
    };
    const controller = new AbortController();
    const { signal } = controller;
    const request = manager.request(server.origin, { authenticator, signal });
    await asked;
    controller.abort(new Error("enough"));
    await assert.rejects(request, /enough/);
    assert.equal(getEventListeners(signal, "abort").length, 0);
    await assert.rejects(manager.request(server.origin, { authenticator, timeoutMilliseconds: 20 }), {
      name: "TimeoutError",
    });
    const last = manager.request(server.origin, { authenticator });
    const ended = assert.rejects(last, /over/);
    await manager.destroy(new Error("over"));
    await ended;
    assert.equal(server.requests.length, 0);
  });

  test("goes with no redirect to where it does not cover, and with one to where it does", async () => {
    await using there = await serve(wanting("2"));
    await using here = await serve((_request, response) =>
      response.writeHead(307, { Location: `${there.origin}/x` }).end(),
    );
    const authenticator = tokenAuthenticator([here.origin], "1");
    await using manager = await open();
    assert.equal(await statusOf(manager, here.origin, { authenticator }), 401);
    assert.equal((await manager.fetch(here.origin, { authenticator })).status, 401);
    assert.deepEqual(there.authorizations(), [undefined, undefined]);
    const both = [authenticator, tokenAuthenticator([there.origin], "2")];
    assert.equal(await statusOf(manager, here.origin, { authenticator: both }), 200);
  });

  test("sends nothing that others could read, but to loopback, unless that is asked for", async () => {
    await using server = await serve((_request, response) => response.end());
    const plain = server.origin.replace("127.0.0.1", "a.fairlead.test");
    const authenticator = tokenAuthenticator([plain], "1");
    await using manager = await open();
    await assert.rejects(manager.request(plain, { authenticator }), { code: "AUTHENTICATION_REFUSED" });
    // What a proxy calls its own machine is not ours.
    const loopback = tokenAuthenticator(["http://127.0.0.1:9"], "1");
    const proxied = manager.request("http://127.0.0.1:9", { authenticator: loopback, proxy: server.origin });
    await assert.rejects(proxied, { code: "AUTHENTICATION_REFUSED" });
    assert.equal(server.requests.length, 0);
    assert.equal(await statusOf(manager, plain, { authenticator: { ...authenticator, mayBeOverheard: true } }), 200);
    await using daring = await open({ authentication: { dangerous: { sendSecretsInTheClear: true } } });
    assert.equal(await statusOf(daring, plain, { authenticator }), 200);
  });

  test("sends nothing to a server whose certificate is let in by exception", async () => {
    await using server = await http2Server({ ca }, (stream) => {
      stream.respond({ ":status": 200 });
      stream.end();
    });
    const origin = server.origin("b.fairlead.test");
    const authenticator = tokenAuthenticator([origin], "1");
    await using manager = await open({ onCertificateError: () => ({ type: "accept" }) });
    await assert.rejects(manager.request(origin, { authenticator }), { code: "AUTHENTICATION_REFUSED" });
    assert.equal(await statusOf(manager, origin, { authenticator: { ...authenticator, mayBeOverheard: true } }), 200);
    // Where it is known from the start, too.
    await assert.rejects(manager.request(origin, { authenticator }), { code: "AUTHENTICATION_REFUSED" });
  });

  test("leaves a server to the application's own answers where it has nothing to say", async () => {
    await using server = await serve((request, response) => {
      if (request.headers.authorization?.startsWith("Basic") === true) response.end();
      else challenge(response, 'Basic realm="one"');
    });
    const authenticator = tokenAuthenticator([server.origin], "1");
    const { onAuthenticate, questions } = asking(password("me", "secret"));
    const authentication = { dangerous: { sendSecretsInTheClear: true } };
    await using manager = await open({ authenticator, onAuthenticate, authentication });
    assert.equal(await statusOf(manager, server.origin), 401);
    assert.equal(questions.length, 0);
    authenticator.token = undefined;
    assert.equal(await statusOf(manager, server.origin), 200);
  });

  test("has a body sent again that was kept, or is opened anew, and says of what cannot be sent again", async () => {
    await using server = await serve(wanting("2"));
    await using manager = await open();
    const answered = async (body: () => RequestInit["body"] | Readable | (() => Readable)): Promise<string> => {
      const authenticator = tokenAuthenticator([server.origin], "1", "2");
      // What is sent by `request` and by `fetch` differs in type alone.
      const reply = await manager.request(server.origin, { method: "POST", body: body() as Readable, authenticator });
      return reply.text();
    };
    assert.equal(await answered(() => Readable.from([Buffer.from("read "), Buffer.from("once")])), "let in read once");
    assert.equal(await answered(() => () => Readable.from([Buffer.from("anew")])), "let in anew");
    const large = (): Readable => Readable.from([Buffer.alloc(60_000), Buffer.alloc(60_000)]);
    await assert.rejects(answered(large), { code: "AUTHENTICATION_BODY_NOT_REPLAYABLE" });
  });

  test("does the same over HTTP/2", async () => {
    const seen: unknown[] = [];
    await using server = await http2Server({ ca }, (stream, { authorization }) => {
      seen.push(authorization);
      stream.respond({ ":status": authorization === "Bearer 2" ? 200 : 401 });
      stream.end(authorization === "Bearer 2" ? "let in" : "no");
    });
    await using manager = await open({ authenticator: tokenAuthenticator([server.origin()], "1", "2") });
    const reply = await manager.request(server.origin(), { method: "POST", body: "x" });
    assert.equal(await reply.text(), "let in");
    assert.deepEqual(seen, ["Bearer 1", "Bearer 2"]);
    assert.equal(server.sessions.length, 1);
  });

  test("speaks for WebSockets and event sources", async () => {
    await using peer = await webSocketPeer({
      refuse: ({ headers }) =>
        headers.authorization === "Bearer 2" ? undefined : ["HTTP/1.1 401 Unauthorized", "Content-Length: 0"],
    });
    const url = peer.url();
    const authenticator = tokenAuthenticator([new URL(url.replace("ws", "http")).origin], "1", "2");
    await using manager = await open();
    await using socket = manager.webSocket(url, { authenticator });
    await once(socket, "open");
    assert.deepEqual(authenticator.answers, [401, 101]);
    await using server = await serve((request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(`data: ${request.headers.authorization ?? "nobody"}\n\n`);
    });
    const source = manager.eventSource(server.origin, {
      authenticator: tokenAuthenticator([server.origin], "3"),
      reconnect: false,
    });
    for await (const { data } of source) assert.equal(data, "Bearer 3");
  });

  test("is asked by libraries that have the manager for their dispatcher", async () => {
    await using server = await serve(wanting("2"));
    await using manager = await open({ authenticator: tokenAuthenticator([server.origin], "1", "2") });
    const { statusCode, body } = await manager.request({ origin: server.origin, path: "/", method: "GET" });
    assert.deepEqual([statusCode, await body.text()], [200, "let in "]);
  });
});

describe("a cache", () => {
  const fresh = { "cache-control": "max-age=60" };

  test("gives what came for one identity to no other, to nobody, and to no own field", async () => {
    await using origin = await cacheOrigin((_request, response, count) => {
      response.writeHead(200, fresh).end(String(count));
    });
    await using manager = await open();
    const authenticator = tokenAuthenticator([origin.url], "1");
    const get = async (options?: RequestOptions): Promise<string> =>
      (await manager.request(origin.url, options)).text();
    assert.deepEqual([await get({ authenticator }), await get({ authenticator })], ["1", "1"]);
    assert.deepEqual([await get(), await get()], ["2", "2"]);
    assert.equal(await get({ headers: { authorization: "Bearer 1" } }), "3");
    const another = { ...authenticator, identity: "another" };
    assert.equal(await get({ authenticator: another }), "4");
    assert.deepEqual(
      [await get({ authenticator }), await get(), await get({ authenticator: another })],
      ["1", "2", "4"],
    );
    assert.equal(await get({ authenticator: { ...authenticator, covers: () => false } }), "2");
  });

  test("keeps what came while another signed in for neither", async () => {
    const { promise: hold, resolve: release } = Promise.withResolvers<undefined>();
    await using origin = await cacheOrigin((request, response, count) => {
      const answer = (): void => {
        response.writeHead(200, fresh).end(`${String(count)} for ${request.headers.authorization ?? ""}`);
      };
      if (count === 1) void hold.then(answer);
      else answer();
    });
    await using manager = await open();
    const authenticator = tokenAuthenticator([origin.url], "a");
    authenticator.identity = "a";
    const first = manager.request(origin.url, { authenticator });
    await origin.asked(1);
    authenticator.identity = "b";
    authenticator.token = "b";
    release(undefined);
    assert.equal(await (await first).text(), "1 for Bearer a");
    assert.equal(await (await manager.request(origin.url, { authenticator })).text(), "2 for Bearer b");
    authenticator.identity = "a";
    assert.equal(await (await manager.request(origin.url, { authenticator })).text(), "1 for Bearer a");
    // What changes while it is found out what to send.
    const changing = {
      ...tokenAuthenticator([origin.url], "c"),
      identity: "c",
      authenticate(): Promise<string[]> {
        this.identity = "d";
        return Promise.resolve(["Authorization", "Bearer c"]);
      },
    };
    assert.equal(await (await manager.request(origin.url, { authenticator: changing })).text(), "3 for Bearer c");
    for (const identity of ["c", "d"]) {
      const asking = { ...tokenAuthenticator([origin.url], identity), identity };
      const reply = await manager.request(origin.url, { authenticator: asking });
      assert.match(await reply.text(), new RegExp(`Bearer ${identity}$`));
    }
  });

  test("that is shared keeps nothing that came for somebody", async () => {
    await using origin = await cacheOrigin((_request, response, count) => {
      response.writeHead(200, fresh).end(String(count));
    });
    await using manager = await open({
      cache: { mode: "shared" },
      authenticator: tokenAuthenticator([origin.url], "1"),
    });
    for (const expected of ["1", "2"]) assert.equal(await (await manager.request(origin.url)).text(), expected);
  });
});

test("neither a HAR nor a transaction tells what an authenticator sends", async () => {
  await using server = await serve((_request, response) => response.end());
  await using manager = await open({
    authenticator: {
      ...tokenAuthenticator([server.origin], "1"),
      authenticate: () => ["Authorization", "DPoP hunter2", "DPoP", "hunter2"],
    },
  });
  using recording = await manager.recordHar();
  const response = await manager.fetch(server.origin);
  await response.text();
  const told = JSON.stringify([recording, transactionOf(response)]);
  assert.ok(told.includes("DPoP REDACTED"));
  assert.equal(told.includes("hunter2"), false);
});
