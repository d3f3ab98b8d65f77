import { TimeoutError } from "@fairlead/core";
import { openNetworkAccessManager } from "@fairlead/access";
import { upgrade } from "undici";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture } from "../network-fixture.ts";
import { answering, closed, response, scriptedServer, type ScriptedServer } from "../scripted-server.ts";

const fixture = networkFixture();

function place(server: ScriptedServer): string {
  return `http://127.0.0.1:${String(server.port)}`;
}

/** A proxy that opens every tunnel to one port of this machine, and keeps what it was told. */
async function tunneler(port: () => number, head: string): Promise<ScriptedServer & { readonly told: string[] }> {
  const told: string[] = [];
  const { connect } = await import("node:net");
  const server = await scriptedServer((socket) => {
    socket.once("data", (bytes: Buffer) => {
      told.push(String(bytes));
      const origin = connect(port(), "127.0.0.1", () => {
        socket.write(head);
        socket.pipe(origin).pipe(socket);
      });
      origin.on("error", () => undefined);
    });
  });
  return Object.assign(server, { told });
}

describe("what is said to proxies", () => {
  test("a Proxy-Authorization field of the application's own is not sent through a tunnel", async () => {
    await using proxy = await tunneler(() => fixture.network.https.port, "HTTP/1.1 200 OK\r\n\r\n");
    await using manager = await fixture.open({ proxy: place(proxy) });
    const headers = { "Proxy-Authorization": "Basic c2VjcmV0" };
    const reply = await manager.request(`https://localhost:${String(fixture.network.https.port)}/headers`, { headers });
    assert.ok(!("proxy-authorization" in ((await reply.json()) as object)));
    assert.doesNotMatch(proxy.told.join(), /c2VjcmV0/);
  });

  test("a 407 of a server that is no proxy is a response, and asks nobody", async () => {
    const challenge = "HTTP/1.1 407 No\r\nProxy-Authenticate: Digest realm=x, nonce=y\r\nContent-Length: 0\r\n\r\n";
    await using server = await scriptedServer(answering(() => challenge));
    await using manager = await openNetworkAccessManager({
      onAuthenticate: () => assert.fail("nobody is to be asked"),
    });
    assert.equal((await manager.request(`${server.origin}/`)).status, 407);
  });

  test("what a proxy says beside its 200 is no response of the server's", async () => {
    const head =
      'HTTP/1.1 200 OK\r\nSet-Cookie: from=proxy\r\nStrict-Transport-Security: max-age=99\r\nAlt-Svc: h2=":1"\r\n\r\n';
    await using proxy = await tunneler(() => fixture.network.https.port, head);
    await using manager = await fixture.open({ proxy: place(proxy) });
    const url = `https://localhost:${String(fixture.network.https.port)}/headers`;
    await (await manager.request(url)).bytes();
    const seen = (await (await manager.request(url)).json()) as Readonly<Record<string, unknown>>;
    assert.equal(seen["cookie"], undefined);
    for (const name of ["hsts", "cookies", "alt-svc"]) {
      assert.equal(manager.store.collection(name, { maxEntries: 10, secret: name === "cookies" }).size, 0, name);
    }
  });

  test("what a proxy smuggles behind its 200 is taken for TLS, and ends it", async () => {
    const head = `HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n${response("from the proxy")}`;
    await using proxy = await tunneler(() => fixture.network.https.port, head);
    await using manager = await fixture.open({ proxy: place(proxy) });
    await assert.rejects(manager.request(`https://localhost:${String(fixture.network.https.port)}/`), {
      name: "TlsError",
    });
  });

  test("an endless answer ends at its limit", async () => {
    await using proxy = await scriptedServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      const more = (): void => {
        if (socket.destroyed) return;
        if (socket.write(`X-Filler: ${"x".repeat(1_000)}\r\n`)) setImmediate(more);
        else socket.once("drain", more);
      };
      more();
    });
    await using manager = await openNetworkAccessManager({ proxy: place(proxy) });
    await assert.rejects(manager.request("https://a.example/"), { code: "PROXY_ANSWER_INVALID" });
    await closed(await proxy.connection(1));
  });

  test("a proxy that challenges for ever gets no more than some answers", async () => {
    await using proxy = await scriptedServer(
      answering(() => {
        const nonce = String(Math.random());
        return `HTTP/1.1 407 No\r\nProxy-Authenticate: Digest realm=x, nonce="${nonce}", stale=true, qop=auth\r\nContent-Length: 0\r\n\r\n`;
      }),
    );
    await using manager = await openNetworkAccessManager({ proxy: place(proxy).replace("://", "://me:secret@") });
    await assert.rejects(manager.request("https://a.example/"), { code: "PROXY_AUTHENTICATION_REQUIRED" });
    assert.equal((await manager.request("http://a.example/")).status, 407);
    assert.ok(proxy.connections.length < 20);
  });
});

test("RFC 6455 4.1: what is to become another protocol goes through a tunnel, over http as well", async () => {
  await using server = await scriptedServer(
    answering(() => "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n"),
  );
  await using proxy = await tunneler(() => server.port, "HTTP/1.1 200 OK\r\n\r\n");
  await using manager = await openNetworkAccessManager({ proxy: place(proxy) });
  const origin = "http://a.example";
  const { socket } = await upgrade(`${origin}/chat`, { protocol: "chat", dispatcher: manager });
  socket.destroy();
  assert.match(proxy.told.join(), /^CONNECT a\.example:80 /);
});

describe("a proxy that says nothing", () => {
  const silent = (): Promise<ScriptedServer> => scriptedServer((socket) => void socket.resume());

  test("is named by the deadline when it is TLS that it does not speak", async () => {
    await using proxy = await silent();
    const proxies = `https://127.0.0.1:${String(proxy.port)}`;
    await using manager = await openNetworkAccessManager({ proxy: proxies, timeouts: { connect: 100 } });
    const error: unknown = await manager.request("https://a.example/").catch((error: unknown) => error);
    assert.ok(error instanceof TimeoutError);
    assert.deepEqual([error.phase, error.peer], ["connect", `127.0.0.1:${String(proxy.port)}`]);
    await closed(await proxy.connection(1));
  });

  test("is left when nobody waits any more, with the signal's reason and nothing open", async () => {
    for (const scheme of ["http", "https", "socks4", "socks5"]) {
      await using proxy = await silent();
      await using manager = await openNetworkAccessManager({ proxy: `${scheme}://127.0.0.1:${String(proxy.port)}` });
      const controller = new AbortController();
      const reason = new Error("enough");
      const request = manager.request("https://a.example/", { signal: controller.signal });
      await proxy.connection(1);
      controller.abort(reason);
      await assert.rejects(request, (error) => error === reason);
      await closed(await proxy.connection(1));
    }
  });
});
