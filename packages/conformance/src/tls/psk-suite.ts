import assert from "node:assert/strict";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { before, describe, test } from "node:test";
import { connect } from "node:tls";
import { TlsError } from "@fairlead/core";
import { mintCertificates, type Certificates } from "./certificates.ts";
import { outcomes } from "./outcomes.ts";
import { secure, type TlsPairing } from "./pairing.ts";
import type { OpenTransport } from "./transports.ts";

/** What the two libraries do beside what all do. */
export interface PskTraits {
  /** Whether an identity that the server does not know leads to its certificate, in TLS 1.3. */
  readonly fallsBack: boolean;
}

/** Keys that both sides know, instead of certificates or beside them. RFC 8446 section 4.2.11; RFC 4279. */
export function pskSuite(name: string, pairing: TlsPairing, traits: PskTraits, open: OpenTransport): void {
  describe(`${name}: shared keys`, () => {
    const key = Buffer.alloc(32, 7);
    const psk = { identity: "sensor 7 é", key };
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });

    test("a key that could be guessed lets nobody in, even if both sides know it", async () => {
      for (const weak of [Buffer.alloc(1, 7), Buffer.alloc(15, 7), Buffer.alloc(65, 7)]) {
        const [near, far] = await open();
        // No client of ours would offer it.
        const client = connect({
          socket: near,
          maxVersion: "TLSv1.2",
          ciphers: "PSK",
          pskCallback: () => ({ identity: "guest", psk: weak }),
        });
        client.on("error", () => undefined);
        await assert.rejects(pairing.server.accept(far, { psk: () => weak }), TlsError);
        client.destroy();
      }
    });

    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const range = { minVersion: version, maxVersion: version };

      for (const withCertificate of [false, true]) {
        test(`${version}: authenticate both sides (${withCertificate ? "beside" : "without"} a certificate)`, async () => {
          const asked: string[] = [];
          const sessions: Uint8Array[] = [];
          using pair = await secure(pairing, certificates, open, {
            connect: { ...range, psk, alpnProtocols: ["a"], onSession: (session) => sessions.push(session) },
            accept: {
              ...range,
              alpnProtocols: ["a"],
              identity: withCertificate ? certificates.good : undefined,
              psk: (identity) => {
                asked.push(identity);
                return key;
              },
            },
          });
          assert.ok(asked.includes("sensor 7 é"), asked.join());
          assert.deepEqual([pair.client.authorized, pair.client.authorizationError ?? null], [true, null]);
          assert.deepEqual([pair.client.getPeerX509Certificate(), pair.client.getPeerChain()], [undefined, []]);
          assert.deepEqual([pair.server.pskIdentity, pair.client.pskIdentity], [psk.identity, psk.identity]);
          assert.deepEqual([pair.client.alpnProtocol, pair.client.getProtocol()], ["a", version]);
          pair.client.end("over a key");
          assert.equal(await text(pair.server), "over a key");
          pair.server.end("as well");
          assert.equal(await text(pair.client), "as well");
          assert.deepEqual(sessions, []);
        });
      }

      test(`${version}: are refused when they differ, are unknown or cannot be looked up`, async () => {
        for (const lookUp of [
          () => Buffer.alloc(32, 8),
          () => undefined,
          () => Buffer.alloc(3, 7),
          () => assert.fail("a question that throws"),
        ]) {
          const ends = await outcomes(pairing, certificates, open, {
            connect: { ...range, psk },
            accept: { ...range, identity: undefined, psk: lookUp },
          });
          assert.ok(ends.client instanceof TlsError, String(ends.client));
          assert.ok(ends.server instanceof TlsError, String(ends.server));
        }
      });

      test(`${version}: a lookup may end the connection that it is asked for`, async () => {
        const ending = new AbortController();
        const ends = await outcomes(pairing, certificates, open, {
          connect: { ...range, psk },
          accept: {
            ...range,
            identity: undefined,
            signal: ending.signal,
            psk: () => {
              ending.abort(new Error("that key was stolen"));
              return key;
            },
          },
        });
        assert.match(String(ends.server), /that key was stolen/);
        assert.ok(ends.client instanceof Error, String(ends.client));
      });

      test(`${version}: one that a server does not know lets nobody in whose certificate is bad`, async () => {
        const ends = await outcomes(pairing, certificates, open, {
          connect: { ...range, psk, trust: certificates.otherTrust },
          accept: { ...range, psk: () => undefined },
        });
        assert.ok(ends.client instanceof TlsError, String(ends.client));
        if (traits.fallsBack && version === "TLSv1.3") assert.equal(ends.client.code, "CERTIFICATE_ISSUER_UNKNOWN");
      });

      test(`${version}: a server that knows some still serves those who have none`, async () => {
        using pair = await secure(pairing, certificates, open, {
          connect: range,
          accept: { ...range, psk: () => assert.fail("it was asked") },
        });
        assert.equal(pair.client.authorized, true);
        assert.match(pair.client.getPeerX509Certificate()?.subjectAltName ?? "", /good\.test/);
        assert.equal(pair.server.authorized, false);
        pair.server.write("x");
        await once(pair.client, "data");
      });
    }

    test("are refused beforehand when they could be guessed, or have a name that not every peer takes", async () => {
      for (const bad of [
        { identity: "a", key: Buffer.alloc(15) },
        { identity: "a", key: Buffer.alloc(65) },
        { identity: "", key },
        { identity: "a\0b", key },
        { identity: "é".repeat(65), key },
      ]) {
        const [near, far] = await open();
        await assert.rejects(pairing.client.connect(near, { host: "good.test", psk: bad }), {
          name: "UsageError",
          code: "OPTION_INVALID",
        });
        far.destroy();
      }
    });
  });
}
