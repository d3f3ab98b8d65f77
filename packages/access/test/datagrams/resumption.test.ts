import type { NetworkAccessManager, NetworkAccessManagerOptions, TlsFacts } from "@fairlead/access";
import { openStore, type Store } from "@fairlead/store";
import { mintAuthority } from "@fairlead/testserver/authority";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { networkFixture } from "../network-fixture.ts";

const psk = { identity: "device", key: Buffer.from("not-a-secret-key") };
type Service = "dtls-echo" | "dtls-echo-gnutls" | "dtls-echo-psk" | "dtls-client-certificate";

describe("DTLS sessions in a manager's store", () => {
  const fixture = networkFixture();
  const at = (service: Service, host = "a.fairlead.test"): string =>
    `coaps://${host}:${String(fixture.network.service(service).port)}`;
  const tickets = (store: Store): number => store.collection("tls-tickets", { maxEntries: 1, secret: true }).size;

  /** What TLS gave on a path that is closed again. */
  async function connected(manager: NetworkAccessManager, url: string, options = {}): Promise<TlsFacts> {
    const found: (TlsFacts | undefined)[] = [];
    const watching = manager.observe({ connectionOpened: ({ tls }) => found.push(tls) });
    (await manager.connectDatagrams(url, options)).close();
    watching[Symbol.dispose]();
    return found[0] ?? assert.fail("it was not told of");
  }

  for (const datagrams of [loadOpensslTls(), loadGnutlsTls()]) {
    /** Whether a manager of its own resumes. */
    async function resumes(
      options: NetworkAccessManagerOptions,
      url = at("dtls-echo"),
      connectOptions = {},
    ): Promise<boolean> {
      await using manager = await fixture.open({ ...options, tls: { datagrams, ...options.tls } });
      const { resumed, authorized } = await connected(manager, url, connectOptions);
      assert.equal(authorized, true);
      return resumed;
    }

    describe(`by ${datagrams.name}`, () => {
      for (const service of ["dtls-echo", "dtls-echo-gnutls"] as const) {
        test(`are resumed by later managers of the same file, each time (${service})`, async () => {
          const folder = await mkdtemp(join(tmpdir(), "fairlead-datagrams-"));
          try {
            const store = `file:${join(folder, "store")}`;
            const resumed: boolean[] = [];
            for (let turn = 0; turn < 3; turn += 1) resumed.push(await resumes({ store }, at(service)));
            assert.deepEqual(resumed, [false, true, true]);
          } finally {
            await rm(folder, { recursive: true });
          }
        });
      }

      test("are bound to the host, the trust, the protocols and the backend that they were gained with", async () => {
        await using store = await openStore("memory:");
        assert.equal(await resumes({ store }), false);
        const other = await mintAuthority();
        const { certificate } = fixture.network.ca;
        const tls = { trust: { type: "anchors", certificates: [certificate, other.certificate] } } as const;
        assert.equal(await resumes({ store, tls }), false);
        assert.equal(await resumes({ store }, at("dtls-echo", "b.fairlead.test")), false);
        assert.equal(await resumes({ store }, at("dtls-echo-gnutls")), false);
        assert.equal(await resumes({ store }, at("dtls-echo"), { alpnProtocols: ["coap"] }).catch(() => false), false);
        assert.equal(await resumes({ store }), true);
      });

      test("are not gained where certificates are not checked", async () => {
        await using store = await openStore("memory:");
        await using manager = await fixture.open({
          store,
          tls: { datagrams, dangerous: { acceptAnyCertificate: true } },
        });
        await connected(manager, at("dtls-echo"));
        assert.equal(tickets(store), 0);
      });

      test("are none where a key proves both sides", async () => {
        await using store = await openStore("memory:");
        for (let turn = 0; turn < 2; turn += 1) {
          assert.equal(await resumes({ store }, at("dtls-echo-psk"), { psk }), false);
        }
        assert.equal(tickets(store), 0);
      });

      test("are forgotten with their site", async () => {
        await using store = await openStore("memory:");
        await using manager = await fixture.open({ store, tls: { datagrams } });
        await connected(manager, at("dtls-echo"));
        assert.equal(tickets(store), 1);
        await manager.forget({ site: "fairlead.test" });
        assert.equal(tickets(store), 0);
        assert.equal((await connected(manager, at("dtls-echo"))).resumed, false);
      });
    });
  }
});
