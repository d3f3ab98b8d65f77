import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { before, describe, test } from "node:test";
import { mintCertificates, type Certificates } from "./certificates.ts";
import { secure, type TlsPairing } from "./pairing.ts";
import { transports, type OpenTransport } from "./transports.ts";

/** Handshakes that succeed: over every transport, both versions, every form of host. */
export function handshakeSuite(name: string, pairing: TlsPairing, memory: OpenTransport): void {
  describe(`${name}: handshake`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });

    for (const [transport, open] of transports) {
      for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
        test(`${version} over ${transport}, bytes and ends both ways`, async () => {
          using pair = await secure(pairing, certificates, open, {
            connect: { maxVersion: version, minVersion: version },
          });
          const { client, server } = pair;
          assert.deepEqual([client.getProtocol(), server.getProtocol()], [version, version]);
          assert.deepEqual([client.encrypted, client.authorized], [true, true]);
          client.end("question");
          assert.equal(await text(server), "question");
          server.end("answer");
          assert.equal(await text(client), "answer");
        });
      }
    }

    test("both sides agree on cipher, protocol and exported keys", async () => {
      using pair = await secure(pairing, certificates, memory, {
        connect: { alpnProtocols: ["h2", "http/1.1"] },
        accept: { alpnProtocols: ["http/1.1", "h2"] },
      });
      const { client, server } = pair;
      assert.equal(client.getCipher().standardName, server.getCipher().standardName);
      assert.equal(client.alpnProtocol, server.alpnProtocol);
      const context = Buffer.from("context");
      const exported = client.exportKeyingMaterial(32, "EXPORTER-fairlead", context);
      assert.equal(exported.length, 32);
      assert.deepEqual(exported, server.exportKeyingMaterial(32, "EXPORTER-fairlead", context));
      assert.notDeepEqual(exported, server.exportKeyingMaterial(32, "EXPORTER-other", context));
    });

    test("ALPN follows the server's order, and is false when nobody offers", async () => {
      using chosen = await secure(pairing, certificates, memory, {
        connect: { alpnProtocols: ["a", "b", "c"] },
        accept: { alpnProtocols: ["c", "b"] },
      });
      assert.deepEqual([chosen.client.alpnProtocol, chosen.server.alpnProtocol], ["c", "c"]);
      using none = await secure(pairing, certificates, memory);
      assert.deepEqual([none.client.alpnProtocol, none.server.alpnProtocol], [false, false]);
    });

    for (const host of ["GOOD.test", "good.test.", "any.wild.test", "127.0.0.1"]) {
      test(`accepts the certificate for ${host}`, async () => {
        using pair = await secure(pairing, certificates, memory, { connect: { host } });
        assert.equal(pair.client.authorized, true);
        assert.match(pair.client.getPeerX509Certificate()?.subjectAltName ?? "", /good\.test/);
      });
    }

    test("verifies the host, whatever server name is sent", async () => {
      using pair = await secure(pairing, certificates, memory, { connect: { serverName: "front.test" } });
      assert.equal(pair.client.authorized, true);
    });

    test("reads what arrived before TLS was put on the stream", async () => {
      const open: OpenTransport = async () => {
        const below = await memory();
        below[0].write("hello, ");
        below[0].write("plain");
        let greeting = "";
        while (greeting.length < "hello, plain".length) {
          const chunk = below[1].read() as Buffer | null;
          if (chunk === null) await new Promise((resolve) => below[1].once("readable", resolve));
          else greeting += chunk.toString();
        }
        return below;
      };
      using pair = await secure(pairing, certificates, open);
      pair.client.end("secret");
      assert.equal(await text(pair.server), "secret");
    });
  });
}
