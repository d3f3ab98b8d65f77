import type { NetworkAccessManager, NetworkAccessManagerOptions, ResolvedName } from "@fairlead/access";
import { openCollection } from "@fairlead/access/memory";
import { openStore, type Store } from "@fairlead/store";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LostLessons } from "../../src/memory/lost-lessons.ts";
import { NameCache } from "../../src/names/name-cache.ts";
import { StoredAddresses } from "../../src/names/stored-addresses.ts";
import { decodeAddresses, encodeAddresses } from "../../src/names/protocol/address-record.ts";
import { statusOf } from "../authentication/asking.ts";
import { networkFixture } from "../network-fixture.ts";

const HOST = "a.fairlead.test";
const fixture = networkFixture();
const page = (host = HOST): string => `${fixture.network.origin("https", host)}/echo`;

/** A resolver, and what it was asked. */
function resolver(answer: ResolvedName = { addresses: ["127.0.0.1"], ttlSeconds: 60 }): {
  readonly resolve: (host: string) => Promise<ResolvedName>;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const resolve = (host: string): Promise<ResolvedName> => {
    asked.push(host);
    return Promise.resolve(answer);
  };
  return { resolve, asked };
}

function open(store: Store, options: NetworkAccessManagerOptions): Promise<NetworkAccessManager> {
  return fixture.open({ store, ...options });
}

async function visit(store: Store, options: NetworkAccessManagerOptions, host?: string): Promise<number> {
  await using manager = await open(store, options);
  return await statusOf(manager, page(host));
}

describe("addresses in the store", () => {
  test("are used after a restart, without asking, until their TTL is over", async () => {
    let now = Date.now();
    const clock = (): number => now;
    await using store = await openStore("memory:", { now: clock });
    const first = resolver();
    assert.equal(await visit(store, { resolve: first.resolve, now: clock }), 200);
    assert.deepEqual(first.asked, [HOST]);
    const second = resolver();
    now += 59_999;
    assert.equal(await visit(store, { resolve: second.resolve, now: clock }), 200);
    assert.deepEqual(second.asked, []);
    now += 1;
    assert.equal(await visit(store, { resolve: second.resolve, now: clock }), 200);
    assert.deepEqual(second.asked, [HOST]);
  });

  const wrong: readonly [what: string, value: Uint8Array, expires: boolean][] = [
    ["no JSON", Buffer.from("127.0.0.1"), true],
    ["no list", Buffer.from('"127.0.0.1"'), true],
    ["an empty list", Buffer.from("[]"), true],
    ["a name instead of an address", Buffer.from('["evil.example"]'), true],
    ["more than anybody tries", Buffer.from(JSON.stringify(Array<string>(33).fill("127.0.0.1"))), true],
    ["a record that never expires", encodeAddresses(["127.0.0.1"]), false],
  ];
  for (const [what, value, expires] of wrong) {
    test(`are ignored when they are ${what}`, async () => {
      await using store = await openStore("memory:");
      // The table would bring an expiry forward.
      const names = store.collection("resolved-addresses", { maxEntries: 10, secret: false });
      names.set(HOST, value, { expiresAt: expires ? Date.now() + 60_000 : undefined });
      const { resolve, asked } = resolver();
      assert.equal(await visit(store, { resolve }), 200);
      assert.deepEqual(asked, [HOST]);
    });
  }

  test("cost a question where the store cannot be read any more", async () => {
    const store = await openStore("memory:");
    const names = new NameCache(resolver(), Date.now, new StoredAddresses(store, new LostLessons()));
    await store.close();
    assert.deepEqual((await names.find(HOST, "")).addresses, ["127.0.0.1"]);
    names.forget(HOST, "");
  });

  test("that lead to somebody else are no way around TLS, and are forgotten where nobody answers", async () => {
    await using store = await openStore("memory:");
    const names = openCollection(store, "resolved-addresses");
    const plant = (host: string, address: string): void => {
      names.set(host, encodeAddresses([address]), { expiresAt: Date.now() + 60_000 });
    };
    plant("elsewhere.example", "127.0.0.1");
    await assert.rejects(visit(store, { resolve: resolver().resolve }, "elsewhere.example"), {
      code: "CERTIFICATE_HOST_MISMATCH",
    });
    plant(HOST, "127.0.0.1");
    const closed = `https://${HOST}:1/`;
    await using manager = await open(store, { resolve: resolver().resolve });
    await assert.rejects(manager.request(closed), { code: "CONNECTION_REFUSED" });
    assert.equal(names.get(HOST), undefined);
  });

  test("are kept for each partition, and neither for checks of connectivity nor where that is turned off", async () => {
    await using store = await openStore("memory:");
    const { resolve, asked } = resolver();
    await using manager = await open(store, { resolve });
    await statusOf(manager, page(), { partition: "https://news.example/" });
    assert.equal(await visit(store, { resolve }), 200);
    assert.deepEqual(asked, [HOST, HOST]);
    const keys = Array.from(openCollection(store, "resolved-addresses").entries(), ({ key }) => key);
    assert.deepEqual(keys, [`https://news.example ${HOST}`, HOST]);
    await using other = await openStore("memory:");
    assert.equal(await visit(other, { resolve, rememberAddresses: false }), 200);
    assert.equal(await visit(other, { resolve: resolver({ addresses: [] }).resolve }).catch(() => "none"), "none");
    assert.equal(other.collectionNames().includes("resolved-addresses"), false, "nor that there is none");
  });
});

test("an address is what can be connected to", () => {
  for (const good of [["192.0.2.1"], ["2001:db8::1", "192.0.2.1"], ["::ffff:192.0.2.1"]]) {
    assert.deepEqual(decodeAddresses(encodeAddresses(good)), good);
  }
  for (const bad of [
    [],
    ["1.2.3"],
    ["0x7f.1"],
    ["a.example"],
    ["[::1]"],
    ["fe80::1%eth0"],
    ["::1", 1],
    [""],
    ["1.2.3.4:5"],
  ]) {
    assert.equal(decodeAddresses(Buffer.from(JSON.stringify(bad))), undefined, JSON.stringify(bad));
  }
});
