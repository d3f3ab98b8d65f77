import { transactionOf, type ManagedWebSocket } from "@fairlead/access";
import { mintCertificate } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { asking, password } from "../authentication/asking.ts";
import { networkFixture } from "../network-fixture.ts";
import { MEMBER_USERINFO, startMicrosocks, startSquid } from "@fairlead/conformance/peers";
import { tlsBackends } from "../tls-backends.ts";
import { webSocketPeer } from "./websocket-peer.ts";

const fixture = networkFixture();
const { open, either } = fixture;

/** The fields that the server saw, from its first message. */
async function seen(socket: ManagedWebSocket): Promise<Readonly<Record<string, string>>> {
  for await (const message of socket) return JSON.parse(String(message)) as Record<string, string>;
  throw new Error("it said nothing");
}

const hopsOf = (socket: ManagedWebSocket): readonly (readonly unknown[])[] =>
  (transactionOf(socket)?.hops ?? []).map(({ status, reason, url }) => [status, reason, new URL(url).protocol]);

const socketUrl = (scheme: "ws" | "wss", host = "a.fairlead.test", path = "/websocket/request"): string => {
  const { http, https } = fixture.network;
  return `${scheme}://${host}:${String(scheme === "ws" ? http.port : https.port)}${path}`;
};

describe("the handshake of a WebSocket is a request as all others", () => {
  test("HSTS turns ws into wss, and can be seen (RFC 6797 section 8.3)", async () => {
    await using manager = await open();
    await (await manager.request(`${either("https")}/hsts/good/year`)).bytes();
    const socket = manager.webSocket(`${either("http").replace("http:", "ws:")}/websocket/echo`);
    await socket.opened;
    assert.deepEqual(hopsOf(socket), [
      [307, "hsts", "http:"],
      [101, "network", "https:"],
    ]);
    assert.match(socket.url, /^ws:/);
    socket.send("secure");
    for await (const message of socket) {
      assert.equal(message, "secure");
      break;
    }
  });

  test("cookies go with it, come with its answer, and stay with their partition", async () => {
    await using peer = await webSocketPeer({ fields: ["Set-Cookie: visit=1; Path=/"] });
    await using manager = await open();
    const cookies = async (options = {}): Promise<string | undefined> => {
      const socket = manager.webSocket(peer.url(), options);
      await socket.opened;
      return peer.requests.at(-1)?.headers.cookie;
    };
    assert.equal(await cookies(), undefined);
    assert.equal(await cookies(), "visit=1");
    assert.equal(await cookies({ cookies: false }), undefined);
    const own = { partition: "https://news.example/", siteForCookies: new URL(peer.url().replace("ws:", "http:")) };
    assert.equal(await cookies(own), undefined);
    assert.equal(await cookies(own), "visit=1");
    const reply = await manager.request(peer.url().replace("ws:", "http:"));
    await reply.bytes();
    assert.equal(reply.status, 200);
  });

  test("fields of one's own and the origin are sent, and nothing says that it may be stored", async () => {
    await using manager = await open();
    const origin = "https://app.example";
    const socket = manager.webSocket(socketUrl("wss"), { headers: { "X-Own": "1" }, origin, http2: false });
    const headers = await seen(socket);
    assert.deepEqual([headers["x-own"], headers["origin"], headers["sec-websocket-version"]], ["1", origin, "13"]);
    await assert.rejects(manager.webSocket(socketUrl("wss"), { headers: { Upgrade: "h2c" } }).opened, {
      code: "HEADER_INVALID",
    });
  });

  test("a redirect is an error, and followed where a policy says so", async () => {
    await using peer = await webSocketPeer({
      refuse: ({ url }) =>
        url === "/" ? ["HTTP/1.1 307 Elsewhere", "location: /there", "content-length: 0"] : undefined,
    });
    await using manager = await open();
    await assert.rejects(manager.webSocket(peer.url()).opened, { name: "PolicyError", code: "REDIRECT_UNEXPECTED" });
    const socket = manager.webSocket(peer.url(), { redirect: { type: "same-origin" } });
    await socket.opened;
    assert.deepEqual(
      hopsOf(socket).map(([status]) => status),
      [307, 101],
    );
  });

  test("it is retried before it was accepted, where a policy says so", async () => {
    await using peer = await webSocketPeer({
      refuse: (_request, number) => (number < 3 ? ["HTTP/1.1 503 Busy", "content-length: 0"] : undefined),
    });
    await using manager = await open({ retry: { backoffMilliseconds: 1 } });
    const socket = manager.webSocket(peer.url());
    await socket.opened;
    assert.deepEqual(transactionOf(socket)?.hops[0]?.repeats, ["retry", "retry"]);
  });
});

describe("who opens a WebSocket", () => {
  for (const backend of tlsBackends) {
    test(`is asked for by a 401, told once, and remembered, over ${backend.name}`, async () => {
      const identity = await mintCertificate({ issuer: fixture.network.ca, names: ["127.0.0.1"] });
      const right = `Basic ${Buffer.from("me:secret").toString("base64")}`;
      await using peer = await webSocketPeer({
        identity,
        refuse: ({ headers }) =>
          headers.authorization === right
            ? undefined
            : ["HTTP/1.1 401 Who?", 'www-authenticate: Basic realm="r"', "content-length: 0"],
      });
      const { onAuthenticate, questions } = asking(password("me", "secret"));
      await using manager = await open({ onAuthenticate, tls: { backend } });
      const first = manager.webSocket(peer.url());
      await first.opened;
      assert.deepEqual(transactionOf(first)?.hops[0]?.repeats, ["authentication"]);
      assert.equal(transactionOf(first)?.hops[0]?.authentication[0]?.outcome, "accepted");
      const second = manager.webSocket(peer.url());
      await second.opened;
      assert.deepEqual([questions.length, peer.requests.length], [1, 3]);
      await assert.rejects(manager.webSocket(peer.url(), { onAuthenticate: false }).opened, {
        code: "WEBSOCKET_REFUSED",
      });
    });

    test(`shows the certificate that the application chooses, over ${backend.name}`, async () => {
      const { ca } = fixture.network;
      const identity = await mintCertificate({ issuer: ca, names: ["alice"], usage: "client" });
      await using manager = await open({
        tls: { backend },
        onClientCertificate: () => ({ type: "identity", identity }),
      });
      const port = String(fixture.network.service("https-client-certificate").port);
      const socket = manager.webSocket(`wss://a.fairlead.test:${port}/websocket/request`);
      await seen(socket);
      assert.notEqual(fixture.network.requests.at(-1)?.tls?.clientCertificate, undefined);
    });

    test(`is not told to a server with a wrong certificate, unless the application lets it in, over ${backend.name}`, async () => {
      const port = String(fixture.network.service("https-self-signed").port);
      const url = `wss://a.fairlead.test:${port}/websocket/request`;
      await using strict = await open({ tls: { backend } });
      await assert.rejects(strict.webSocket(url).opened, { name: "TlsError" });
      await using asking = await open({ tls: { backend }, onCertificateError: () => ({ type: "accept" }) });
      await seen(asking.webSocket(url));
    });
  }
});

describe("the way of a WebSocket", () => {
  test("leads through tunnels, for ws too, and says who asks", async () => {
    await using squid = await startSquid(fixture.network.ca, "basic");
    await using socks = await startMicrosocks({ asks: false });
    const place = `http://127.0.0.1:${String(squid.port)}`;
    for (const scheme of ["ws", "wss"] as const) {
      for (const [proxy, shown] of [
        [place.replace("://", `://${MEMBER_USERINFO}@`), place],
        [`socks5://127.0.0.1:${String(socks.port)}`, `socks5://127.0.0.1:${String(socks.port)}`],
      ] as const) {
        await using manager = await open({ proxy });
        const socket = manager.webSocket(socketUrl(scheme, "localhost"));
        const headers = await seen(socket);
        assert.ok(!("proxy-authorization" in headers), "what proxies are told is nobody else's");
        assert.deepEqual(transactionOf(socket)?.hops[0]?.route, [shown]);
      }
    }
    await using unknown = await open({ proxy: place });
    await assert.rejects(unknown.webSocket(socketUrl("ws", "localhost")).opened, {
      code: "PROXY_AUTHENTICATION_REQUIRED",
    });
  });

  test("is what a script says for http and https URLs of the same host", async () => {
    await using socks = await startMicrosocks({ asks: false });
    const pac = `function FindProxyForURL(url, host) {
      return url.indexOf("http") === 0 ? "SOCKS5 127.0.0.1:${String(socks.port)}" : "DIRECT";
    }`;
    await using manager = await open({ proxy: { pacScript: pac } });
    const socket = manager.webSocket(socketUrl("wss", "localhost"));
    await seen(socket);
    assert.equal(transactionOf(socket)?.hops[0]?.route.length, 1);
  });

  test("is a socket of this machine", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fairlead-websocket-"));
    try {
      const path = join(folder, "socket");
      await using peer = await webSocketPeer({ listen: { path } });
      await using manager = await open();
      const socket = manager.webSocket("ws://service/events", { unix: path });
      await socket.opened;
      assert.deepEqual([peer.requests[0]?.url, peer.requests[0]?.headers.host], ["/events", "service"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
