import { install, transactionOf, type NetworkAccessManager } from "@fairlead/access";
import { execFile } from "node:child_process";
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, test } from "node:test";
import { promisify } from "node:util";
import { WebSocketServer } from "ws";
import { networkFixture } from "../network-fixture.ts";

const fixture = networkFixture();
const { open } = fixture;
const runtimeFetch = globalThis.fetch;
const url = (path = "/json"): string => fixture.network.https.origin + path;

describe("the global fetch", () => {
  afterEach(() => {
    assert.equal(globalThis.fetch, runtimeFetch, "each test restores");
  });

  test("is the manager's, until it is restored", async () => {
    await using manager = await open();
    {
      using installation = install(manager);
      const response = await fetch(url());
      assert.ok(response instanceof Response);
      assert.equal(transactionOf(response)?.hops[0]?.status, 200);
      await response.bytes();
      assert.equal(fetch.name, "fetch");
      assert.equal(install(manager), installation);
    }
    await assert.rejects(fetch(url()), (error) => transactionOf(error as object) === undefined);
  });

  test("installing the same manager again changes nothing, another one is refused", async () => {
    await using manager = await open();
    await using other = await open();
    const installation = install(manager);
    const installed = globalThis.fetch;
    assert.equal(install(manager), installation);
    assert.equal(globalThis.fetch, installed);
    for (const another of [other, undefined] as (NetworkAccessManager | undefined)[]) {
      assert.throws(() => install(another), { name: "UsageError", code: "INSTALLED_ALREADY" });
    }
    installation.restore();
    installation.restore();
    install(other).restore();
  });

  test("whoever kept it asks as before once it is restored", async () => {
    const manager = await open();
    const installation = install(manager);
    const kept = globalThis.fetch;
    installation.restore();
    await manager.close();
    await assert.rejects(kept(url()), (error: Error) => error.message === "fetch failed");
  });

  test("what others have put in its place meanwhile stays", async () => {
    await using manager = await open();
    const installation = install(manager);
    const ours = globalThis.fetch;
    const watched: unknown[] = [];
    const watching: typeof fetch = (input, init) => {
      watched.push(input);
      return ours(input, init);
    };
    globalThis.fetch = watching;
    installation.restore();
    assert.equal(globalThis.fetch, watching);
    globalThis.fetch = runtimeFetch;
  });

  test("a call that names a dispatcher of its own goes by that", async () => {
    await using manager = await open();
    await using other = await open();
    using installation = install(manager);
    assert.equal(install(manager), installation);
    const dispatched = async (dispatcher: NetworkAccessManager): Promise<Response> =>
      fetch(url(), { dispatcher } as unknown as RequestInit);
    assert.ok(transactionOf(await dispatched(manager)), "by the manager's own fetch");
    assert.equal(transactionOf(await dispatched(other)), undefined);
  });

  test("what needs no network is the runtime's, once", async () => {
    await using manager = await open();
    using installation = install(manager);
    assert.equal(install(manager), installation);
    assert.equal(await (await fetch("data:text/plain,hello")).text(), "hello");
  });

  test("its errors are the manager's", async () => {
    await using manager = await open();
    using installation = install(manager);
    assert.equal(install(manager), installation);
    await assert.rejects(fetch("https://nowhere.invalid/"), { name: "FetchError", code: "NAME_NOT_FOUND" });
    await assert.rejects(fetch("nonsense"), TypeError);
    await assert.rejects(fetch(url(), { signal: AbortSignal.abort(new Error("enough")) }), { message: "enough" });
  });
});

describe("the global WebSocket and EventSource", () => {
  test("are a manager's where that is asked for, and can be added later", async () => {
    const before = Object.getOwnPropertyDescriptor(globalThis, "WebSocket");
    const server = createServer((request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(`data: ${String(request.headers.cookie)}\n\n`);
    });
    const sockets = new WebSocketServer({ server });
    sockets.on("connection", (socket, request) => {
      socket.send(String(request.headers.cookie));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const place = `127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
    try {
      const manager = await open();
      const cookies = await manager.request(
        `${fixture.network.http.origin.replace("localhost", "127.0.0.1")}/cookies/set?a=1`,
      );
      await cookies.bytes();
      const installation = install(manager, { fetch: false, WebSocket: true });
      assert.equal(globalThis.fetch, runtimeFetch);
      assert.equal(install(manager, { fetch: false, EventSource: true }), installation);
      const socket = new WebSocket(`ws://${place}`);
      assert.ok(socket instanceof manager.WebSocket);
      assert.equal(await messageOf(socket), "a=1");
      socket.close();
      const source = new EventSource(`http://${place}`);
      assert.equal(await messageOf(source), "a=1");
      source.close();
      installation.restore();
      assert.deepEqual(Object.getOwnPropertyDescriptor(globalThis, "WebSocket"), before);
      assert.equal("EventSource" in globalThis, false);
      await manager.destroy();
    } finally {
      sockets.close();
      server.close();
      server.closeAllConnections();
    }
  });

  test("need a manager: a class cannot wait until one is open", () => {
    assert.throws(() => install(undefined, { WebSocket: true }), { code: "OPTION_INVALID" });
    assert.equal(globalThis.fetch, runtimeFetch, "nothing is done by halves");
  });

  async function messageOf(target: EventTarget): Promise<unknown> {
    return new Promise((resolve) => {
      target.addEventListener("message", (event) => {
        resolve((event as MessageEvent).data);
      });
    });
  }
});

describe("node --import fairlead/install", () => {
  const run = async (program: string): Promise<unknown> => {
    const conditions = process.execArgv.filter((flag) => flag.startsWith("--conditions"));
    const flags = [...conditions, "--import", "fairlead/install", "--input-type=module", "--eval", program];
    const { stdout } = await promisify(execFile)(process.execPath, flags, {
      cwd: new URL("../../../fairlead/", import.meta.url),
    });
    return JSON.parse(stdout);
  };

  test("makes a program's fetch the default manager's, which keeps it from ending no longer than it asks", async () => {
    const { origin } = fixture.network.http;
    const told = await run(`
      import { defaultManager, transactionOf } from "fairlead";
      const response = await fetch("${origin}/cookies/set?a=1", { redirect: "manual" });
      const again = await (await fetch("${origin}/cookies")).text();
      console.log(JSON.stringify({ hops: transactionOf(response).hops.length, again }));
    `);
    assert.deepEqual(Object.keys(told as object), ["hops", "again"]);
    assert.match((told as { again: string }).again, /"a"/);
  });

  test("and data: URLs ask nobody, although no manager was there before", async () => {
    assert.equal(await run(`console.log(JSON.stringify(await (await fetch("data:,hello")).text()))`), "hello");
  });

  test("loads and opens nothing before the first call", async () => {
    const late = await run(`
      console.log(JSON.stringify(process.moduleLoadList.filter((name) =>
        /NativeModule (?:internal\\/deps\\/undici\\/undici|tls|http2?|https|sqlite)$/.test(name))));
    `);
    assert.deepEqual(late, []);
  });
});
