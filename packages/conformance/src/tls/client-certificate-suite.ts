import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { before, describe, test } from "node:test";
import { mintAuthority, mintCertificate, type Authority, type MintedIdentity } from "@fairlead/testserver/authority";
import type { ClientCertificateRequest, TlsAnchors } from "@fairlead/tls";
import { publicKeyPin } from "@fairlead/tls/certificates";
import { assertTlsError } from "./assert-tls-error.ts";
import { mintCertificates, type Certificates } from "./certificates.ts";
import { outcomes } from "./outcomes.ts";
import { secure, type PairOptions, type TlsPairing } from "./pairing.ts";
import type { OpenTransport } from "./transports.ts";

/** What the two libraries do beside what all do. */
export interface ClientCertificateTraits {
  /** Whether the client's library can ask for the certificate inside the handshake. */
  readonly asks: boolean;
  /** Whether the server resumes sessions of clients with a certificate. */
  readonly resumes: boolean;
  /** Whether the server tells a client by an alert why its certificate is refused. */
  readonly saysWhy: boolean;
}

/** Certificates of clients: whom a server lets in, what it says to others, and how a client chooses. */
export function clientCertificateSuite(
  name: string,
  pairing: TlsPairing,
  traits: ClientCertificateTraits,
  open: OpenTransport,
): void {
  describe(`${name}: client certificates`, () => {
    let certificates: Certificates;
    let authority: Authority;
    let stranger: Authority;
    let trust: TlsAnchors;
    let client: MintedIdentity;
    before(async () => {
      certificates = await mintCertificates();
      authority = await mintAuthority({ commonName: "Clients" });
      stranger = await mintAuthority({ commonName: "Strangers" });
      trust = { type: "anchors", certificates: [authority.certificate] };
      client = await mintCertificate({ issuer: authority, names: ["client.test"], usage: "client" });
    });

    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const range = { minVersion: version, maxVersion: version };

      for (const required of [true, false]) {
        test(`${version}: one that is good is let in and shown (required: ${String(required)})`, async () => {
          using pair = await mutual({ identity: client }, required);
          assert.deepEqual([pair.server.authorized, pair.server.authorizationError ?? null], [true, null]);
          assert.equal(pair.server.getPeerX509Certificate()?.subject, "CN=client.test");
          const [leaf = ""] = pair.server.getPeerChain();
          assert.equal(new X509Certificate(leaf).subject, "CN=client.test");
          pair.client.end("who am I");
          assert.equal(String(await once(pair.server, "data")), "who am I");
        });
      }

      test(`${version}: none is let in where none is required, as nobody`, async () => {
        using pair = await mutual({}, false);
        assert.equal(pair.server.authorized, false);
        assert.equal(pair.server.getPeerX509Certificate(), undefined);
        assert.deepEqual(pair.server.getPeerChain(), []);
      });

      test(`${version}: none is refused where one is required`, async () => {
        const ends = await outcomes(pairing, certificates, open, {
          connect: { ...range },
          accept: { ...range, clientCertificates: { trust, required: true } },
        });
        assertTlsError(ends.server, "CLIENT_CERTIFICATE_REQUIRED");
        assertTlsError(ends.client, "CLIENT_CERTIFICATE_REQUIRED");
        // TLS 1.2 has no alert of its own for it.
        if (version === "TLSv1.2") assert.match(ends.client.message, /handshake_failure/);
      });

      test(`${version}: bad ones are refused by name on both sides, and get no ticket`, async () => {
        const past = { notBefore: new Date(Date.now() - 2e8), notAfter: new Date(Date.now() - 1e8) };
        for (const [code, alert, identity] of [
          [
            "CERTIFICATE_INVALID",
            "bad_certificate",
            await mintCertificate({ issuer: authority, names: ["server.test"] }),
          ],
          [
            "CERTIFICATE_ISSUER_UNKNOWN",
            "unknown_ca",
            await mintCertificate({ issuer: stranger, names: ["x"], usage: "client" }),
          ],
          [
            "CERTIFICATE_EXPIRED",
            "certificate_expired",
            await mintCertificate({ issuer: authority, names: ["x"], usage: "client", ...past }),
          ],
        ] as const) {
          for (const required of [true, false]) {
            const sessions: Uint8Array[] = [];
            const ends = await outcomes(pairing, certificates, open, {
              connect: { ...range, identity, onSession: (session) => sessions.push(session) },
              accept: { ...range, clientCertificates: { trust, required } },
            });
            assertTlsError(ends.server, code);
            if (traits.resumes) assert.deepEqual(sessions, []);
            if (!traits.saysWhy) continue;
            assertTlsError(ends.client, "CLIENT_CERTIFICATE_REJECTED");
            assert.match(ends.client.message, new RegExp(alert));
          }
        }
      });

      if (traits.resumes) {
        test(`${version}: a session of a client that was let in is resumed, and tells who it is`, async () => {
          const [session] = await gain();
          using pair = await mutual({ session, identity: client }, true);
          assert.deepEqual([pair.server.isSessionReused(), pair.client.isSessionReused()], [true, true]);
          assert.equal(pair.server.authorized, true);
          assert.equal(pair.server.getPeerX509Certificate()?.subject, "CN=client.test");
        });
      }

      test(`${version}: a session under other rules is not resumed`, async () => {
        const [session] = await gain();
        const [nobody] = await gain({}, false);
        const reused: boolean[] = [];
        for (const [offered, clientCertificates] of [
          [session, { trust: { type: "anchors", certificates: [stranger.certificate] }, required: false }],
          [
            session,
            { trust: { type: "pinned", pins: [publicKeyPin(stranger.certificate)], within: trust }, required: true },
          ],
          [session, undefined],
          [nobody, { trust, required: true }],
        ] as const) {
          const ends = await outcomes(pairing, certificates, open, {
            connect: { ...range, session: offered },
            accept: { ...range, clientCertificates, ticketKeys },
            whenSecure: (socket) => reused.push(socket.isSessionReused()),
          });
          if (clientCertificates?.required === true) assertTlsError(ends.server, "CLIENT_CERTIFICATE_REQUIRED");
        }
        assert.ok(reused.length > 0 && !reused.includes(true), reused.join());
      });

      if (traits.asks) {
        test(`${version}: a client is asked in the handshake, and told what the server wants`, async () => {
          const asked: ClientCertificateRequest[] = [];
          using pair = await mutual(
            {
              onClientCertificate: async (request) => {
                asked.push(request);
                return Promise.resolve(client);
              },
            },
            true,
          );
          assert.equal(pair.server.getPeerX509Certificate()?.subject, "CN=client.test");
          assert.equal(asked.length, 1);
          assert.match(Buffer.from(asked[0]?.authorities[0] ?? []).toString("latin1"), /Clients/);
          assert.ok(asked[0]?.keyTypes.includes("ec"));
        });

        test(`${version}: a client that answers with none is nobody, and is told where one is required`, async () => {
          using pair = await mutual({ onClientCertificate: () => undefined }, false);
          assert.equal(pair.server.authorized, false);
          const ends = await outcomes(pairing, certificates, open, {
            connect: { ...range, onClientCertificate: () => undefined },
            accept: { ...range, clientCertificates: { trust, required: true } },
          });
          assertTlsError(ends.client, "CLIENT_CERTIFICATE_REQUIRED");
        });

        test(`${version}: an answer that is refused is named as that`, async () => {
          const identity = await mintCertificate({ issuer: stranger, names: ["x"], usage: "client" });
          const ends = await outcomes(pairing, certificates, open, {
            connect: { ...range, onClientCertificate: () => identity },
            accept: { ...range, clientCertificates: { trust, required: true } },
          });
          if (traits.saysWhy) assertTlsError(ends.client, "CLIENT_CERTIFICATE_REJECTED");
        });

        test(`${version}: what the answer throws ends this connection, and a key that does not fit as well`, async () => {
          const reason = new Error("no thanks");
          for (const [answer, expected] of [
            [() => Promise.reject(reason), reason],
            [() => ({ ...client, privateKey: certificates.good.privateKey }), /identity/],
          ] as const) {
            const ends = await outcomes(pairing, certificates, open, {
              connect: { ...range, onClientCertificate: answer },
              accept: { ...range, clientCertificates: { trust, required: true } },
            });
            if (expected === reason) assert.equal(ends.client, reason);
            else assert.match(String(ends.client), /identity/);
          }
        });

        test(`${version}: a server that is refused does not learn that there is a certificate`, async () => {
          let asked = 0;
          const ends = await outcomes(pairing, certificates, open, {
            connect: { ...range, trust: certificates.otherTrust, onClientCertificate: () => void (asked += 1) },
            accept: { ...range, clientCertificates: { trust, required: true } },
          });
          assertTlsError(ends.client, "CERTIFICATE_ISSUER_UNKNOWN");
          assert.equal(asked, 0);
        });

        test(`${version}: the question is over when the connection is`, async () => {
          const [near, far] = await open();
          const question = Promise.withResolvers<AbortSignal>();
          const serving = pairing.server
            .accept(far, { ...range, identity: certificates.good, clientCertificates: { trust, required: true } })
            .catch(() => undefined);
          const abort = new AbortController();
          const connecting = pairing.client.connect(near, {
            host: "good.test",
            trust: certificates.trust,
            ...range,
            signal: abort.signal,
            onClientCertificate: (_request, signal) => {
              question.resolve(signal);
              return new Promise(() => undefined);
            },
          });
          const signal = await question.promise;
          assert.equal(signal.aborted, false);
          abort.abort(new Error("enough"));
          await assert.rejects(connecting, /enough/);
          assert.equal(signal.aborted, true);
          await serving;
        });
      }

      async function mutual(connect: PairOptions["connect"], required: boolean): ReturnType<typeof secure> {
        return secure(pairing, certificates, open, {
          connect: { ...range, ...connect },
          accept: { ...range, clientCertificates: { trust, required }, ticketKeys },
        });
      }

      async function gain(
        connect: PairOptions["connect"] = { identity: client },
        required = true,
      ): Promise<Uint8Array[]> {
        const sessions: Uint8Array[] = [];
        using pair = await mutual({ ...connect, onSession: (session) => sessions.push(session) }, required);
        pair.server.write("x");
        await once(pair.client, "data");
        return sessions;
      }
    }
  });
}

const ticketKeys = new Uint8Array(48).fill(7);
