import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { mintAuthority, mintCertificate, type Authority, type MintedIdentity } from "@fairlead/testserver/authority";
import { connectTls } from "@fairlead/tls/sockets";
import { connectTcp } from "@fairlead/transport";
import { reverseProxy } from "../../src/relay/index.ts";
import { serve } from "../../src/serve.ts";
import { startProxy } from "./proxied.ts";
import { Incoming, startRawServer } from "./raw-peers.ts";

describe("a server behind TLS", () => {
  let authority: Authority;
  let server: Server;
  let port = 0;
  before(async () => {
    authority = await mintAuthority();
    const { certificate, privateKey } = await mintCertificate({ issuer: authority, names: ["localhost"] });
    server = createServer({ cert: certificate, key: privateKey }, (_, response) => response.end("ok"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  test("is verified, and asked", async () => {
    const tls = { trust: { type: "anchors", certificates: [authority.certificate] } } as const;
    await using front = await startProxy({ target: `https://localhost:${String(port)}`, tls });
    for (let time = 0; time < 2; time += 1) assert.equal(await (await fetch(front.origin)).text(), "ok");
  });

  test("that cannot be verified is asked nothing", async () => {
    await using front = await startProxy({ target: `https://localhost:${String(port)}` });
    const response = await fetch(front.origin, { method: "POST", body: "secret" });
    assert.equal(response.status, 502);
    assert.equal(response.headers.get("proxy-status"), "fairlead; error=tls_certificate_error");
  });

  test("that does not speak it is a 502", async () => {
    await using upstream = await startRawServer(() => undefined);
    const target = upstream.origin.replace("http:", "https:");
    await using front = await startProxy({ target, timeouts: { connectMilliseconds: 30 } });
    const response = await fetch(front.origin);
    assert.equal(response.status, 504);
    assert.equal(response.headers.get("proxy-status"), "fairlead; error=connection_timeout");
  });
});

describe("a client that has proved who it is", () => {
  let authority: Authority;
  before(async () => {
    authority = await mintAuthority();
  });

  async function headOf(client: MintedIdentity | null, clientCert?: boolean): Promise<string> {
    const identity = await mintCertificate({ issuer: authority, names: ["localhost"] });
    const trust = { type: "anchors", certificates: [authority.certificate] } as const;
    await using upstream = await startRawServer((socket) => socket.write("HTTP/1.1 204 No Content\r\n\r\n"));
    await using proxy = reverseProxy({ target: upstream.origin, clientCert });
    const tls = { identity, clientCertificates: { trust, required: false } };
    await using running = await serve({ fetch: proxy, host: "127.0.0.1", tls });
    const below = await connectTcp({ host: "127.0.0.1", port: running.port ?? 0 });
    const socket = await connectTls(below, { host: "localhost", trust, identity: client });
    socket.write("GET / HTTP/1.1\r\nhost: a\r\nclient-cert: :AAAA:\r\nconnection: close\r\n\r\n");
    await new Incoming(socket).ended();
    return `${upstream.heads[0] ?? ""}\r\n`;
  }

  test("is told of by Client-Cert, RFC 9440, and nobody else is", async () => {
    const client = await mintCertificate({ issuer: authority, names: ["client"], usage: "client" });
    const der = client.leaf.replace(/-----[^-]+-----|\s/g, "");
    assert.ok((await headOf(client)).includes(`\r\nclient-cert: :${der}:\r\n`));
    assert.doesNotMatch(await headOf(client, false), /client-cert/);
    assert.doesNotMatch(await headOf(null), /client-cert/);
  });
});
