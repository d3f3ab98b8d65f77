import type { NetworkAccessManager, NetworkAccessManagerOptions, TlsFacts } from "@fairlead/access";
import { openStore, type Store } from "@fairlead/store";
import type { LearnedIntermediate } from "@fairlead/tls";
import { createNodeTls } from "@fairlead/tls/node";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { intermediateStore } from "../src/memory/intermediate-store.ts";
import { LostLessons } from "../src/memory/lost-lessons.ts";
import { networkFixture } from "./network-fixture.ts";

const fixture = networkFixture();
/** A backend of its own for each manager: one remembers for a while whom it trusted. */
const open = (options: NetworkAccessManagerOptions = {}): Promise<NetworkAccessManager> =>
  fixture.open({ ...options, tls: { backend: createNodeTls(), ...options.tls } });
const incomplete = (): string => `${fixture.network.service("https-incomplete-chain").origin}/json`;

async function facts(manager: NetworkAccessManager, url = incomplete()): Promise<TlsFacts | undefined> {
  const reply = await manager.request(url);
  await reply.bytes();
  return reply.transaction.hops[0]?.tls;
}

describe("a server that forgets to send its intermediate", () => {
  test("is refused while nothing is known", async () => {
    await using manager = await open();
    await assert.rejects(facts(manager), { code: "CERTIFICATE_ISSUER_UNKNOWN" });
  });

  test("is verified by what other servers sent, also after a restart", async () => {
    const directory = await mkdtemp(join(tmpdir(), "fairlead-"));
    try {
      const store = `sqlite:${join(directory, "network.db")}`;
      {
        await using manager = await open({ store });
        assert.equal((await facts(manager, `${fixture.network.https.origin}/json`))?.repairedFrom, undefined);
        const repaired = await facts(manager);
        assert.deepEqual([repaired?.authorized, repaired?.repairedFrom], [true, "learned"]);
      }
      await using manager = await open({ store });
      assert.equal((await facts(manager))?.repairedFrom, "learned");
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test("is not, where nothing is to be remembered", async () => {
    await using store = await openStore("memory:");
    const tls = { intermediates: { remember: false } };
    await using manager = await open({ store, tls });
    await facts(manager, `${fixture.network.https.origin}/json`);
    await assert.rejects(facts(manager), { code: "CERTIFICATE_ISSUER_UNKNOWN" });
    assert.deepEqual(store.collectionNames(), ["resolved-addresses", "tls-tickets"]);
  });

  test("what was learned is no anchor", async () => {
    await using store = await openStore("memory:");
    await using manager = await open({ store });
    await facts(manager, `${fixture.network.https.origin}/json`);
    const trust = { type: "anchors", certificates: [fixture.network.otherCa.certificate] } as const;
    await using doubtful = await open({ store, tls: { trust } });
    await assert.rejects(facts(doubtful), { code: "CERTIFICATE_ISSUER_UNKNOWN" });
  });

  test("nor is anything learned from a connection that is not verified", async () => {
    await using store = await openStore("memory:");
    const trust = { type: "anchors", certificates: [] } as const;
    await using careless = await open({ store, tls: { trust, dangerous: { acceptAnyCertificate: true } } });
    await facts(careless, `${fixture.network.https.origin}/json`);
    await using excepting = await open({ store, tls: { trust }, onCertificateError: () => ({ type: "accept" }) });
    await facts(excepting, `${fixture.network.https.origin}/json`);
    assert.deepEqual(store.collectionNames(), ["resolved-addresses"]);
  });
});

test("the transaction tells what is trusted", async () => {
  await using manager = await open();
  assert.match((await facts(manager, `${fixture.network.https.origin}/json`))?.trust ?? "", /^the 1 own certificate /);
});

describe("the memory of intermediates", () => {
  const intermediate = (subject: string, number: number): LearnedIntermediate => ({
    subject,
    fingerprint: String(number),
    certificate: Uint8Array.of(number),
    notAfter: Date.now() + 60_000,
  });
  const keys = (store: Store): string[] =>
    Array.from(store.collection("tls-intermediates", { maxEntries: 1, secret: false }).entries(), ({ key }) => key);

  test("keeps eight of one subject, the latest", async () => {
    await using store = await openStore("memory:");
    const memory = intermediateStore(store, new LostLessons());
    for (let number = 1; number <= 10; number += 1) memory.keep(intermediate("a", number));
    memory.keep(intermediate("b", 1));
    assert.deepEqual(keys(store), ["a.3", "a.4", "a.5", "a.6", "a.7", "a.8", "a.9", "a.10", "b.1"]);
    assert.equal((await memory.find("a")).length, 8);
  });

  test("keeps a thousand, and each until it ends", async () => {
    let now = Date.now();
    await using store = await openStore("memory:", { now: () => now });
    const memory = intermediateStore(store, new LostLessons());
    for (let number = 0; number < 1_100; number += 1) memory.keep(intermediate(`subject ${String(number)}`, 1));
    assert.equal(keys(store).length, 1_000);
    now += 61_000;
    assert.deepEqual(keys(store), []);
  });

  test("is written once for a certificate that is seen again and again", async () => {
    await using store = await openStore("memory:");
    const memory = intermediateStore(store, new LostLessons());
    memory.keep(intermediate("a", 1));
    memory.keep(intermediate("b", 1));
    memory.keep(intermediate("a", 1));
    assert.deepEqual(keys(store), ["a.1", "b.1"], "in the order in which they were written");
  });
});
