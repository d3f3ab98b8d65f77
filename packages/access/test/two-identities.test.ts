import type { NetworkAccessManager } from "@fairlead/access";
import { openStore } from "@fairlead/store";
import { mintCertificate, type MintedIdentity } from "@fairlead/testserver/authority";
import { X509Certificate } from "node:crypto";
import assert from "node:assert/strict";
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
  const origin = (): string => fixture.network.listener("https-client-certificate").origin;

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
});
