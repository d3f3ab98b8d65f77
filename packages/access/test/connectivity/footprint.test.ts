import { openStore } from "@fairlead/store";
import { mintCertificate } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { networkFixture } from "../network-fixture.ts";
import { answering, scriptedServer, type ScriptedServer } from "../scripted-server.ts";
import { connected } from "./connected.ts";

const fixture = networkFixture();

/** A server, or whoever plays it, that keeps the heads of its requests. */
async function recording(answer: string): Promise<ScriptedServer & { readonly heads: string[] }> {
  const heads: string[] = [];
  const server = await scriptedServer((socket) => {
    socket.on("data", (bytes: Buffer) => heads.push(String(bytes)));
    answering(() => answer)(socket);
  });
  return Object.assign(server, { heads });
}

describe("what a probe tells", () => {
  test("is nothing: no cookie, no credentials, no early words of any kind", async () => {
    await using server = await recording("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: who=me; Path=/\r\n\r\n");
    await using manager = await fixture.open({
      ...connected({ probeUrl: `${server.origin}/generate_204?x` }),
      onAuthenticate: () => ({ type: "token", token: "secret" }),
      authentication: { dangerous: { sendSecretsInTheClear: true } },
    });
    await (await manager.request(`${server.origin}/`)).bytes();
    await (await manager.request(`${server.origin}/`)).bytes();
    assert.match(server.heads.join(), /cookie: who=me/i, "the application's own request has a cookie");
    server.heads.length = 0;
    assert.equal(await manager.connectivity.check(), "online");
    const host = new URL(server.origin).host;
    assert.deepEqual(server.heads, [`GET /generate_204?x HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`]);
  });

  test("is told in the clear, to a host that is known to want https, too: no application's request can do that", async () => {
    await using manager = await fixture.open(connected({ probeUrl: `${fixture.either("http")}/probe/online` }));
    await (await manager.request(`${fixture.either("https")}/hsts`)).bytes();
    const reply = await manager.request(`${fixture.either("http")}/json`);
    assert.equal(reply.transaction.hops[0]?.reason, "hsts");
    reply.discard();
    fixture.network.clearRequests();
    assert.equal(await manager.connectivity.check(), "online");
    assert.deepEqual(
      fixture.network.requests.map(({ target, tls }) => [target, tls]),
      [["/probe/online", undefined]],
    );
    assert.equal((await manager.request(`${fixture.either("http")}/json`)).transaction.hops[0]?.reason, "hsts");
    for (const partition of ["connectivity checks", "connectivity%20checks"]) {
      await assert.rejects(manager.request(fixture.network.http.origin, { partition }), { code: "OPTION_INVALID" });
    }
  });

  test("goes by the manager's routes, and no proxy is told who asks", async () => {
    await using proxy = await recording("HTTP/1.1 204 OK\r\n\r\n");
    const way = `http://me:secret@127.0.0.1:${String(proxy.port)}`;
    await using manager = await fixture.open({ ...connected({ probeUrl: "http://probe.test/x" }), proxy: way });
    assert.equal(await manager.connectivity.check(), "online");
    assert.deepEqual(proxy.heads, [
      "GET http://probe.test/x HTTP/1.1\r\nhost: probe.test\r\nconnection: close\r\n\r\n",
    ]);
  });

  test("is asked on a connection of its own each time, of a name that is looked up anew", async () => {
    await using server = await recording("HTTP/1.1 204 OK\r\n\r\n");
    const names: string[] = [];
    await using manager = await fixture.open({
      ...connected({ probeUrl: `http://probe.test:${String(server.port)}/` }),
      resolve: (host) => {
        names.push(host);
        return Promise.resolve({ addresses: ["127.0.0.1"], ttlSeconds: 3600 });
      },
    });
    await (await manager.request(`http://probe.test:${String(server.port)}/app`)).bytes();
    for (let count = 0; count < 3; count += 1) await manager.connectivity.check();
    await (await manager.request(`http://probe.test:${String(server.port)}/app`)).bytes();
    assert.deepEqual([server.connections.length, names.length], [4, 4]);
  });
});

describe("what a probe leaves", () => {
  test("is nothing, whatever a portal answers: no cookie, HSTS, response, redirect or alternative", async () => {
    const fields = [
      "Location: http://portal.test/login",
      "Set-Cookie: portal=1; Max-Age=9999",
      "Strict-Transport-Security: max-age=9999; includeSubDomains",
      'Alt-Svc: h2=":1"; ma=9999',
      "Cache-Control: public, max-age=9999, immutable",
      "Content-Length: 0",
    ];
    const moved = ["HTTP/1.1 301 Moved", ...fields, "", ""].join("\r\n");
    await using server = await recording(moved);
    await using store = await openStore("memory:");
    await using manager = await fixture.open({ ...connected({ probeUrl: `${server.origin}/x` }), store });
    assert.equal(await manager.connectivity.check(), "portal");
    assert.deepEqual(manager.permanentRedirects(), []);
    for (const name of ["hsts", "cookies", "alt-svc"]) {
      assert.equal(store.collection(name, { maxEntries: 10, secret: name === "cookies" }).size, 0, name);
    }
    const reply = await manager.request(`${server.origin}/x`, { redirect: { type: "manual" } });
    reply.discard();
    assert.equal(server.heads.length, 2, "it is asked, and not answered from a cache");
    assert.doesNotMatch(server.heads.join(), /cookie/i);
  });
});

describe("what the API is told", () => {
  test("is nothing, either: no certificate, cookie or credentials; its answer is not kept", async () => {
    const identity = await mintCertificate({ issuer: fixture.network.ca, names: ["localhost"] });
    const me = await mintCertificate({ issuer: fixture.network.ca, names: ["me"], usage: "client" });
    const seen: (readonly [certificate: boolean, fields: readonly string[]])[] = [];
    const server = await listening(
      createServer(
        { cert: identity.certificate, key: identity.privateKey, requestCert: true, rejectUnauthorized: false },
        (request, response) => {
          const { socket } = request as unknown as { socket: { getPeerCertificate(): object } };
          seen.push([Object.keys(socket.getPeerCertificate()).length > 0, Object.keys(request.headers).sort()]);
          response.setHeader("Set-Cookie", "who=me");
          response.setHeader("Cache-Control", "max-age=9999");
          response.setHeader("Content-Type", "application/captive+json");
          response.end('{"captive":false}');
        },
      ),
    );
    try {
      const apiUrl = `https://localhost:${String((server.address() as AddressInfo).port)}/`;
      const tls = { identity: { certificate: me.certificate, privateKey: me.privateKey } };
      await using manager = await fixture.open({ ...connected({ apiUrl }), tls });
      await (await manager.request(apiUrl)).bytes();
      assert.equal(seen[0]?.[0], true, "the application's own request shows it");
      assert.equal(await manager.connectivity.check(), "online");
      assert.equal(await manager.connectivity.check(), "online");
      assert.deepEqual(seen.slice(1), [
        [false, ["accept", "connection", "host"]],
        [false, ["accept", "connection", "host"]],
      ]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

test("no proxy is told who asks for a tunnel to the API", async () => {
  const refusal = 'HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n';
  await using proxy = await recording(refusal);
  const way = `http://me:secret@127.0.0.1:${String(proxy.port)}`;
  await using manager = await fixture.open({ ...connected({ apiUrl: "https://portal.test/api" }), proxy: way });
  assert.equal(await manager.connectivity.check(), "local");
  assert.match(proxy.heads.join(), /^CONNECT portal\.test:443 /);
  assert.doesNotMatch(proxy.heads.join(), /proxy-authorization/i);
  await manager.request("https://portal.test/api").catch(() => undefined);
  assert.match(proxy.heads.join(), /proxy-authorization/i, "the application's own request tells it");
});

describe("a portal changes nothing about security", () => {
  test("HSTS, certificates and redirects are what they were", async () => {
    await using manager = await fixture.open(connected({ probeUrl: `${fixture.network.http.origin}/probe/redirect` }));
    await (await manager.request(`${fixture.either("https")}/hsts`)).bytes();
    assert.equal(await manager.connectivity.check(), "portal");
    const upgraded = await manager.request(`${fixture.either("http")}/json`);
    assert.deepEqual(
      upgraded.transaction.hops.map(({ reason }) => reason),
      ["hsts", "network"],
    );
    upgraded.discard();
    const wrong = `https://localhost:${String(fixture.network.service("https-wrong-host").port)}/`;
    await assert.rejects(manager.request(wrong), { code: "CERTIFICATE_HOST_MISMATCH" });
    const down = `${fixture.either("https", "localhost")}/redirect/302?to=${encodeURIComponent(fixture.network.http.origin)}`;
    await assert.rejects(manager.request(down), { code: "REDIRECT_LESS_SAFE" });
  });
});

async function listening(server: Server): Promise<Server> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
