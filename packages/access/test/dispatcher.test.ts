import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { Readable, type Duplex } from "node:stream";
import { pipeline as join } from "node:stream/promises";
import { buffer, text } from "node:stream/consumers";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as undici from "undici";
import { networkFixture } from "./network-fixture.ts";
import { answering, closed, response, scriptedServer } from "./scripted-server.ts";

const fixture = networkFixture();
const { open, either } = fixture;
const origin = (): string => fixture.network.https.origin;

/** Answers an upgrade, and then sends back what it gets. */
function echoing(head: string): Parameters<typeof scriptedServer>[0] {
  return (socket) => {
    socket.once("data", () => {
      socket.write(head);
      socket.pipe(socket);
    });
  };
}

const SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";

async function echo(socket: Duplex): Promise<string> {
  socket.end("hello");
  return text(socket);
}

describe("the manager is a dispatcher for undici", () => {
  test("undici.request", async () => {
    await using manager = await open();
    const { statusCode, headers, body } = await undici.request(`${origin()}/echo?x=1`, {
      dispatcher: manager,
      method: "POST",
      headers: { "x-a": "1" },
      body: "the body",
    });
    assert.equal(statusCode, 200);
    assert.match(String(headers["content-type"]), /json/);
    assert.equal(((await body.json()) as { method: string }).method, "POST");
    assert.equal(fixture.network.requests.at(-1)?.headers["x-a"], "1");
  });

  test("undici.fetch, which follows redirects by itself", async () => {
    await using manager = await open();
    const answer = await undici.fetch(`${origin()}/redirect/chain/3`, { dispatcher: manager });
    assert.equal(answer.status, 200);
    assert.equal(answer.redirected, true);
  });

  test("undici.stream and undici.pipeline", async () => {
    await using manager = await open();
    const collected: Buffer[] = [];
    const { Writable } = await import("node:stream");
    await undici.stream(`${origin()}/bytes/100000`, { dispatcher: manager, method: "GET" }, () => {
      return new Writable({
        write(chunk: Buffer, _encoding, done) {
          collected.push(chunk);
          done();
        },
      });
    });
    assert.equal(Buffer.concat(collected).length, 100_000);

    const through = undici.pipeline(`${origin()}/echo`, { dispatcher: manager, method: "POST" }, ({ body }) => body);
    const echoed = text(through);
    await join(Readable.from(["piped"]), through, { end: true }).catch(() => undefined);
    assert.match(await echoed, /"method": "POST"/);
  });

  test("undici.upgrade hands over the socket, which is nobody else's from then on", async () => {
    await using server = await scriptedServer(echoing(SWITCHING));
    const manager = await open({ connectionsPerOrigin: 1 });
    const first = await undici.upgrade(server.origin, { dispatcher: manager, protocol: "echo" });
    assert.equal(first.headers["upgrade"], "echo");
    const second = await undici.upgrade(server.origin, { dispatcher: manager, protocol: "echo" });
    await manager.close();
    assert.equal(await echo(first.socket), "hello");
    assert.equal(await echo(second.socket), "hello");
  });

  test("an upgrade on a kept connection that was closed meanwhile is asked for on a new one", async () => {
    await using server = await scriptedServer((socket, number) => {
      if (number > 1) echoing(SWITCHING)(socket, number);
      else
        socket.once("data", () => {
          socket.write(response("ok"));
          socket.once("data", () => socket.end());
        });
    });
    await using manager = await open();
    await (await manager.request(server.origin)).text();
    const { socket } = await undici.upgrade(server.origin, { dispatcher: manager, protocol: "echo" });
    assert.equal(await echo(socket), "hello");
  });

  test("undici.connect makes a tunnel", async () => {
    await using server = await scriptedServer(echoing("HTTP/1.1 200 Connection established\r\n\r\n"));
    await using manager = await open();
    const { socket, statusCode } = await undici.connect(server.origin, { dispatcher: manager });
    assert.equal(statusCode, 200);
    assert.equal(await echo(socket), "hello");
  });

  test("a WebSocket", async () => {
    const { createHash } = await import("node:crypto");
    await using server = await scriptedServer((socket) => {
      socket.once("data", (head) => {
        const key = /sec-websocket-key: (.+)\r\n/i.exec(head.toString())?.[1] ?? "";
        const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
        );
        socket.write(Buffer.concat([Buffer.from([0x81, 5]), Buffer.from("hello")]));
      });
    });
    await using manager = await open();
    const socket = new undici.WebSocket(server.origin.replace("http", "ws"), { dispatcher: manager });
    const message = await new Promise<unknown>((resolve, reject) => {
      socket.addEventListener("message", ({ data }) => {
        resolve(data);
      });
      socket.addEventListener("error", ({ error }) => {
        reject(error);
      });
    });
    assert.equal(message, "hello");
    (await server.connection(1)).destroy();
    await closed(await server.connection(1));
  });

  test("errors come typed through undici's own functions", async () => {
    await using manager = await open();
    const dispatcher = manager;
    await assert.rejects(undici.request(`${origin()}/cut/before-response`, { dispatcher }), {
      code: "RESPONSE_MISSING",
    });
    await assert.rejects(undici.request("https://nowhere.invalid/", { dispatcher }), { code: "NAME_NOT_FOUND" });
    const { body } = await undici.request(`${origin()}/cut/body?after=10&of=100`, { dispatcher });
    await assert.rejects(body.text(), { code: "RESPONSE_TRUNCATED" });
    await assert.rejects(undici.fetch(`${origin()}/cut/before-response`, { dispatcher }), (error: Error) => {
      assert.equal(error.message, "fetch failed");
      assert.equal((error.cause as { code?: string }).code, "RESPONSE_MISSING");
      return true;
    });
  });

  test("undici's own aborts stay its own", async () => {
    await using server = await scriptedServer(answering((target) => (target === "/" ? response("ok") : undefined)));
    await using manager = await open();
    const controller = new AbortController();
    const { signal } = controller;
    const aborted = undici.request(`${server.origin}/held`, { dispatcher: manager, signal });
    await server.connection(1);
    controller.abort(new Error("enough"));
    await assert.rejects(aborted, { message: "enough" });
    const { body } = await undici.request(server.origin, { dispatcher: manager });
    await body.dump();
  });

  test("HSTS, cookies and tickets are there, too", async () => {
    await using manager = await open();
    const learned = await manager.request(`${either("https")}/hsts?value=max-age%3D1000`);
    await learned.bytes();
    const upgraded = await undici.request(`${either("http")}/json`, { dispatcher: manager });
    assert.equal(upgraded.statusCode, 307);
    assert.equal(upgraded.headers["non-authoritative-reason"], "HSTS");
    await upgraded.body.dump();
    const followed = await undici.fetch(`${either("http")}/cookies/set?a=1`, { dispatcher: manager });
    assert.equal(followed.url, `${either("https")}/cookies/set?a=1`);
    const cookies = await undici.request(`${either("https")}/cookies`, { dispatcher: manager });
    assert.match(await cookies.body.text(), /"a"/);
  });

  test("its own forms of request: an object, and a callback", async () => {
    await using manager = await open();
    const { statusCode, body } = await manager.request({ origin: origin(), path: "/json", method: "GET" });
    assert.equal(statusCode, 200);
    await body.dump();
    const status = await new Promise((resolve, reject) => {
      manager.request({ origin: origin(), path: "/json", method: "GET" }, (error, data) => {
        if (error !== null) {
          reject(error);
          return;
        }
        data.body.resume();
        resolve(data.statusCode);
      });
    });
    assert.equal(status, 200);
  });

  test("close and destroy take callbacks, as other dispatchers do", async () => {
    const closing = await open();
    await new Promise<void>((resolve) => {
      closing.close(resolve);
    });
    await assert.rejects(undici.request(origin(), { dispatcher: closing }), { code: "MANAGER_CLOSED" });
    const destroyed = await open();
    await new Promise<void>((resolve) => {
      destroyed.destroy(new Error("the end"), resolve);
    });
    await assert.rejects(undici.request(origin(), { dispatcher: destroyed }), { code: "MANAGER_CLOSED" });
  });
});

describe("interceptors compose over it", () => {
  test("redirect", async () => {
    await using manager = await open();
    const dispatcher = manager.compose(undici.interceptors.redirect({ maxRedirections: 5 }));
    const { statusCode, body } = await undici.request(`${origin()}/redirect/chain/3`, { dispatcher });
    assert.equal(statusCode, 200);
    await body.dump();
  });

  test("redirect over an HSTS upgrade", async () => {
    await using manager = await open();
    await (await manager.request(`${either("https")}/hsts?value=max-age%3D1000`)).bytes();
    const dispatcher = manager.compose(undici.interceptors.redirect({ maxRedirections: 5 }));
    const { statusCode, body } = await undici.request(`${either("http")}/json`, { dispatcher });
    assert.equal(statusCode, 200);
    await body.dump();
  });

  test("a path that is none leads to no other host by an HSTS upgrade", async () => {
    await using manager = await open();
    await (await manager.request(`${either("https")}/hsts?value=max-age%3D1000`)).bytes();
    for (const path of ["@b.fairlead.test/", ":1/", ".b.fairlead.test/", "http://b.fairlead.test/"]) {
      await assert.rejects(manager.request({ origin: either("http"), path, method: "GET" }), { code: "URL_INVALID" });
    }
  });

  test("retry and decompress", async () => {
    let answers = 0;
    await using server = await scriptedServer(
      answering((_, socket) => {
        answers += 1;
        return answers === 1 ? void socket.end("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n") : response("ok");
      }),
    );
    await using manager = await open();
    const retrying = manager.compose(undici.interceptors.retry({ maxRetries: 2, minTimeout: 1, maxTimeout: 1 }));
    const { body } = await undici.request(server.origin, { dispatcher: retrying });
    assert.equal(await body.text(), "ok");
    const decompressing = manager.compose(undici.interceptors.decompress());
    const plain = await undici.request(`${origin()}/compress/gzip`, { dispatcher: decompressing });
    assert.equal((await buffer(plain.body)).length, 4_096);
  });

  test("one of the application's own", async () => {
    await using manager = await open();
    const dispatcher = manager.compose((dispatch) => (options, handler) => {
      return dispatch({ ...options, headers: ["x-own", "1"] }, handler);
    });
    const { body } = await undici.request(`${origin()}/echo`, { dispatcher });
    await body.dump();
    assert.equal(fixture.network.requests.at(-1)?.headers["x-own"], "1");
  });
});

describe("the runtime's own fetch", () => {
  const globalFetch = (manager: NetworkAccessManager, url: string, init: RequestInit = {}): Promise<Response> =>
    // The runtime's types name the dispatcher of the engine that it bundles.
    fetch(url, { ...init, dispatcher: manager } as unknown as RequestInit);

  test("takes the manager as its dispatcher", async () => {
    await using manager = await open();
    const answer = await globalFetch(manager, `${origin()}/redirect/chain/2`);
    assert.equal(answer.status, 200);
    assert.ok(answer instanceof Response);
    assert.ok(answer.redirected);
    const posted = await globalFetch(manager, `${origin()}/echo`, { method: "POST", body: "the body" });
    assert.equal(((await posted.json()) as { method: string }).method, "POST");
    assert.equal(fixture.network.requests.at(-1)?.body.sizeBytes, 8);
    const large = await globalFetch(manager, `${origin()}/bytes/1000000`);
    assert.equal((await large.bytes()).length, 1_000_000);
    const encoded = await globalFetch(manager, `${origin()}/compress/br`);
    assert.equal((await encoded.text()).length, 4_096);
  });

  test("with its errors and aborts", async () => {
    await using manager = await open();
    const refused = globalFetch(manager, `${origin()}/cut/before-response`);
    await assert.rejects(refused, (error: Error) => (error.cause as { code?: string }).code === "RESPONSE_MISSING");
    const cut = await globalFetch(manager, `${origin()}/cut/body?after=10&of=100`);
    await assert.rejects(cut.text(), { message: "terminated" });
    const controller = new AbortController();
    const stalled = globalFetch(manager, `${origin()}/stall/response?own`, { signal: controller.signal });
    await fixture.network.waitForRequest(({ target }) => target === "/stall/response?own");
    controller.abort(new Error("enough"));
    await assert.rejects(stalled, { message: "enough" });
  });

  test("and HSTS", async () => {
    await using manager = await open();
    await (await manager.request(`${either("https")}/hsts?value=max-age%3D1000`)).bytes();
    const answer = await globalFetch(manager, `${either("http")}/json`);
    assert.equal(answer.url, `${either("https")}/json`);
    await using refusing = await openNetworkAccessManager();
    await refusing.close();
    await assert.rejects(globalFetch(refusing, origin()), (error: Error) => {
      assert.equal((error.cause as { code?: string }).code, "MANAGER_CLOSED");
      return true;
    });
  });
});
