import type { NetworkAccessManager } from "@fairlead/access";
import { openStore } from "@fairlead/store";
import { mintCertificate, type Authority, type MintedIdentity } from "@fairlead/testserver/authority";
import { X509Certificate } from "node:crypto";
import assert from "node:assert/strict";
import { once } from "node:events";
import { createSecureServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { before, describe, test } from "node:test";
import { networkFixture } from "./network-fixture.ts";
import { tlsBackends } from "./tls-backends.ts";

const fixture = networkFixture();

describe("two identities interleaved 1,000 times see only their own connections and sessions", () => {
  const identities: MintedIdentity[] = [];
  before(async () => {
    const issuer = fixture.network.ca;
    for (const name of ["alice", "bob"]) {
      identities.push(await mintCertificate({ issuer, names: [name], usage: "client" }));
    }
  });
  const identity = (index: number): MintedIdentity => identities[index % 2] ?? assert.fail("minted before");
  const origin = (): string => fixture.network.service("https-client-certificate").origin;

  /** Makes one request, and checks who the server saw. */
  async function visit(manager: NetworkAccessManager, who: MintedIdentity): Promise<boolean> {
    const reply = await manager.request(`${origin()}/echo`);
    const { tls } = (await reply.json()) as { tls: { clientCertificate: string; sessionReused: boolean } };
    assert.equal(tls.clientCertificate, new X509Certificate(who.leaf).fingerprint256);
    return tls.sessionReused;
  }

  for (const backend of tlsBackends) {
    test(`of one manager that is told anew for each request, over ${backend.name}`, async () => {
      let asked = 0;
      await using manager = await fixture.open({
        tls: { backend },
        onClientCertificate: () => ({ type: "identity", identity: identity(asked++) }),
      });
      for (let index = 0; index < 1_000; index += 1) await visit(manager, identity(index));
      assert.equal(asked, 1_000);
    });
  }

  for (const backend of tlsBackends) {
    test(`of two managers with one store, whose sessions are resumed, over ${backend.name}`, async () => {
      await using store = await openStore("memory:");
      let resumed = 0;
      for (let round = 0; round < 50; round += 1) {
        const managers = await Promise.all(
          identities.map((who) => fixture.open({ store, tls: { backend, identity: who } })),
        );
        for (let index = 0; index < 20; index += 1) {
          const manager = managers[index % 2] ?? assert.fail("one for each");
          if (await visit(manager, identity(index))) resumed += 1;
        }
        await Promise.all(managers.map((manager) => manager.close()));
      }
      assert.ok(resumed > 0, "sessions were resumed");
    });
  }

  for (const backend of tlsBackends) {
    test(`of two managers that share streams of HTTP/2, and one that is told anew, over ${backend.name}`, async () => {
      const seen: { readonly wanted: string; readonly shown: string | undefined }[] = [];
      const server = await clientCertificateServer(fixture.network.ca, (wanted, shown) => seen.push({ wanted, shown }));
      try {
        let next = 0;
        const [alice, bob, told] = await Promise.all([
          fixture.open({ tls: { backend, identity: identity(0) } }),
          fixture.open({ tls: { backend, identity: identity(1) } }),
          fixture.open({
            tls: { backend },
            onClientCertificate: () => ({ type: "identity", identity: identity(next) }),
          }),
        ]);
        const ask = async (manager: NetworkAccessManager, who: MintedIdentity): Promise<void> => {
          const wanted = new X509Certificate(who.leaf).fingerprint256;
          const reply = await manager.request(server.origin, { headers: { "x-wanted": wanted } });
          await reply.bytes();
          assert.equal(reply.transaction.hops.at(-1)?.tls?.alpn, "h2");
        };
        for (let round = 0; round < 50; round += 1) {
          await Promise.all([0, 1, 2, 3].map((n) => ask(n % 2 === 0 ? alice : bob, identity(n))));
          next = round;
          await ask(told, identity(round));
        }
        assert.equal(seen.length, 250);
        for (const { wanted, shown } of seen) assert.equal(shown, wanted);
        await Promise.all([alice, bob, told].map((manager) => manager.close()));
      } finally {
        await server.close();
      }
    });
  }
});

/** A server of HTTP/2 that lets nobody in without a certificate, and tells who asked. */
async function clientCertificateServer(
  issuer: Authority,
  onRequest: (wanted: string, shown: string | undefined) => void,
): Promise<{ readonly origin: string; close(): Promise<void> }> {
  const { certificate, privateKey } = await mintCertificate({ issuer, names: ["localhost"] });
  const server = createSecureServer({
    cert: certificate,
    key: privateKey,
    ca: issuer.certificate,
    requestCert: true,
    rejectUnauthorized: true,
  });
  server.on("request", ({ headers, stream }, response) => {
    const socket = stream.session?.socket as TLSSocket | undefined;
    onRequest(String(headers["x-wanted"]), socket?.getPeerX509Certificate()?.fingerprint256);
    response.end();
  });
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => sessions.add(session));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `https://localhost:${String((server.address() as AddressInfo).port)}`,
    close: async () => {
      for (const session of sessions) session.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
