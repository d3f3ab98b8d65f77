import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { dtlsCipherSuites, isPskSuite } from "@fairlead/tls/datagram";
import { mintCertificates, type Certificates } from "../tls/certificates.ts";
import { nextMessage, secureDatagrams, sharedKey, type DtlsPairing } from "./pairing.ts";

/** Handshakes that succeed, and what is known after them. */
export function handshakeSuite(name: string, pairing: DtlsPairing): void {
  describe(`${name}: handshakes`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });
    after(() => assert.equal(pairing.live(), 0, "sessions that were not freed"));

    test("with a certificate, ALPN and data both ways", async () => {
      const alpnProtocols = ["coap", "other"];
      using pair = await secureDatagrams(pairing, certificates, {
        connect: { alpnProtocols: ["unknown", ...alpnProtocols] },
        accept: { alpnProtocols },
      });
      const { client, server } = pair;
      for (const end of [client, server]) {
        assert.equal(end.protocol, "DTLSv1.2");
        assert.equal(end.cipherSuite, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
        assert.equal(end.alpnProtocol, "coap");
        assert.equal(end.pskIdentity, undefined);
        assert.equal(end.authorizationError, undefined);
      }
      assert.equal(client.authorized, true);
      assert.equal(server.authorized, false, "nobody asked who the client is");
      assert.match(client.peerCertificate?.subjectAltName ?? "", /good\.test/);
      const question = nextMessage(server);
      client.send(Buffer.from("question"));
      assert.equal((await question).toString(), "question");
      const answer = nextMessage(client);
      server.send(Buffer.from("answer"));
      assert.equal((await answer).toString(), "answer");
    });

    test("with a server that leaves out its intermediate, where the client has it", async () => {
      const { good } = certificates;
      const intermediate = good.certificate.slice(good.leaf.length);
      const repairedFrom: string[] = [];
      const intermediates = { preloaded: [intermediate], onRepaired: (from: string) => void repairedFrom.push(from) };
      using pair = await secureDatagrams(pairing, certificates, {
        connect: { intermediates },
        accept: { identity: { ...good, certificate: good.leaf } },
      });
      assert.equal(pair.client.authorized, true);
      assert.deepEqual(repairedFrom, ["preloaded"]);
    });

    test("both sides export the same keys, and with an empty context others (RFC 5705)", async () => {
      using pair = await secureDatagrams(pairing, certificates);
      const exported = (context?: Uint8Array): readonly string[] =>
        [pair.client, pair.server].map((end) => end.exportKeyingMaterial(32, "EXPERIMENTAL", context).toString("hex"));
      const [client, server] = exported();
      assert.equal(client, server);
      const [clientWith, serverWith] = exported(new Uint8Array());
      assert.equal(clientWith, serverWith);
      assert.notEqual(client, "");
    });

    for (const suite of dtlsCipherSuites.filter((each) => !each.includes("RSA"))) {
      test(`with ${suite}`, async () => {
        const cipherSuites = [suite];
        using pair = await secureDatagrams(
          pairing,
          certificates,
          isPskSuite(suite)
            ? { connect: { ...sharedKey.client, cipherSuites }, accept: { ...sharedKey.server, cipherSuites } }
            : { connect: { cipherSuites }, accept: { cipherSuites } },
        );
        assert.equal(pair.client.cipherSuite, suite);
        assert.equal(pair.server.cipherSuite, suite);
        const arrived = nextMessage(pair.server);
        pair.client.send(Buffer.alloc(pair.client.mtu, 7));
        assert.equal((await arrived).length, pair.client.mtu);
      });
    }

    test("for an address instead of a name", async () => {
      using pair = await secureDatagrams(pairing, certificates, { connect: { host: "127.0.0.1" } });
      assert.equal(pair.client.authorized, true);
    });

    test("with a key: both sides are authorized, and the server knows whose it is", async () => {
      using pair = await secureDatagrams(pairing, certificates, {
        connect: sharedKey.client,
        accept: sharedKey.server,
      });
      for (const end of [pair.client, pair.server]) {
        assert.equal(end.authorized, true);
        assert.equal(end.pskIdentity, "sensor-7");
        assert.equal(end.peerCertificate, undefined);
      }
    });

    test("with a key of 1 byte and one of 64, and an identity of 128 bytes", async () => {
      for (const length of [1, 64]) {
        const key = Buffer.alloc(length, 9);
        const identity = "é".repeat(64);
        using pair = await secureDatagrams(pairing, certificates, {
          connect: { psk: { identity, key }, trust: undefined },
          accept: { identity: undefined, psk: (asked) => (asked === identity ? key : undefined) },
        });
        assert.equal(pair.server.pskIdentity, identity);
      }
    });

    test("a server with a certificate and keys takes clients of both kinds", async () => {
      const accept = { psk: sharedKey.server.psk };
      using withKey = await secureDatagrams(pairing, certificates, { connect: sharedKey.client, accept });
      assert.equal(withKey.server.pskIdentity, "sensor-7");
      using withCertificate = await secureDatagrams(pairing, certificates, { accept });
      assert.equal(withCertificate.server.pskIdentity, undefined);
      assert.equal(withCertificate.server.authorized, false);
    });

    test("with a certificate of the client's", async () => {
      const root = await mintAuthority({ commonName: "Root of clients" });
      const identity = await mintCertificate({ issuer: root, names: ["client.test"], usage: "client" });
      using pair = await secureDatagrams(pairing, certificates, {
        connect: { identity },
        accept: {
          clientCertificates: { trust: { type: "anchors", certificates: [root.certificate] }, required: true },
        },
      });
      assert.equal(pair.server.authorized, true);
      assert.match(pair.server.peerCertificate?.subjectAltName ?? "", /client\.test/);
    });

    test("whoever is let in unverified is told apart", async () => {
      using pair = await secureDatagrams(pairing, certificates, {
        connect: { host: "elsewhere.test", trust: certificates.otherTrust, dangerous: { acceptAnyCertificate: true } },
      });
      assert.equal(pair.client.authorized, false);
      assert.match(String(pair.client.authorizationError), /issuer/);
    });
  });
}
