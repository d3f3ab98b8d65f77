import { transactionOf, type NetworkAccessManager, type Transaction } from "@fairlead/access";
import { openStore } from "@fairlead/store";
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import { networkFixture } from "./network-fixture.ts";
import { tlsBackends } from "./tls-backends.ts";

const fixture = networkFixture();
const { either, open } = fixture;

async function learn(manager: NetworkAccessManager, path = "/hsts/good/year", origin = either("https")): Promise<void> {
  await (await manager.request(origin + path)).bytes();
}

function summary({ hops }: Transaction): unknown[] {
  return hops.map(({ status, reason, url }) => [status, reason, new URL(url).protocol]);
}

const upgraded = [
  [307, "hsts", "http:"],
  [200, "network", "https:"],
];
const plain = [[200, "network", "http:"]];

async function visit(manager: NetworkAccessManager, origin = either("http")): Promise<unknown[]> {
  const reply = await manager.request(`${origin}/json`);
  await reply.bytes();
  return summary(reply.transaction);
}

describe("RFC 6797 8.1, learning", () => {
  test("a host is upgraded once it has asked for it over TLS", async () => {
    await using manager = await open();
    assert.deepEqual(await visit(manager), plain);
    await learn(manager);
    assert.deepEqual(await visit(manager), upgraded);
  });

  test("over plain http nothing is learned", async () => {
    await using manager = await open();
    await learn(manager, "/hsts/good/year", either("http"));
    assert.deepEqual(await visit(manager), plain);
  });

  for (const backend of tlsBackends) {
    test(`over TLS by ${backend.name} with a certificate error nothing is learned`, async () => {
      await using manager = await open({
        tls: { backend, dangerous: { acceptAnyCertificate: true }, trust: { type: "anchors", certificates: [] } },
      });
      await learn(manager);
      assert.deepEqual(await visit(manager), plain);
    });
  }

  for (const kind of ["subdomains", "quoted", "case", "spaces", "unknown", "overflow", "two-fields"]) {
    test(`the field of /hsts/good/${kind} is honoured`, async () => {
      await using manager = await open();
      await learn(manager, `/hsts/good/${kind}`);
      assert.deepEqual(await visit(manager), upgraded);
    });
  }

  for (const kind of ["no-max-age", "empty", "not-a-number", "negative", "no-value", "twice", "valued-flag"]) {
    test(`the field of /hsts/bad/${kind} is void`, async () => {
      await using manager = await open();
      await learn(manager, `/hsts/bad/${kind}`);
      assert.deepEqual(await visit(manager), plain);
    });
  }

  test("only the first field counts, even when it is void", async () => {
    await using manager = await open();
    await learn(manager, "/hsts/bad/first-bad");
    assert.deepEqual(await visit(manager), plain);
  });

  test("IP literals are not stored", async () => {
    await using manager = await open();
    await learn(manager, "/hsts/good/year", either("https", "127.0.0.1"));
    assert.deepEqual(await visit(manager, either("http", "127.0.0.1")), plain);
  });

  test("subdomains follow where they are included, and only there", async () => {
    await using manager = await open();
    await learn(manager, "/hsts/good/subdomains", either("https", "fairlead.test"));
    assert.deepEqual(await visit(manager, either("http", "a.fairlead.test")), upgraded);
    await learn(manager, "/hsts/good/year", either("https", "other.test"));
    assert.deepEqual(await visit(manager, either("http", "a.other.test")), plain);
  });

  test("max-age=0 forgets exactly that host", async () => {
    await using manager = await open();
    await learn(manager, "/hsts/good/year", either("https", "a.fairlead.test"));
    await learn(manager, "/hsts/good/year", either("https", "b.fairlead.test"));
    await learn(manager, "/hsts/good/forget", either("https", "a.fairlead.test"));
    assert.deepEqual(await visit(manager, either("http", "a.fairlead.test")), plain);
    assert.deepEqual(await visit(manager, either("http", "b.fairlead.test")), upgraded);
  });

  test("it is over when max-age has passed", async () => {
    let now = Date.now();
    await using store = await openStore("memory:", { now: () => now });
    await using manager = await open({ store, now: () => now });
    await learn(manager, "/hsts?value=max-age%3D60");
    now += 59_000;
    assert.deepEqual(await visit(manager), upgraded);
    now += 2_000;
    assert.deepEqual(await visit(manager), plain);
  });

  test("a second manager knows what the store kept", async () => {
    await using store = await openStore("memory:");
    await using first = await open({ store });
    await learn(first);
    await using second = await open({ store });
    assert.deepEqual(await visit(second), upgraded);
  });
});

describe("RFC 6797 8.3, the upgrade", () => {
  test("is a hop that can be seen, and no byte goes over the wire", async () => {
    await using manager = await open({ redirect: { type: "manual" } });
    await learn(manager);
    const { accepted } = fixture.network.connections;
    const reply = await manager.request(`${either("http")}/json?q#f`);
    assert.equal(reply.status, 307);
    assert.equal(reply.headers["location"], `${either("https")}/json?q`);
    assert.equal(reply.headers["non-authoritative-reason"], "HSTS");
    assert.equal(await reply.text(), "");

    const response = await manager.fetch(`${either("http")}/json`, { redirect: "manual" });
    assert.equal(response.status, 307);
    assert.equal(response.headers.get("location"), `${either("https")}/json`);
    assert.equal(response.headers.get("non-authoritative-reason"), "HSTS");
    assert.equal(fixture.network.connections.accepted, accepted);
  });

  test("case and a trailing dot make no other host", async () => {
    await using manager = await open();
    await learn(manager);
    assert.deepEqual(await visit(manager, either("http", "A.FAIRLEAD.test")), upgraded);
  });

  const bodies: [what: string, body: () => string | Uint8Array | Readable][] = [
    ["text", () => "the body"],
    ["bytes", () => new TextEncoder().encode("the body")],
    ["a stream", () => Readable.from([Buffer.from("the "), Buffer.from("body")])],
  ];
  for (const [what, body] of bodies) {
    test(`keeps method, fields and a body that is ${what}`, async () => {
      await using manager = await open();
      await learn(manager);
      const headers = { authorization: "Bearer mine", "content-type": "text/plain" };
      const request = await manager.request(`${either("http")}/echo`, { method: "PUT", body: body(), headers });
      const seen = (await request.json()) as { method: string; body: { text: string } };
      assert.deepEqual([seen.method, fixture.network.requests.at(-1)?.body.sizeBytes], ["PUT", 8]);
      assert.equal(fixture.network.requests.at(-1)?.headers["authorization"], "Bearer mine");
      assert.equal(fixture.network.requests.at(-1)?.headers["content-type"], "text/plain");

      const streamed = body();
      const init = {
        method: "PUT",
        headers,
        body: streamed instanceof Readable ? Readable.toWeb(streamed) : streamed,
        duplex: "half",
      } as RequestInit;
      const response = await manager.fetch(`${either("http")}/echo`, init);
      assert.equal(response.status, 200);
      await response.bytes();
      const received = fixture.network.requests.at(-1);
      assert.deepEqual([received?.method, received?.body.sizeBytes], ["PUT", 8]);
      assert.equal(received?.headers["authorization"], "Bearer mine");
      assert.deepEqual(summary(transactionOf(response) ?? { hops: [] }), upgraded);
    });
  }
});

describe("where the engine of fetch could not follow the upgrade", () => {
  test("redirect: error refuses redirects, not the upgrade", async () => {
    await using manager = await open();
    await learn(manager);
    const response = await manager.fetch(`${either("http")}/json`, { redirect: "error" });
    assert.equal(response.status, 200);
    await response.bytes();
    assert.deepEqual(summary(transactionOf(response) ?? { hops: [] }), upgraded);
  });
});

for (const backend of tlsBackends) {
  describe(`RFC 6797 8.4, errors, over ${backend.name}`, () => {
    test("on a known host no certificate error can be overridden", async () => {
      await using store = await openStore("memory:");
      await using teacher = await open({ store, tls: { backend } });
      await learn(teacher);
      const dangerous = { acceptAnyCertificate: true };
      const trust = { type: "anchors", certificates: [] } as const;

      await using careless = await open({ store, tls: { backend, dangerous, trust } });
      await assert.rejects(careless.request(`${either("https")}/json`), { code: "CERTIFICATE_ISSUER_UNKNOWN" });
      await assert.rejects(careless.fetch(`${either("https")}/json`), { code: "CERTIFICATE_ISSUER_UNKNOWN" });
      const other = await careless.request(`${either("https", "other.test")}/json`);
      assert.equal(other.transaction.hops[0]?.tls?.authorized, false);
      await other.bytes();
    });

    test("a host that becomes known is verified from then on, although a connection stands", async () => {
      await using store = await openStore("memory:");
      const trust = { type: "anchors", certificates: [] } as const;
      await using careless = await open({ store, tls: { backend, dangerous: { acceptAnyCertificate: true }, trust } });
      await (await careless.request(`${either("https")}/json`)).bytes();
      await using teacher = await open({ store, tls: { backend } });
      await learn(teacher);
      await assert.rejects(careless.request(`${either("https")}/json`), { code: "CERTIFICATE_ISSUER_UNKNOWN" });
    });
  });
}
