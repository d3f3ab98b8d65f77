import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { TlsError } from "@fairlead/core";
import { mintAuthority, mintCertificate, type Authority, type MintedIdentity } from "@fairlead/testserver/authority";
import { backendCan, type CertificateQuestion, type ClientCertificateRequest, type TlsIdentity } from "@fairlead/tls";
import type { DtlsAcceptOptions } from "@fairlead/tls/datagram";
import { mintCertificates, type Certificates } from "../tls/certificates.ts";
import { lossyCarrier } from "./lossy-carrier.ts";
import { manualClock } from "./manual-clock.ts";
import { attemptDatagrams, closeAttempt, type DtlsAttempt, type DtlsPairing, type DtlsPairOptions } from "./pairing.ts";

/** Questions to the application: who the client is, and whether a server that is refused is let in all the same. */
export function questionSuite(name: string, pairing: DtlsPairing): void {
  describe(`${name}: questions`, () => {
    let certificates: Certificates;
    let issuer: Authority;
    let client: MintedIdentity;
    before(async () => {
      certificates = await mintCertificates();
      issuer = await mintAuthority({ commonName: "Root of clients" });
      client = await mintCertificate({ issuer, names: ["client.test"], usage: "client" });
    });
    after(() => assert.equal(pairing.live(), 0, "sessions that were not freed"));

    const asking = (required: boolean): Partial<DtlsAcceptOptions> => ({
      clientCertificates: { trust: { type: "anchors", certificates: [issuer.certificate] }, required },
    });

    /** Connects, and once more with the answer where the library ends the handshake to ask; the requests that were answered. */
    async function answering(
      answer: (request: ClientCertificateRequest) => TlsIdentity | undefined,
      { connect, ...options }: DtlsPairOptions,
    ): Promise<DtlsAttempt & { readonly requests: readonly ClientCertificateRequest[] }> {
      const requests: ClientCertificateRequest[] = [];
      const note = (request: ClientCertificateRequest): TlsIdentity | undefined => {
        requests.push(request);
        return answer(request);
      };
      const first = await attemptDatagrams(pairing, certificates, {
        ...options,
        connect: { onClientCertificate: note, ...connect },
      });
      const request = first.client instanceof TlsError ? first.client.clientCertificateRequest : undefined;
      if (request === undefined) return { ...first, requests };
      assert.ok(first.client instanceof TlsError);
      assert.equal(first.client.code, "CLIENT_CERTIFICATE_REQUIRED");
      closeAttempt(first);
      const identity = note(request) ?? null;
      const again = await attemptDatagrams(pairing, certificates, {
        ...options,
        connect: { onClientCertificate: note, ...connect, identity },
      });
      return { ...again, requests };
    }

    test("a server that asks for a certificate is shown the one that is chosen, once, by what it said it takes", async () => {
      for (const required of [true, false]) {
        const attempt = await answering(() => client, { accept: asking(required) });
        closeAttempt(attempt);
        if (attempt.server instanceof Error) throw attempt.server;
        assert.equal(attempt.server.authorized, true);
        assert.match(attempt.server.peerCertificate?.subjectAltName ?? "", /client\.test/);
        assert.equal(attempt.requests.length, 1);
        const [{ authorities, keyTypes } = assert.fail()] = attempt.requests;
        assert.equal(authorities.length, 1);
        assert.match(Buffer.from(authorities[0] ?? []).toString("latin1"), /Root of clients$/);
        assert.ok(keyTypes.includes("ec"));
      }
    });

    test("it is shown none where none is chosen, and decides", async () => {
      const lenient = await answering(() => undefined, { accept: asking(false) });
      closeAttempt(lenient);
      assert.ok(!(lenient.client instanceof Error) && !(lenient.server instanceof Error));
      assert.equal(lenient.server.authorized, false);
      assert.equal(lenient.requests.length, 1);
      const strict = await answering(() => undefined, { accept: asking(true) });
      closeAttempt(strict);
      assert.ok(strict.client instanceof Error && strict.server instanceof Error);
    });

    test("null answers beforehand, and a server that asks for nothing is not asked about", async () => {
      for (const [connect, accept] of [
        [{ identity: null }, asking(false)],
        [{}, {}],
      ] as const) {
        const attempt = await answering(() => assert.fail("it was asked"), { connect, accept });
        closeAttempt(attempt);
        if (attempt.client instanceof Error) throw attempt.client;
        assert.equal(attempt.requests.length, 0);
      }
    });

    test("a server that is refused does not learn that there is a certificate", async () => {
      const attempt = await answering(() => assert.fail("it was asked"), {
        connect: { trust: certificates.otherTrust },
        accept: asking(true),
      });
      closeAttempt(attempt);
      assert.ok(attempt.client instanceof TlsError);
      assert.equal(attempt.client.code, "CERTIFICATE_ISSUER_UNKNOWN");
    });

    if (backendCan(pairing.client.name, "client-certificate-question")) {
      test("the answer arrives over a network that loses 30 % and doubles 10 %, for each of 8 seeds", async () => {
        await Promise.all(
          Array.from({ length: 8 }, async (_, seed) => {
            const { carry } = lossyCarrier({ seed, loss: 0.3, duplication: 0.1, reordering: 0.2, datagrams: 24 });
            const attempt = await answering(() => client, {
              network: { carry },
              connect: { retransmissionMilliseconds: 25 },
              accept: { ...asking(true), retransmissionMilliseconds: 25 },
            });
            closeAttempt(attempt);
            if (attempt.server instanceof Error) throw attempt.server;
            assert.equal(attempt.server.authorized, true);
          }),
        );
      });

      test("the question is over when the handshake is, and what answers it by throwing ends that", async () => {
        const abort = new AbortController();
        const reason = new Error("no longer wanted");
        let heard: unknown;
        const abandoned = await attemptDatagrams(pairing, certificates, {
          connect: {
            signal: abort.signal,
            onClientCertificate: (_request, signal) => {
              signal.addEventListener("abort", () => {
                heard = signal.reason;
              });
              abort.abort(reason);
              return new Promise(() => undefined);
            },
          },
          accept: { ...asking(true), timeoutMilliseconds: 100 },
        });
        closeAttempt(abandoned);
        assert.equal(abandoned.client, reason);
        assert.equal(heard, reason);
        const refused = await attemptDatagrams(pairing, certificates, {
          connect: { onClientCertificate: () => Promise.reject(reason) },
          accept: { ...asking(true), timeoutMilliseconds: 100 },
        });
        closeAttempt(refused);
        assert.equal(refused.client, reason);
      });
    }

    test("the deadline stands still while the application is asked", async () => {
      const clock = manualClock();
      const asked = Promise.withResolvers<undefined>();
      const answer = Promise.withResolvers<"accept">();
      const attempting = attemptDatagrams(pairing, certificates, {
        connect: {
          trust: certificates.otherTrust,
          clock,
          timeoutMilliseconds: 1_000,
          onCertificateError: () => {
            asked.resolve(undefined);
            return answer.promise;
          },
        },
      });
      await asked.promise;
      assert.equal(clock.waiting, 0);
      clock.advance(3_600_000);
      answer.resolve("accept");
      const attempt = await attempting;
      closeAttempt(attempt);
      if (attempt.client instanceof Error) throw attempt.client;
    });

    test("a certificate that is refused is let in where the application accepts it, unverified and without a session", async () => {
      for (const { code, identity } of certificates.faulty) {
        for (const answer of ["accept", "refuse"] as const) {
          const questions: CertificateQuestion[] = [];
          const sessions: Uint8Array[] = [];
          const attempt = await attemptDatagrams(pairing, certificates, {
            connect: {
              onSession: (session) => sessions.push(session),
              onCertificateError: (question) => {
                questions.push(question);
                return answer;
              },
            },
            accept: { identity },
          });
          closeAttempt(attempt);
          assert.deepEqual(
            questions.map(({ error }) => error.code),
            [code],
          );
          assert.ok(questions.every(({ problems, fingerprint }) => problems.length > 0 && fingerprint.length === 64));
          if (answer === "refuse") {
            assert.equal(attempt.client, questions[0]?.error);
            continue;
          }
          if (attempt.client instanceof Error) throw attempt.client;
          assert.equal(attempt.client.authorized, false);
          assert.equal(attempt.client.authorizationError, questions[0]?.error);
          assert.deepEqual(sessions, []);
        }
      }
    });

    test("what the application throws ends the handshake", async () => {
      const reason = new Error("no thanks");
      const refused = await attemptDatagrams(pairing, certificates, {
        connect: {
          trust: certificates.otherTrust,
          onCertificateError: () => {
            throw reason;
          },
        },
        accept: { timeoutMilliseconds: 100 },
      });
      closeAttempt(refused);
      assert.equal(refused.client, reason);
    });
  });
}
