import {
  openNetworkAccessManager,
  type NetworkAccessManager,
  type NetworkAccessManagerOptions,
} from "@fairlead/access";
import { createLookup, type Lookup } from "@fairlead/testserver";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { describe, test } from "node:test";
import { tlsBackends } from "../tls-backends.ts";
import { http2Server, type Http2TestServer } from "./http2-server.ts";

const ca = await mintAuthority();
const open = (options: NetworkAccessManagerOptions = {}): Promise<NetworkAccessManager> =>
  openNetworkAccessManager({
    lookup: createLookup("127.0.0.1"),
    ...options,
    tls: { trust: { type: "anchors", certificates: [ca.certificate] }, ...options.tls },
  });
const serve = (names: readonly string[], answer = echo): Promise<Http2TestServer> => http2Server({ ca, names }, answer);
const echo = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void => {
  stream.respond({ ":status": 200 });
  stream.end(headers[":authority"]);
};
const ask = async (manager: NetworkAccessManager, origin: string): Promise<string> =>
  (await manager.request(origin)).text();

describe("a connection serves another origin (RFC 9113 section 9.1.1)", () => {
  for (const backend of tlsBackends) {
    test(`whose host its certificate is for, at the same address and port: over ${backend.name}`, async () => {
      await using server = await serve(["a.fairlead.test", "*.other.test"]);
      await using manager = await open({ tls: { backend } });
      const origins = ["a.fairlead.test", "b.other.test", "c.other.test", "a.fairlead.test"].map((host) =>
        server.origin(host),
      );
      for (const origin of origins) assert.equal(await ask(manager, origin), new URL(origin).host);
      assert.equal(server.sockets.length, 1);
      const reply = await manager.request(server.origin("b.other.test"));
      const [hop] = reply.transaction.hops;
      assert.deepEqual([hop?.reused, hop?.connection?.id, hop?.tls?.serverName], [true, 1, "a.fairlead.test"]);
      assert.equal(await reply.text(), `b.other.test:${String(server.port)}`);
    });
  }

  test("as long as it is open, and no longer", async () => {
    await using server = await serve(["a.fairlead.test", "b.fairlead.test"]);
    await using manager = await open();
    assert.match(await ask(manager, server.origin()), /^a/);
    assert.match(await ask(manager, server.origin("b.fairlead.test")), /^b/);
    server.sessions[0]?.goaway();
    assert.match(await ask(manager, server.origin("b.fairlead.test")), /^b/);
    assert.match(await ask(manager, server.origin()), /^a/);
    assert.equal(server.sockets.length, 2);
  });

  test("and ends with the manager, whoever used it", async () => {
    await using server = await serve(["a.fairlead.test", "b.fairlead.test"]);
    const manager = await open();
    await ask(manager, server.origin());
    await ask(manager, server.origin("b.fairlead.test"));
    await manager.close();
    const destroyed = await open();
    await ask(destroyed, server.origin());
    await ask(destroyed, server.origin("b.fairlead.test"));
    await destroyed.destroy();
    assert.equal(server.sockets.length, 2);
  });
});

describe("a connection serves no other origin", () => {
  /** Asks two origins, and tells how many connections that took. */
  const connectionsFor = async (
    server: Http2TestServer,
    manager: NetworkAccessManager,
    ...origins: readonly string[]
  ): Promise<number> => {
    const before = server.sockets.length;
    for (const origin of origins) assert.equal(await ask(manager, origin), new URL(origin).host);
    return server.sockets.length - before;
  };

  test("where it is turned off", async () => {
    await using server = await serve(["a.fairlead.test", "b.fairlead.test"]);
    await using manager = await open({ http2: { coalesce: false } });
    assert.equal(await connectionsFor(server, manager, server.origin(), server.origin("b.fairlead.test")), 2);
  });

  test("in another partition", async () => {
    await using server = await serve(["a.fairlead.test", "b.fairlead.test"]);
    await using manager = await open();
    await ask(manager, server.origin());
    await (await manager.request(server.origin("b.fairlead.test"), { partition: "https://news.test" })).text();
    assert.equal(server.sockets.length, 2);
  });

  test("whose host has another address", async () => {
    const lookup: Lookup = (host, options, callback) => {
      createLookup(host.startsWith("b.") ? "127.0.0.2" : "127.0.0.1")(host, options, callback);
    };
    await using server = await serve(["a.fairlead.test", "b.fairlead.test"]);
    await using other = await http2Server(
      { ca, names: ["b.fairlead.test"], host: "127.0.0.2", port: server.port },
      echo,
    );
    await using manager = await open({ lookup });
    assert.equal(await connectionsFor(server, manager, server.origin(), server.origin("b.fairlead.test")), 1);
    assert.equal(other.sockets.length, 1);
  });

  test("whose host its certificate is not for: such an origin fails by its own certificate", async () => {
    await using server = await serve(["a.fairlead.test", "*.b.fairlead.test"]);
    await using manager = await open();
    await ask(manager, server.origin());
    for (const host of ["b.fairlead.test", "x.y.b.fairlead.test", "c.fairlead.test", "b.b.fairlead.test.evil.test"]) {
      await assert.rejects(ask(manager, server.origin(host)), { code: "CERTIFICATE_HOST_MISMATCH" }, host);
    }
    await assert.rejects(ask(manager, `https://127.0.0.1:${String(server.port)}`), {
      code: "CERTIFICATE_HOST_MISMATCH",
    });
  });

  test("when its own certificate was let in by an exception, or not looked at", async () => {
    await using server = await serve(["b.fairlead.test", "c.fairlead.test"]);
    const asked: string[] = [];
    await using excepting = await open({
      onCertificateError: ({ host }) => {
        asked.push(host);
        return { type: host === "a.fairlead.test" ? "accept" : "refuse" };
      },
    });
    assert.equal(await connectionsFor(server, excepting, server.origin(), server.origin("b.fairlead.test")), 2);
    assert.deepEqual(asked, ["a.fairlead.test"]);
    await using careless = await open({ tls: { dangerous: { acceptAnyCertificate: true } } });
    assert.equal(
      await connectionsFor(server, careless, server.origin("b.fairlead.test"), server.origin("c.fairlead.test")),
      2,
    );
  });

  test("once the client has said who it is", async () => {
    const client = await mintCertificate({ issuer: ca, names: ["client.test"], usage: "client" });
    await using server = await serve(["a.fairlead.test", "b.fairlead.test"]);
    await using manager = await open({ tls: { identity: client } });
    assert.equal(await connectionsFor(server, manager, server.origin(), server.origin("b.fairlead.test")), 2);
  });

  test("on another port", async () => {
    await using server = await serve(["a.fairlead.test", "b.fairlead.test"]);
    await using other = await serve(["b.fairlead.test"]);
    await using manager = await open();
    await ask(manager, server.origin());
    await ask(manager, other.origin("b.fairlead.test"));
    assert.deepEqual([server.sockets.length, other.sockets.length], [1, 1]);
  });

  test("that it answers with 421: that one gets its own, the request with it, from then on (RFC 9110 section 15.5.20)", async () => {
    const seen: string[] = [];
    await using server = await serve(["a.fairlead.test", "b.fairlead.test"], (stream, headers) => {
      const name = (stream.session?.socket as { servername?: string } | undefined)?.servername;
      const host = new URL(`https://${headers[":authority"] ?? ""}`).hostname;
      seen.push(`${headers[":method"] ?? ""} ${host} on ${name ?? ""}`);
      stream.respond({ ":status": name === host ? 200 : 421 });
      stream.resume().on("end", () => stream.end(headers[":authority"]));
    });
    await using manager = await open();
    await ask(manager, server.origin());
    const reply = await manager.request(server.origin("b.fairlead.test"), { method: "POST", body: "text" });
    assert.equal(reply.status, 200);
    assert.deepEqual(reply.transaction.hops[0]?.repeats, ["misdirected"]);
    await reply.bytes();
    await ask(manager, server.origin("b.fairlead.test"));
    await ask(manager, server.origin());
    assert.deepEqual(seen, [
      "GET a.fairlead.test on a.fairlead.test",
      "POST b.fairlead.test on a.fairlead.test",
      "POST b.fairlead.test on b.fairlead.test",
      "GET b.fairlead.test on b.fairlead.test",
      "GET a.fairlead.test on a.fairlead.test",
    ]);
    assert.equal(server.sockets.length, 2);
  });

  test("that answers 421 on its own connection: then that is the answer", async () => {
    await using server = await serve(["a.fairlead.test"], (stream) => {
      stream.respond({ ":status": 421 }, { endStream: true });
    });
    await using manager = await open();
    assert.equal((await manager.request(server.origin())).status, 421);
  });
});
