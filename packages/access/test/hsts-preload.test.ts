import type { NetworkAccessManager, NetworkAccessManagerOptions } from "@fairlead/access";
import { openNetworkAccessManager } from "@fairlead/access";
import { openPreloadList } from "@fairlead/hsts-preload";
import { openStore } from "@fairlead/store";
import { mintAuthority, type Authority } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startPolyglotServer, type PolyglotServer } from "./polyglot-server.ts";
import { tlsBackends } from "./tls-backends.ts";

/** A listed name of two labels that stands for itself alone, or for all below it. */
function listedName(includesSubDomains: boolean): string {
  for (const [host, { includeSubDomains }] of openPreloadList().entries()) {
    if (host.split(".").length === 2 && includeSubDomains === includesSubDomains) return host;
  }
  return assert.fail("there is none");
}

const alone = listedName(false);
const wide = listedName(true);
const ofNobody = "fairlead.com";
const names = [alone, `www.${alone}`, wide, `www.${wide}`, "fairlead.dev", ofNobody];

let authority: Authority;
let server: PolyglotServer;
before(async () => {
  authority = await mintAuthority();
  server = await startPolyglotServer(names, authority, ({ url = "" }, response) => {
    const says = new URL(url, "http://any").searchParams.get("says");
    if (says !== null) response.setHeader("strict-transport-security", says);
    response.end("ok");
  });
});
after(() => server[Symbol.asyncDispose]());

function open(options: NetworkAccessManagerOptions = {}): Promise<NetworkAccessManager> {
  return openNetworkAccessManager({
    resolve: async () => ({ addresses: ["127.0.0.1"] }),
    ...options,
    tls: { trust: { type: "anchors", certificates: [authority.certificate] }, ...options.tls },
  });
}

const url = (scheme: "http" | "https", host: string, says?: string): string =>
  `${scheme}://${host}:${String(server.port)}/${says === undefined ? "" : `?says=${encodeURIComponent(says)}`}`;

/** Where the first hop's upgrade was known from; `plain` when it was none. */
async function visit(manager: NetworkAccessManager, host: string): Promise<string> {
  const reply = await manager.request(url("http", host));
  assert.equal(await reply.text(), "ok");
  const { hops } = reply.transaction;
  assert.deepEqual(
    hops.map(({ reason }) => reason),
    hops[0]?.hsts === undefined ? ["network"] : ["hsts", "network"],
  );
  return hops[0]?.hsts ?? "plain";
}

/** The host says something over TLS. */
async function say(manager: NetworkAccessManager, host: string, what: string): Promise<void> {
  await (await manager.request(url("https", host, what))).bytes();
}

describe("RFC 6797 12.3, the preload list", () => {
  test("the first request ever to a listed host goes by https, and the transaction says why", async () => {
    await using manager = await open();
    const reply = await manager.request(url("http", wide));
    await reply.bytes();
    const [hop, last] = reply.transaction.hops;
    assert.deepEqual([hop?.status, hop?.reason, hop?.hsts, hop?.connection], [307, "hsts", "preloaded", undefined]);
    assert.equal(hop?.location, url("https", wide));
    assert.equal((JSON.parse(JSON.stringify(hop)) as { hsts: string }).hsts, "preloaded");
    assert.deepEqual([last?.status, last?.hsts, last?.tls?.authorized], [200, undefined, true]);

    const response = await manager.fetch(url("http", wide));
    assert.equal(response.url, url("https", wide));
    await response.bytes();
  });

  test("counts for names below where it says so, a top-level domain's included, and for no others", async () => {
    await using manager = await open();
    assert.equal(await visit(manager, alone), "preloaded");
    assert.equal(await visit(manager, `www.${wide}`), "preloaded");
    assert.equal(await visit(manager, "fairlead.dev"), "preloaded");
    assert.equal(await visit(manager, `www.${alone}`), "plain");
    assert.equal(await visit(manager, ofNobody), "plain");
  });

  test("is left alone with preload: false", async () => {
    await using manager = await open({ hsts: { preload: false } });
    assert.equal(await visit(manager, wide), "plain");
    await say(manager, wide, "max-age=0");
    await say(manager, alone, "max-age=60");
    assert.deepEqual([await visit(manager, wide), await visit(manager, alone)], ["plain", "learned"]);
  });

  test("is asked after what a host says itself", async () => {
    await using manager = await open();
    await say(manager, wide, "max-age=60");
    assert.equal(await visit(manager, wide), "learned");
    assert.equal(await visit(manager, `www.${wide}`), "plain", "it did not say includeSubDomains");
    await say(manager, wide, "max-age=60; includeSubDomains");
    assert.equal(await visit(manager, `www.${wide}`), "learned");
  });

  test("does not count for a host that says max-age=0, until it says otherwise or a year has passed", async () => {
    let now = Date.now();
    await using store = await openStore("memory:", { now: () => now });
    {
      await using manager = await open({ store, now: () => now });
      await say(manager, wide, "max-age=0");
      assert.deepEqual([await visit(manager, wide), await visit(manager, `www.${wide}`)], ["plain", "plain"]);
      assert.equal(await visit(manager, alone), "preloaded", "others are on the list all the same");
    }
    await using manager = await open({ store, now: () => now });
    assert.equal(await visit(manager, wide), "plain", "over a restart");
    await say(manager, wide, "max-age=60");
    assert.equal(await visit(manager, wide), "learned");
    await say(manager, wide, "max-age=0");
    now += 364 * 86_400_000;
    assert.equal(await visit(manager, wide), "plain");
    now += 2 * 86_400_000;
    assert.equal(await visit(manager, wide), "preloaded");
  });

  test("is not put out of force by a host below a listed one, nor over plain http", async () => {
    await using manager = await open();
    await say(manager, "fairlead.dev", "max-age=0");
    await say(manager, `www.${wide}`, "max-age=0");
    assert.equal(await visit(manager, "fairlead.dev"), "preloaded");
    assert.equal(await visit(manager, `www.${wide}`), "preloaded");
    assert.equal([...manager.store.collection("hsts", { maxEntries: 1, secret: false }).entries()].length, 0);

    await using unsafe = await open({ hsts: { preload: false }, store: manager.store });
    await (await unsafe.request(url("http", wide, "max-age=0"))).bytes();
    assert.equal(await visit(manager, wide), "preloaded");
  });
});

for (const backend of tlsBackends) {
  test(`RFC 6797 8.4: on a preloaded host no certificate error can be overridden, over ${backend.name}`, async () => {
    const dangerous = { acceptAnyCertificate: true };
    const trust = { type: "anchors", certificates: [] } as const;
    await using careless = await open({ tls: { backend, trust, dangerous } });
    await assert.rejects(careless.request(url("https", wide)), { code: "CERTIFICATE_ISSUER_UNKNOWN" });
    await (await careless.request(url("https", ofNobody))).bytes();

    const asked: string[] = [];
    await using asking = await open({
      tls: { backend, trust },
      onCertificateError: ({ host }) => {
        asked.push(host);
        return { type: "accept", remember: true };
      },
    });
    await assert.rejects(asking.request(url("https", wide)), { code: "CERTIFICATE_ISSUER_UNKNOWN" });
    await (await asking.request(url("https", ofNobody))).bytes();
    assert.deepEqual(asked, [ofNobody]);
  });
}
