import type { ClientCertificateAnswer, ClientCertificateQuestion, NetworkAccessManager } from "@fairlead/access";
import { openCollection } from "@fairlead/access/memory";
import { openStore, type Store } from "@fairlead/store";
import { mintCertificate, type MintedIdentity } from "@fairlead/testserver/authority";
import { identityFingerprint } from "@fairlead/tls";
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { statusOf } from "./authentication/asking.ts";
import { networkFixture } from "./network-fixture.ts";
import { tlsBackends } from "./tls-backends.ts";

const fixture = networkFixture();
let alice: MintedIdentity;
async function mint(): Promise<void> {
  alice = await mintCertificate({ issuer: fixture.network.ca, names: ["alice"], usage: "client" });
}

const page = (): string =>
  `https://a.fairlead.test:${String(fixture.network.service("https-client-certificate").port)}/echo`;
const stored = (store: Store): readonly string[] =>
  Array.from(
    openCollection(store, "client-identities").entries(),
    ({ key, value }) => key + Buffer.from(value).toString(),
  );

for (const backend of tlsBackends) {
  describe(`which client certificate was chosen is stored, over ${backend.name}`, () => {
    before(mint);
    const open = (
      store: Store,
      answer: () => ClientCertificateAnswer,
      questions: ClientCertificateQuestion[] = [],
    ): Promise<NetworkAccessManager> =>
      fixture.open({
        store,
        tls: { backend },
        onClientCertificate: (question) => {
          questions.push(question);
          return answer();
        },
      });

    test("when the application says so, and the next manager is told, and never a key", async () => {
      await using store = await openStore("memory:");
      const questions: ClientCertificateQuestion[] = [];
      const answer = (): ClientCertificateAnswer => ({ type: "identity", identity: alice, remember: "store" });
      for (let manager = 0; manager < 2; manager += 1) {
        await using opened = await open(store, answer, questions);
        assert.equal(await statusOf(opened, page()), 200);
        assert.equal(await statusOf(opened, page()), 200);
      }
      assert.deepEqual(
        questions.map(({ chosenBefore }) => chosenBefore),
        [undefined, identityFingerprint(alice)],
      );
      const [record = "", ...others] = stored(store);
      assert.deepEqual(others, []);
      assert.match(record, /^ https:\/\/a\.fairlead\.test:\d+ [\w-]{43}\{"identity":"[0-9a-f]{64}"\}$/);
    });

    test("not by default, nor for as long as the manager lives", async () => {
      await using store = await openStore("memory:");
      for (const remember of [undefined, false, true]) {
        const answer = { type: "identity", identity: alice, ...(remember !== undefined && { remember }) } as const;
        await using manager = await open(store, () => answer);
        assert.equal(await statusOf(manager, page()), 200);
      }
      assert.deepEqual(stored(store), []);
    });

    test("and that it was none is the answer from then on, until that is forgotten", async () => {
      await using store = await openStore("memory:");
      const none = (): ClientCertificateAnswer => ({ type: "none", remember: "store" });
      for (const asked of [1, 0]) {
        const questions: ClientCertificateQuestion[] = [];
        await using manager = await open(store, none, questions);
        await assert.rejects(statusOf(manager, page()), { code: "CLIENT_CERTIFICATE_REQUIRED" });
        assert.equal(questions.length, asked);
      }
      await using manager = await open(store, () => ({ type: "identity", identity: alice }));
      await assert.rejects(statusOf(manager, page()), { code: "CLIENT_CERTIFICATE_REQUIRED" });
      manager.forgetClientCertificates("https://other.test");
      assert.equal(stored(store).length, 1);
      manager.forgetClientCertificates(new URL(page()).origin);
      assert.deepEqual(stored(store), []);
      assert.equal(await statusOf(manager, page()), 200);
    });

    test("for its partition alone", async () => {
      await using store = await openStore("memory:");
      const questions: ClientCertificateQuestion[] = [];
      const answer = (): ClientCertificateAnswer => ({ type: "identity", identity: alice, remember: "store" });
      await using manager = await open(store, answer, questions);
      assert.equal(await statusOf(manager, page(), { partition: "https://news.example/" }), 200);
      assert.equal(await statusOf(manager, page()), 200);
      assert.deepEqual(
        questions.map(({ chosenBefore }) => chosenBefore),
        [undefined, undefined],
      );
      assert.deepEqual(await manager.forget({ site: "news.example" }).then((counts) => counts["client-identities"]), 1);
      assert.equal(stored(store).length, 1);
    });
  });
}
