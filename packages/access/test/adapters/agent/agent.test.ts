import { transactionOf, type NetworkAccessManager, type Transaction } from "@fairlead/access";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { text } from "node:stream/consumers";
import tls, { type TLSSocket } from "node:tls";
import { networkFixture } from "../../network-fixture.ts";
import { serve } from "../../authentication/authenticating-server.ts";
import { answering, closed, response as wholeResponse, scriptedServer, spoken } from "../../scripted-server.ts";

const fixture = networkFixture();
const { open, either } = fixture;
const secure = (path: string): string => fixture.network.https.origin + path;

/** Begins a request by a manager's agent. */
function begin(manager: NetworkAccessManager, url: string, options: https.RequestOptions = {}): ClientRequest {
  return url.startsWith("https:")
    ? https.request(url, { agent: manager.httpsAgent(), ...options })
    : http.request(url, { agent: manager.httpAgent(), ...options });
}

async function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return response;
}

async function get(manager: NetworkAccessManager, url: string, options: RequestOptions = {}): Promise<IncomingMessage> {
  const request = begin(manager, url, options);
  request.end();
  return responseTo(request);
}

/** Resolves when the stream of a request is free for the next. */
async function over(request: ClientRequest): Promise<void> {
  if (!request.closed) await once(request, "close");
}

/** What a request that must fail fails with. */
async function failure(request: ClientRequest): Promise<{ code?: string; message: string; remedy?: string }> {
  request.end();
  const [error] = (await once(request, "error")) as [Error];
  return error;
}

describe("what is asked by an agent", () => {
  test("is answered as by a server: status, fields, body, trailers", async () => {
    await using server = await scriptedServer(
      answering(() =>
        [
          "HTTP/1.1 200 Fine",
          "Transfer-Encoding: chunked",
          "Set-Cookie: a=1",
          "Set-Cookie: b=2",
          "X-Bound: 1",
          "Connection: x-bound",
          "",
          "5\r\nhello\r\n0\r\nX-Sum: 5\r\n\r\n",
        ].join("\r\n"),
      ),
    );
    await using manager = await open();
    const answer = await get(manager, `${server.origin}/`);
    assert.equal(await text(answer), "hello");
    assert.equal(answer.statusMessage, "Fine");
    assert.deepEqual(answer.headers["set-cookie"], ["a=1", "b=2"]);
    assert.equal(answer.headers["x-bound"], undefined);
    assert.deepEqual({ ...answer.trailers }, { "x-sum": "5" });
  });

  for (const [status, method] of [
    [200, "HEAD"],
    [204, "GET"],
    [304, "GET"],
  ] as const) {
    test(`${String(status)} to ${method} has no body, and the stream goes on`, async () => {
      await using server = await serve((_, response) => {
        response.writeHead(status, status === 204 ? {} : { "content-length": 5 });
        response.end();
      });
      await using manager = await open();
      const agent = manager.httpAgent();
      for (const reused of [false, true]) {
        const request = begin(manager, server.origin, { agent, method });
        request.end();
        const answer = await responseTo(request);
        assert.equal(answer.statusCode, status);
        assert.equal(answer.headers["content-length"], status === 204 ? undefined : "5");
        assert.equal(await text(answer), "");
        assert.equal(request.reusedSocket, reused);
        await over(request);
      }
    });
  }

  test("interim responses are told, and who expects 100 gets it", async () => {
    await using server = await serve((request, response) => {
      response.writeEarlyHints({ link: "</style.css>; rel=preload" });
      request.resume().on("end", () => response.end("done"));
    });
    await using manager = await open();
    const request = begin(manager, server.origin, {
      method: "POST",
      headers: { expect: "100-continue", "content-length": 4 },
    });
    const told: number[] = [];
    request.on("information", ({ statusCode }) => told.push(statusCode));
    request.flushHeaders();
    await once(request, "continue");
    request.end("body");
    assert.equal(await text(await responseTo(request)), "done");
    assert.deepEqual(told, [100, 103]);
    assert.equal(server.requests[0]?.headers.expect, undefined);
  });

  test("its own fields go as they are, those of its connection do not", async () => {
    await using manager = await open();
    const request = begin(manager, secure("/echo"), {
      method: "POST",
      headers: {
        Host: "elsewhere.example",
        Authorization: "Bearer mine",
        Cookie: "own=1",
        TE: "trailers",
        Connection: "keep-alive, X-Mine",
        "X-Mine": "1",
        "X-Kept": "1",
      },
    });
    request.write("in ");
    request.end("pieces");
    await text(await responseTo(request));
    const { headers, body } = fixture.network.requests.at(-1) ?? assert.fail();
    assert.equal(headers["host"], "elsewhere.example");
    assert.equal(headers["authorization"], "Bearer mine");
    assert.equal(headers["cookie"], "own=1");
    assert.equal(headers["x-kept"], "1");
    assert.equal(headers["x-mine"], undefined);
    assert.equal(headers["te"], undefined);
    assert.equal(body.sizeBytes, 9);
  });

  test("content codings are left to who asks", async () => {
    await using manager = await open();
    const answer = await get(manager, secure("/compress/gzip"));
    assert.equal(answer.headers["content-encoding"], "gzip");
    const { gunzipSync } = await import("node:zlib");
    assert.equal(gunzipSync(Buffer.concat(await answer.toArray())).length, 4096);
  });

  test("what was kept answers without a server, for the right user alone", async () => {
    await using server = await serve((_, response) => {
      response.writeHead(200, { "cache-control": "max-age=100", vary: "accept" });
      response.end(String(server.requests.length));
    });
    await using manager = await open();
    assert.equal(await text(await get(manager, server.origin, { headers: { accept: "a" } })), "1");
    assert.equal(await text(await get(manager, server.origin, { headers: { accept: "a" } })), "1");
    assert.equal(await text(await get(manager, server.origin, { headers: { accept: "b" } })), "2");
  });

  test("a retry is the manager's, with the body that was sent", async () => {
    let answers = 0;
    await using server = await serve((request, response) => {
      answers += 1;
      request.resume().on("end", () => {
        if (answers === 1) response.writeHead(503, { "retry-after": "0" });
        response.end("ok");
      });
    });
    await using manager = await open({ retry: {} });
    const request = begin(manager, server.origin, { method: "PUT" });
    request.end("the body");
    const answer = await responseTo(request);
    assert.equal(answer.statusCode, 200);
    assert.equal(await text(answer), "ok");
    assert.deepEqual(transactionOf(request)?.hops[0]?.repeats, ["retry"]);
  });

  test("its socket tells what is known of the server", async () => {
    await using manager = await open();
    const request = begin(manager, secure("/json"));
    request.end();
    const [socket] = (await once(request, "socket")) as [TLSSocket];
    assert.equal(socket.encrypted, true);
    assert.equal(socket.authorized, true);
    assert.deepEqual(socket.getPeerCertificate(), {});
    const answer = await responseTo(request);
    assert.match(String(socket.getProtocol()), /^TLSv1/);
    assert.match(socket.getPeerCertificate().fingerprint256, /^([0-9A-F]{2}:){31}/);
    assert.match(String(socket.remoteAddress), /127\.0\.0\.1|::1/);
    await text(answer);
  });

  test("a server by its socket in the file system", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fairlead-agent-"));
    const server = http.createServer((_, response) => response.end("by a file"));
    const socketPath = join(folder, "s");
    server.listen(socketPath);
    await once(server, "listening");
    try {
      await using manager = await open();
      const request = http.request({ socketPath, path: "/", agent: manager.httpAgent() });
      request.end();
      assert.equal(await text(await responseTo(request)), "by a file");
      assert.deepEqual(transactionOf(request)?.hops[0]?.route, [`unix:${socketPath}`]);
    } finally {
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true });
    }
  });
});

describe("what a request may not decide by itself", () => {
  const refused: [setting: string, value: unknown, remedy: RegExp][] = [
    ["rejectUnauthorized", false, /acceptAnyCertificate/],
    ["ca", "a certificate", /tls\.trust/],
    ["crl", "a list", /tls\.trust/],
    ["cert", "a certificate", /onClientCertificate/],
    ["key", "a key", /onClientCertificate/],
    ["pfx", Buffer.from("both"), /onClientCertificate/],
    ["checkServerIdentity", () => undefined, /onCertificateError/],
    ["servername", "elsewhere.example", /URL/],
    ["minVersion", "TLSv1", /tls\.minVersion/],
    ["secureProtocol", "TLSv1_method", /tls\.minVersion/],
    ["ciphers", "ALL", /leave it out/],
    ["secureContext", {}, /tls\.trust/],
    ["lookup", () => undefined, /lookup/],
    ["localAddress", "127.0.0.1", /leave it out/],
  ];
  for (const [setting, value, remedy] of refused) {
    test(`${setting} is refused, on a connection that stands, too`, async () => {
      await using manager = await open();
      const agent = manager.httpsAgent();
      const first = begin(manager, secure("/json"), { agent });
      first.end();
      await text(await responseTo(first));
      await over(first);
      const { accepted } = fixture.network.connections;
      const seen = fixture.network.requests.length;
      const error = await failure(begin(manager, secure("/json"), { agent, [setting]: value }));
      assert.equal(error.code, "OPTION_INVALID");
      assert.match(error.message, new RegExp(setting));
      assert.match(String(error.remedy), remedy);
      assert.deepEqual([fixture.network.connections.accepted, fixture.network.requests.length], [accepted, seen]);
    });
  }

  test("what changes nothing is let through", async () => {
    await using manager = await open();
    const answer = await get(manager, secure("/json"), {
      rejectUnauthorized: true,
      servername: "localhost",
      checkServerIdentity: tls.checkServerIdentity,
      ca: undefined,
      family: 0,
      ALPNProtocols: ["http/1.1"],
    } as https.RequestOptions);
    assert.equal(answer.statusCode, 200);
    await text(answer);
  });

  test("a URL for a proxy, and a tunnel", async () => {
    await using manager = await open();
    const { origin } = fixture.network.http;
    const error = await failure(begin(manager, origin, { path: "http://elsewhere.example/" }));
    assert.equal(error.code, "OPTION_INVALID");
    assert.match(String(error.remedy), /proxy/);
    const tunnel = await failure(begin(manager, origin, { method: "CONNECT", path: "elsewhere.example:443" }));
    assert.equal(tunnel.code, "OPTION_INVALID");
  });

  test("a host that is more than a host leads nowhere", async () => {
    await using manager = await open();
    for (const host of ["a.example/@b.example", "me@b.example", "a.example?b", "a.example#b", "a b"]) {
      const request = http.request({ host, path: "/", agent: manager.httpAgent() });
      assert.equal((await failure(request)).code, "URL_INVALID");
    }
  });
});

describe("ends", () => {
  test("a request that is destroyed ends on the wire: before its response, and within the body", async () => {
    await using server = await scriptedServer((socket, number) => {
      socket.on("data", () => {
        if (number === 2) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
      });
    });
    await using manager = await open();
    const before = begin(manager, server.origin);
    before.end();
    const first = await server.connection(1);
    await spoken(first);
    const failed = once(before, "error");
    before.destroy();
    assert.equal(((await failed) as [{ code: string }])[0].code, "ECONNRESET");
    await closed(first);

    const within = await get(manager, server.origin);
    await once(within, "data");
    within.destroy();
    await closed(await server.connection(2));
  });

  test("an upload that is given up ends on the wire", async () => {
    await using server = await scriptedServer((socket) => socket.resume());
    await using manager = await open();
    const request = begin(manager, server.origin, { method: "PUT" });
    request.on("error", () => undefined);
    request.write(Buffer.alloc(100_000));
    const socket = await server.connection(1);
    await spoken(socket);
    request.destroy();
    await closed(socket);
  });

  test("a response that comes before the body was sent is the response, and the stream goes on", async () => {
    await using server = await scriptedServer((socket) => {
      socket.once("data", () => socket.write(wholeResponse("enough", "Connection: close")));
      socket.resume();
    });
    await using manager = await open();
    const agent = manager.httpAgent({ maxSockets: 1 });
    const request = begin(manager, server.origin, { method: "PUT", agent });
    request.write(Buffer.alloc(1_000_000));
    assert.equal(await text(await responseTo(request)), "enough");
    request.end(Buffer.alloc(1_000_000));
    await over(request);
    const next = begin(manager, server.origin, { agent });
    next.end();
    assert.equal(await text(await responseTo(next)), "enough");
    assert.ok(next.reusedSocket);
  });

  test("an error leads to its transaction", async () => {
    await using manager = await open();
    const error = await failure(begin(manager, "https://nowhere.invalid/path"));
    assert.equal(error.code, "NAME_NOT_FOUND");
    assert.equal(transactionOf(error)?.hops[0]?.url, "https://nowhere.invalid/path");
  });

  test("an error within the body is the body's, and with a listener the request's, too", async () => {
    await using manager = await open();
    for (const listens of [false, true]) {
      const request = begin(manager, secure("/cut/body?after=10&of=100"));
      request.end();
      const answer = await responseTo(request);
      const told = listens ? (once(request, "error") as Promise<[{ code: string }]>) : undefined;
      await assert.rejects(text(answer), { code: "RESPONSE_TRUNCATED" });
      if (told !== undefined) assert.equal((await told)[0].code, "RESPONSE_TRUNCATED");
    }
  });

  test("a request's timeout is told to it, as by a socket", async () => {
    await using server = await scriptedServer((socket) => socket.resume());
    await using manager = await open();
    const request = begin(manager, server.origin, { timeout: 20 });
    request.end();
    await once(request, "timeout");
    request.destroy(new Error("too late"));
    const [error] = (await once(request, "error")) as [Error];
    assert.equal(error.message, "too late");
  });

  test("the manager's deadlines hold, and name their phase", async () => {
    await using server = await scriptedServer((socket) => socket.resume());
    await using manager = await open();
    for (const phase of ["response", "total"] as const) {
      const agent = manager.httpAgent({ timeouts: { [phase]: 20 } });
      const error = await failure(begin(manager, server.origin, { agent }));
      assert.deepEqual([error.code, (error as { phase?: string }).phase], ["TIMED_OUT", phase]);
    }
  });

  test("closing waits for what is under way, ends what is idle, and lets nothing begin", async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    await using server = await serve((request, response) => {
      if (request.url === "/idle") response.end("idle");
      else void promise.then(() => response.end("held"));
    });
    const manager = await open();
    const agent = manager.httpAgent();
    const idle = begin(manager, `${server.origin}/idle`, { agent });
    idle.end();
    const [idleSocket] = (await once(idle, "socket")) as [Socket];
    await text(await responseTo(idle));
    await over(idle);
    const held = begin(manager, `${server.origin}/held`, { agent: manager.httpAgent() });
    const answered = responseTo(held);
    held.end();
    while (server.requests.length < 2) await new Promise(setImmediate);
    const closing = manager.close();
    assert.ok(idleSocket.destroyed);
    resolve(undefined);
    assert.equal(await text(await answered), "held");
    await closing;
    const error = await failure(begin(manager, server.origin, { agent }));
    assert.equal(error.code, "MANAGER_CLOSED");
  });

  test("a request that was begun in the moment of closing is told so", async () => {
    const manager = await open();
    const request = begin(manager, secure("/json"));
    const failed = failure(request);
    await manager.close();
    assert.equal((await failed).code, "MANAGER_CLOSED");
  });

  test("destroying the manager ends what is under way with its reason", async () => {
    await using server = await scriptedServer((socket) => socket.resume());
    const manager = await open();
    const request = begin(manager, server.origin);
    request.end();
    const failed = once(request, "error");
    await spoken(await server.connection(1));
    await manager.destroy(new Error("the application ends"));
    assert.equal(((await failed) as [Error])[0].message, "the application ends");
  });

  test("destroying an agent leaves the manager as it is", async () => {
    await using manager = await open();
    const agent = manager.httpsAgent();
    await text(await get(manager, secure("/json"), { agent }));
    agent.destroy();
    assert.equal((await manager.request(secure("/json"))).status, 200);
    await text(await get(manager, secure("/json"), { agent }));
  });
});

describe("an agent's own options", () => {
  test("redirects, for who only looks at them", async () => {
    await using manager = await open();
    const agent = manager.httpsAgent({ redirect: { type: "manual" } });
    const answer = await get(manager, secure("/redirect/302/http"), { agent });
    assert.equal(answer.statusCode, 302);
    await text(answer);
  });

  test("HSTS's upgrade is taken unseen under whatever policy", async () => {
    await using manager = await open({ redirect: { type: "manual" } });
    await (await manager.request(`${either("https")}/hsts?value=max-age%3D1000`)).bytes();
    const request = begin(manager, `${either("http")}/json`);
    request.end();
    const answer = await responseTo(request);
    assert.equal(answer.statusCode, 200);
    await text(answer);
    assert.deepEqual(
      transactionOf(answer)?.hops.map(({ reason }) => reason),
      ["hsts", "network"],
    );
  });

  test("partition: what one learns, another does not use", async () => {
    await using manager = await open();
    const one = manager.httpsAgent({ partition: "https://one.example/" });
    const two = manager.httpsAgent({ partition: "https://two.example/" });
    const cookie = encodeURIComponent("a=1; Path=/; Secure; SameSite=None");
    await text(await get(manager, secure(`/cookies/set-raw?value=${cookie}`), { agent: one }));
    await text(await get(manager, secure("/cookies"), { agent: two }));
    assert.equal(fixture.network.requests.at(-1)?.headers["cookie"], undefined);
    await text(await get(manager, secure("/cookies"), { agent: one }));
    assert.equal(fixture.network.requests.at(-1)?.headers["cookie"], "a=1");
  });

  test("onTransaction tells of each request, when it is over", async () => {
    await using manager = await open();
    const told: [Transaction, ClientRequest][] = [];
    const agent = manager.httpsAgent({
      onTransaction: (transaction, request) => told.push([transaction, request]),
    });
    const request = begin(manager, secure("/json"), { agent });
    request.end();
    await text(await responseTo(request));
    const cut = begin(manager, secure("/cut/before-response"), { agent });
    await failure(cut);
    assert.deepEqual(
      told.map(([{ hops }, asked]) => [hops[0]?.status, hops[0]?.timing.total === undefined, asked === request]),
      [
        [200, false, true],
        [undefined, false, false],
      ],
    );
  });

  test("maxSockets: further requests wait", async () => {
    const waiting: (() => void)[] = [];
    await using server = await serve((_, response) => {
      waiting.push(() => response.end("ok"));
    });
    await using manager = await open();
    const agent = manager.httpAgent({ maxSockets: 1 });
    const [first, second] = [get(manager, server.origin, { agent }), get(manager, server.origin, { agent })];
    while (waiting.length < 1) await new Promise(setImmediate);
    assert.equal(server.requests.length, 1);
    waiting.shift()?.();
    await text(await first);
    while (waiting.length < 1) await new Promise(setImmediate);
    waiting.shift()?.();
    await text(await second);
  });
});
