import {
  openNetworkAccessManager,
  type NetworkAccessManager,
  type NetworkAccessManagerOptions,
  type Reply,
} from "@fairlead/access";
import { openStore, type Store } from "@fairlead/store";
import { mintAuthority, mintCertificate, type Authority, type MintedIdentity } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { after, before, describe, test } from "node:test";
import { TicketBank } from "../src/memory/ticket-bank.ts";
import { networkFixture } from "./network-fixture.ts";
import { tlsBackends } from "./tls-backends.ts";

const fixture = networkFixture();

async function get(manager: NetworkAccessManager, origin: string): Promise<Reply> {
  const reply = await manager.request(`${origin}/json`);
  await reply.bytes();
  return reply;
}

/** One request on a connection of its own. Tells whether the client and the server say that TLS was resumed. */
async function resumed(options: NetworkAccessManagerOptions, origin: string): Promise<boolean> {
  await using manager = await fixture.open(options);
  const reply = await get(manager, origin);
  const byServer = fixture.network.requests.at(-1)?.tls?.sessionReused;
  assert.equal(reply.transaction.hops[0]?.tls?.resumed, byServer);
  return byServer === true;
}

const tickets = (store: Store): number => {
  const kept = store.collection("tls-tickets", { maxEntries: 1, secret: true });
  return [...kept.entries()].length;
};

for (const backend of tlsBackends) {
  describe(`resumption by a later manager of the same store, over ${backend.name}`, () => {
    const tls = { backend };
    for (const listener of ["https-tls12", "https-tls13"] as const) {
      test(`${listener}: seen by client and server`, async () => {
        await using store = await openStore("memory:");
        const { origin } = fixture.network.service(listener);
        assert.equal(await resumed({ store, tls }, origin), false);
        assert.equal(await resumed({ store, tls }, origin), true);
      });
    }

    test("RFC 8446 C.4: a TLS 1.3 ticket is used once, and each of several is banked", async () => {
      await using store = await openStore("memory:");
      const { origin } = fixture.network.service("https-tls13");
      assert.equal(await resumed({ store, tls }, origin), false);
      const banked = tickets(store);
      assert.equal(banked, 2, "node gives two tickets for a full handshake");
      for (let n = 0; n < banked; n += 1) assert.equal(await resumed({ store, tls }, origin), true);
      assert.equal(tickets(store), 0, "node gives none for a resumption");
      assert.equal(await resumed({ store, tls }, origin), false);
    });

    test("a TLS 1.2 ticket is used again", async () => {
      await using store = await openStore("memory:");
      const { origin } = fixture.network.service("https-tls12");
      await resumed({ store, tls }, origin);
      assert.equal(await resumed({ store, tls }, origin), true);
      assert.equal(await resumed({ store, tls }, origin), true);
    });

    test("a server that gives worthless tickets still answers", async () => {
      await using store = await openStore("memory:");
      const { origin } = fixture.network.service("https-no-tickets");
      assert.equal(await resumed({ store, tls }, origin), false);
      assert.equal(await resumed({ store, tls }, origin), false);
    });

    test("a damaged ticket is dropped, and the handshake is a full one", async () => {
      await using store = await openStore("memory:");
      const { origin } = fixture.network.service("https-tls12");
      await resumed({ store, tls }, origin);
      const kept = store.collection("tls-tickets", { maxEntries: 1, secret: true });
      for (const { key } of [...kept.entries()]) kept.set(key, new Uint8Array([1, 2, 3]));
      assert.equal(await resumed({ store, tls }, origin), false);
    });

    test("RFC 8446 4.6.1: kept no longer than the server says, and seven days at the most", async () => {
      let now = Date.now();
      await using store = await openStore("memory:", { now: () => now });
      const { origin } = fixture.network.service("https-tls12");
      await resumed({ store, tls, now: () => now }, origin);
      const kept = store.collection("tls-tickets", { maxEntries: 1, secret: true });
      for (const { expiresAt } of kept.entries()) assert.ok((expiresAt ?? Infinity) <= now + 7 * 86_400_000 + 1000);
      now += 7 * 86_400_000 + 1000;
      assert.equal(tickets(store), 0);
      assert.equal(await resumed({ store, tls, now: () => now }, origin), false);
    });
  });
}

test("a session that is larger than any server needs is not kept", async () => {
  await using store = await openStore("memory:");
  const bank = new TicketBank(store, Date.now);
  for (const [sizeBytes, expected] of [
    [15 * 1024, 1],
    [16 * 1024, 0],
  ] as const) {
    const subject = { binding: `binding ${String(sizeBytes)}`, host: "a.example", partition: "" };
    bank.keep(subject, sessionOf(sizeBytes), Date.now() + 86_400_000);
    const taken = await bank.take(subject);
    assert.equal(taken === undefined ? 0 : 1, expected, String(sizeBytes));
  }
});

test("a session that this process does not know of is asked for where the store has more than is in memory", async () => {
  await using behind = await openStore("memory:");
  const subject = { binding: "binding", host: "a.example", partition: "" };
  new TicketBank(behind, Date.now).keep(subject, sessionOf(1_024), Date.now() + 86_400_000);
  await using store = await openStore("memory:");
  const openCollection = store.collection.bind(store);
  store.collection = (name, options) => {
    const hidden = behind.collection(name, options);
    return Object.assign(openCollection(name, options), {
      find: hidden.find.bind(hidden),
      take: hidden.take.bind(hidden),
    });
  };
  const bank = new TicketBank(store, Date.now);
  assert.notEqual(await bank.take(subject), undefined);
  assert.equal(await bank.take(subject), undefined, "and nobody is given it twice");
  assert.equal(await bank.take({ ...subject, binding: "other" }), undefined);
});

/** An SSL_SESSION as OpenSSL writes it, as far as anyone looks, with a ticket of this size. */
function sessionOf(ticketBytes: number): Uint8Array {
  const element = (tag: number, content: Uint8Array): Buffer =>
    Buffer.concat([Buffer.from([tag, 0x82, content.length >> 8, content.length & 0xff]), content]);
  const short = (tag: number, ...content: number[]): Buffer => Buffer.from([tag, content.length, ...content]);
  const seconds = Buffer.alloc(4);
  seconds.writeUInt32BE(Math.floor(Date.now() / 1000));
  return element(
    0x30,
    Buffer.concat([
      short(0x02, 1),
      short(0x02, 0x03, 0x04),
      short(0xa1, 0x02, 4, ...seconds),
      short(0xa5, 0x02, 1, 0),
      short(0xa9, 0x02, 2, 0x1c, 0x20),
      element(0xaa, element(0x04, new Uint8Array(ticketBytes))),
    ]),
  );
}

describe("what node:tls would resume, and Fairlead does not", () => {
  let authority: Authority;
  let identity: MintedIdentity;
  let origin = "";
  let port = 0;
  const reused: boolean[] = [];
  const server = createServer({ minVersion: "TLSv1.2" }, (_request, response) => response.end("{}"));
  server.on("secureConnection", (socket: TLSSocket) => reused.push(socket.isSessionReused()));

  before(async () => {
    authority = await mintAuthority({ commonName: "A" });
    identity = await mintCertificate({ issuer: authority, names: ["localhost", "127.0.0.1"] });
    server.setSecureContext({ cert: identity.certificate, key: identity.privateKey });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ({ port } = server.address() as AddressInfo);
    origin = `https://localhost:${String(port)}`;
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  const trusting = (store: Store, ...authorities: Authority[]): NetworkAccessManagerOptions => ({
    store,
    tls: { trust: { type: "anchors", certificates: authorities.map(({ certificate }) => certificate) } },
  });

  /** What node:tls alone does with a session that was gained by `gain`. */
  async function nodeResumes(gain: object, use: object): Promise<{ authorized: boolean; reused: boolean }> {
    const once = (options: object): Promise<{ session: Buffer; authorized: boolean; reused: boolean }> =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: "127.0.0.1", port, maxVersion: "TLSv1.2", servername: "localhost", ...options });
        let session: Buffer | undefined;
        socket.once("session", (bytes: Buffer) => (session = bytes));
        socket.once("error", reject);
        socket.once("secureConnect", () => {
          const result = { authorized: socket.authorized, reused: socket.isSessionReused() };
          socket.end("GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
          socket.resume().once("close", () => {
            resolve({ session: session ?? Buffer.alloc(0), ...result });
          });
        });
      });
    const { session } = await once(gain);
    return once({ ...use, session });
  }

  test("a ticket gained while trusting A is not offered by one that does not trust A", async () => {
    const stranger = await mintAuthority({ commonName: "B" });
    assert.deepEqual(
      await nodeResumes({ ca: authority.certificate }, { ca: stranger.certificate }).then(
        ({ authorized }) => authorized,
      ),
      true,
      "node:tls takes it for verified",
    );
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      await using store = await openStore("memory:");
      const limit = (options: NetworkAccessManagerOptions): NetworkAccessManagerOptions => ({
        ...options,
        tls: { ...options.tls, maxVersion },
      });
      {
        await using trustful = await openNetworkAccessManager(limit(trusting(store, authority)));
        await get(trustful, origin);
      }
      assert.ok(tickets(store) > 0);
      await using doubtful = await openNetworkAccessManager(limit(trusting(store, stranger)));
      await assert.rejects(get(doubtful, origin), { code: "CERTIFICATE_ISSUER_UNKNOWN" });
      await using again = await openNetworkAccessManager(limit(trusting(store, authority)));
      assert.equal((await get(again, origin)).transaction.hops[0]?.tls?.resumed, true);
    }
  });

  test("nor for another server name", async () => {
    await using store = await openStore("memory:");
    const lookup: NonNullable<NetworkAccessManagerOptions["lookup"]> = (_host, options, callback) => {
      if (options.all === true) callback(null, [{ address: "127.0.0.1", family: 4 }]);
      else callback(null, "127.0.0.1", 4);
    };
    {
      await using manager = await openNetworkAccessManager({ ...trusting(store, authority), lookup });
      await get(manager, origin);
    }
    assert.ok(tickets(store) > 0);
    await using manager = await openNetworkAccessManager({ ...trusting(store, authority), lookup });
    await assert.rejects(get(manager, `https://elsewhere.test:${String(port)}`), { code: "CERTIFICATE_HOST_MISMATCH" });
  });

  test("nor by one that verifies, after a connection that did not", async () => {
    const unverified = await nodeResumes(
      { rejectUnauthorized: false },
      { ca: authority.certificate, rejectUnauthorized: false },
    );
    assert.deepEqual(
      unverified,
      { ...unverified, authorized: false, reused: true },
      "node:tls takes the good peer for bad",
    );
    await using store = await openStore("memory:");
    {
      await using careless = await openNetworkAccessManager({
        store,
        tls: { dangerous: { acceptAnyCertificate: true }, trust: { type: "anchors", certificates: [] } },
      });
      await get(careless, origin);
    }
    assert.equal(tickets(store), 0, "a session from an unverified connection is never kept");
    reused.length = 0;
    await using careful = await openNetworkAccessManager(trusting(store, authority));
    assert.equal((await get(careful, origin)).transaction.hops[0]?.tls?.authorized, true);
    assert.deepEqual(reused, [false]);
  });

  test("nor with another client identity, protocol range, group, cipher or port", async () => {
    await using store = await openStore("memory:");
    {
      await using manager = await openNetworkAccessManager(trusting(store, authority));
      await get(manager, origin);
    }
    const client = await mintCertificate({ issuer: authority, names: ["client"], usage: "client" });
    const base = trusting(store, authority);
    for (const tls of [
      { ...base.tls, identity: client },
      { ...base.tls, maxVersion: "TLSv1.2" as const },
      { ...base.tls, minVersion: "TLSv1.3" as const },
      { ...base.tls, groups: ["secp384r1"] as const },
      { ...base.tls, ciphers: ["CHACHA20_POLY1305"] as const },
    ]) {
      reused.length = 0;
      await using manager = await openNetworkAccessManager({ store, tls });
      await get(manager, origin);
      assert.deepEqual(reused, [false]);
    }
    assert.ok(tickets(store) > 0);
  });
});
