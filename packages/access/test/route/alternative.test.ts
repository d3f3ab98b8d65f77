import {
  openNetworkAccessManager,
  transactionOf,
  type NetworkAccessManager,
  type NetworkAccessManagerOptions,
  type RequestOptions,
} from "@fairlead/access";
import { openStore } from "@fairlead/store";
import { createLookup } from "@fairlead/testserver";
import { mintAuthority } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http2";
import { describe, test } from "node:test";
import { http2Server, type Http2TestServer } from "../h2/http2-server.ts";
import { unusedPort } from "@fairlead/conformance/peers";
import { scriptedServer } from "../scripted-server.ts";
import { tlsBackends } from "../tls-backends.ts";

const ca = await mintAuthority();
const open = (options: NetworkAccessManagerOptions = {}): Promise<NetworkAccessManager> =>
  openNetworkAccessManager({
    lookup: createLookup("127.0.0.1"),
    ...options,
    tls: { trust: { type: "anchors", certificates: [ca.certificate] }, ...options.tls },
  });

/** An origin that names its alternative in every response. */
function origin(altSvc: () => string, names?: readonly string[]): Promise<Http2TestServer> {
  return http2Server({ ca, ...(names && { names }) }, (stream) => {
    stream.respond({ ":status": 200, "alt-svc": altSvc() });
    stream.end("origin");
  });
}

/** A server that says what it is, and keeps what it was asked. */
async function alternative(
  names: readonly string[] = ["a.fairlead.test"],
  status = 200,
): Promise<AsyncDisposable & { readonly server: Http2TestServer; readonly asked: IncomingHttpHeaders[] }> {
  const asked: IncomingHttpHeaders[] = [];
  const server = await http2Server({ ca, names }, (stream, headers) => {
    asked.push(headers);
    stream.respond({ ":status": status });
    stream.end("alternative");
  });
  return { server, asked, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const ask = async (
  manager: NetworkAccessManager,
  url: string,
  options?: RequestOptions,
): Promise<readonly [body: string, route: readonly string[] | undefined, repeats: readonly string[] | undefined]> => {
  const reply = await manager.request(url, options);
  const body = await reply.text();
  const [hop] = transactionOf(reply)?.hops ?? [];
  return [body, hop?.route, hop?.repeats];
};

describe("an alternative service (RFC 7838)", () => {
  for (const backend of tlsBackends) {
    test(`is asked in the origin's name, over ${backend.name}`, async () => {
      await using other = await alternative();
      const { server, asked } = other;
      await using first = await origin(() => `h2="b.fairlead.test:${String(server.port)}"; ma=60`);
      await using manager = await open({ tls: { backend } });
      assert.deepEqual(await ask(manager, first.origin()), ["origin", [], []]);
      const place = `b.fairlead.test:${String(server.port)}`;
      assert.deepEqual(await ask(manager, first.origin()), ["alternative", [`h2=${place}`], []]);
      assert.equal(asked[0]?.[":authority"], `a.fairlead.test:${String(first.port)}`);
      assert.equal(asked[0]["alt-used"], place);
      assert.equal((server.sockets[0] as { servername?: string } | undefined)?.servername, "a.fairlead.test");
      assert.deepEqual(await ask(manager, first.origin("a.fairlead.test")), ["alternative", [`h2=${place}`], []]);
      assert.equal(server.sockets.length, 1);
    });
  }

  test("has to show the origin's certificate, and nobody is asked for an exception", async () => {
    await using other = await alternative(["b.fairlead.test"]);
    const { server, asked } = other;
    await using first = await origin(() => `h2="b.fairlead.test:${String(server.port)}"`);
    await using manager = await open({ onCertificateError: () => assert.fail("nobody is to be asked") });
    await ask(manager, first.origin());
    assert.deepEqual(await ask(manager, first.origin(), { method: "POST", body: "x" }), ["origin", [], ["route"]]);
    // For a while it is not tried before the origin.
    assert.deepEqual(await ask(manager, first.origin()), ["origin", [], []]);
    assert.deepEqual([asked.length, server.sockets.length <= 1], [0, true]);
  });

  test("that is not there, or speaks something else, is gone around, streams included", async () => {
    await using silent = await scriptedServer((socket) => void socket.on("data", () => socket.end("SSH-2.0\r\n")));
    for (const port of [await unusedPort(), silent.port]) {
      await using first = await origin(() => `h2=":${String(port)}"`);
      await using manager = await open();
      await ask(manager, first.origin());
      const body = (async function* (): AsyncGenerator<Uint8Array> {
        await Promise.resolve();
        yield Buffer.from("streamed");
      })();
      assert.deepEqual(await ask(manager, first.origin(), { method: "POST", body }), ["origin", [], ["route"]]);
    }
  });

  test("speaks HTTP/2: one that speaks HTTP/1.1 alone is gone around", async () => {
    const { createServer } = await import("node:https");
    const { mintCertificate } = await import("@fairlead/testserver/authority");
    const { certificate, privateKey } = await mintCertificate({ issuer: ca, names: ["a.fairlead.test"] });
    const server = createServer({ cert: certificate, key: privateKey }, () => assert.fail("it was asked"));
    server.listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { readonly port: number };
    await using first = await origin(() => `h2=":${String(port)}"`);
    await using manager = await open();
    await ask(manager, first.origin());
    assert.deepEqual(await ask(manager, first.origin()), ["origin", [], ["route"]]);
    server.close();
    server.closeAllConnections();
  });

  test("that says 421 does not speak for the origin, and is forgotten", async () => {
    await using other = await alternative(["a.fairlead.test"], 421);
    const { server, asked } = other;
    let says = `h2=":${String(server.port)}"`;
    await using first = await origin(() => says);
    await using manager = await open();
    await ask(manager, first.origin());
    says = "clear";
    assert.deepEqual(await ask(manager, first.origin(), { method: "POST", body: "x" }), ["origin", [], ["route"]]);
    assert.deepEqual(await ask(manager, first.origin()), ["origin", [], []]);
    assert.equal(asked.length, 1);
  });

  test("holds as long as the origin says, over restarts, in its own partition", async () => {
    await using other = await alternative();
    const { server } = other;
    await using first = await origin(() => `h2=":${String(server.port)}"; ma=60`);
    const clock = { now: 1_000_000 };
    await using store = await openStore("memory:", { now: () => clock.now });
    const now = (): number => clock.now;
    const place = [`h2=a.fairlead.test:${String(server.port)}`];
    {
      await using manager = await open({ store, now });
      await ask(manager, first.origin());
      assert.deepEqual((await ask(manager, first.origin()))[1], place);
      const partition = "https://site.example/";
      assert.deepEqual((await ask(manager, first.origin(), { partition }))[1], []);
      assert.deepEqual((await ask(manager, first.origin(), { partition }))[1], place);
    }
    await using manager = await open({ store, now });
    assert.deepEqual((await ask(manager, first.origin()))[1], place);
    clock.now += 60_000;
    assert.deepEqual((await ask(manager, first.origin()))[1], []);
  });

  test("is no way around a proxy, a Unix socket, or the application's wish for HTTP/1.1", async () => {
    await using other = await alternative();
    const { server, asked } = other;
    await using first = await origin(() => `h2=":${String(server.port)}"`);
    await using manager = await open();
    await ask(manager, first.origin());
    await assert.rejects(ask(manager, first.origin(), { proxy: `http://127.0.0.1:${String(await unusedPort())}` }), {
      code: "PROXY_UNREACHABLE",
    });
    await assert.rejects(ask(manager, first.origin(), { unix: "/nowhere" }), { code: "SOCKET_NOT_FOUND" });
    assert.equal(asked.length, 0);
  });

  test("is not believed of a server whose certificate was not verified, or without TLS", async () => {
    await using other = await alternative();
    const { server } = other;
    await using first = await origin(() => `h2=":${String(server.port)}"`, ["other.test"]);
    await using unverified = await open({ tls: { dangerous: { acceptAnyCertificate: true } } });
    for (let count = 0; count < 2; count += 1) assert.deepEqual((await ask(unverified, first.origin()))[1], []);
    await using excepted = await open({ onCertificateError: () => ({ type: "accept" }) });
    for (let count = 0; count < 2; count += 1) assert.deepEqual((await ask(excepted, first.origin()))[1], []);
    assert.equal(server.sockets.length, 0);
  });

  test("that takes its time is not waited for like the origin", async () => {
    // Takes connections, and says nothing.
    await using silent = await scriptedServer(() => undefined);
    await using first = await origin(() => `h2=":${String(silent.port)}"`);
    await using manager = await open();
    await ask(manager, first.origin());
    assert.deepEqual(await ask(manager, first.origin()), ["origin", [], ["route"]]);
    assert.equal(silent.connections.length, 1);
  });
});
