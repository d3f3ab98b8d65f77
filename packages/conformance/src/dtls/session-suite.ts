import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { TlsError, UsageError } from "@fairlead/core";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { sessionFacts } from "@fairlead/tls";
import type { DtlsConnectOptions } from "@fairlead/tls/datagram";
import { memoryDatagramPair } from "@fairlead/transport";
import { mintCertificates, type Certificates } from "../tls/certificates.ts";
import { lossyCarrier } from "./lossy-carrier.ts";
import {
  attemptDatagrams,
  closeAttempt,
  nextMessage,
  secureDatagrams,
  sharedKey,
  type DtlsPairing,
  type DtlsPairOptions,
} from "./pairing.ts";

/** Sessions given out and taken back: what is resumed, what must not be, and what a refusal leads to. */
export function sessionSuite(name: string, pairing: DtlsPairing): void {
  describe(`${name}: sessions`, () => {
    let certificates: Certificates;
    const ticketKeys = new Uint8Array(48).fill(7);
    before(async () => {
      certificates = await mintCertificates();
    });
    after(() => assert.equal(pairing.live(), 0, "sessions that were not freed"));

    /** The sessions of one full handshake. */
    async function gained(options: DtlsPairOptions = {}): Promise<readonly Uint8Array[]> {
      const sessions: Uint8Array[] = [];
      using pair = await secureDatagrams(pairing, certificates, {
        ...options,
        connect: { onSession: (session) => sessions.push(session), ...options.connect },
        accept: { ticketKeys, ...options.accept },
      });
      assert.deepEqual([pair.client.resumed, pair.server.resumed], [false, false]);
      return sessions;
    }

    async function gain(options: DtlsPairOptions = {}): Promise<Uint8Array> {
      const [session, ...others] = await gained(options);
      assert.ok(session);
      assert.equal(others.length, 0);
      return session;
    }

    /** Offers a session, and tells whether both sides resumed it. */
    async function isResumed(session: Uint8Array, options: DtlsPairOptions = {}): Promise<boolean> {
      using pair = await secureDatagrams(pairing, certificates, {
        ...options,
        connect: { session, ...options.connect },
        accept: { ticketKeys, ...options.accept },
      });
      const { client, server } = pair;
      assert.equal(client.resumed, server.resumed);
      assert.equal(client.authorized, true);
      const heard = nextMessage(server);
      client.send(Buffer.from("heard"));
      assert.equal(String(await heard), "heard");
      return client.resumed;
    }

    test("one is resumed as often as it is good, with the certificate that it began with", async () => {
      const session = await gain();
      for (let turn = 0; turn < 3; turn += 1) {
        const again: Uint8Array[] = [];
        using pair = await secureDatagrams(pairing, certificates, {
          connect: { session, onSession: (each) => again.push(each) },
          accept: { ticketKeys },
        });
        const { client, server } = pair;
        assert.deepEqual([client.resumed, server.resumed], [true, true]);
        assert.deepEqual([client.authorized, client.authorizationError], [true, undefined]);
        assert.match(client.peerCertificate?.subjectAltName ?? "", /good\.test/);
        assert.equal(client.protocol, "DTLSv1.2");
        assert.equal(client.cipherSuite, server.cipherSuite);
        // Its lifetime is the first one's.
        assert.deepEqual(again, []);
        const context = Buffer.from("context");
        assert.deepEqual(
          client.exportKeyingMaterial(32, "EXPORTER-test", context),
          server.exportKeyingMaterial(32, "EXPORTER-test", context),
        );
        const [question, answer] = [nextMessage(server), nextMessage(client)];
        client.send(Buffer.from("question"));
        server.send(Buffer.from("answer"));
        assert.deepEqual([String(await question), String(await answer)], ["question", "answer"]);
      }
    });

    test("one says what it is: of DTLS 1.2, verified, and for how long", async () => {
      const facts = sessionFacts(await gain());
      assert.equal(facts?.version, "DTLSv1.2");
      assert.equal(facts.verified, true);
      assert.ok(Math.abs(facts.createdAt - Date.now()) < 60_000);
      assert.ok(facts.lifetimeSeconds <= 604_800);
      assert.ok(facts.peerCertificate !== undefined);
    });

    test("ALPN is agreed on anew when a session is resumed", async () => {
      const session = await gain();
      using pair = await secureDatagrams(pairing, certificates, {
        connect: { session, alpnProtocols: ["coap"] },
        accept: { ticketKeys, alpnProtocols: ["coap"] },
      });
      assert.deepEqual([pair.client.resumed, pair.client.alpnProtocol], [true, "coap"]);
    });

    test("a refused session leads to a full handshake with every check", async () => {
      const session = await gain();
      const others = new Uint8Array(48).fill(8);
      assert.equal(await isResumed(session, { accept: { ticketKeys: others } }), false);
      for (const { code, identity } of certificates.faulty) {
        const attempt = await attemptDatagrams(pairing, certificates, {
          connect: { session },
          accept: { identity, ticketKeys: others },
        });
        closeAttempt(attempt);
        assert.ok(attempt.client instanceof TlsError);
        assert.equal(attempt.client.code, code);
      }
    });

    test("none is used for another host, even behind the same server name", async () => {
      const serverName = "front.test";
      const session = await gain({ connect: { serverName } });
      const attempt = await attemptDatagrams(pairing, certificates, {
        connect: { session, host: "other.test", serverName },
        accept: { ticketKeys },
      });
      closeAttempt(attempt);
      assert.ok(attempt.client instanceof TlsError);
      assert.equal(attempt.client.code, "CERTIFICATE_HOST_MISMATCH");
      const identity = certificates.faulty.find(({ title }) => title === "for another host")?.identity;
      assert.ok(identity);
      const options = { connect: { serverName, host: "other.test" }, accept: { identity } };
      assert.equal(await isResumed(session, options), false);
    });

    test("none is offered when the certificate that it began with has expired", async (t) => {
      const session = await gain();
      t.mock.timers.enable({ apis: ["Date"], now: Date.now() + 400 * 86_400_000 });
      const attempt = await attemptDatagrams(pairing, certificates, { connect: { session }, accept: { ticketKeys } });
      closeAttempt(attempt);
      // A full handshake, in which the clock of the libraries is none of ours.
      if (attempt.client instanceof Error) assert.match(attempt.client.message, /certificate/);
      else assert.equal(attempt.client.resumed, false);
    });

    test("whatever else is offered is not: bytes that are cut, made up, or of a stream", async () => {
      const session = await gain();
      const ofStream = Uint8Array.from(session);
      // The version behind the mark: 0xfefd to 0x0303.
      ofStream.set([0x03, 0x03], 22);
      assert.equal(sessionFacts(ofStream)?.version, "TLSv1.2");
      for (const bytes of [
        new Uint8Array(0),
        new Uint8Array(500).fill(0x30),
        session.subarray(0, session.length - 200),
        session.subarray(0, 40),
        ofStream,
      ]) {
        assert.equal(await isResumed(bytes), false);
      }
    });

    test("none is given by a server that was let in unverified", async () => {
      const unverified: Partial<DtlsConnectOptions> = {
        trust: certificates.otherTrust,
        dangerous: { acceptAnyCertificate: true },
      };
      assert.deepEqual(await gained({ connect: unverified }), []);
    });

    test("none goes with a key, which is asked for each time", async () => {
      assert.deepEqual(await gained({ connect: sharedKey.client, accept: sharedKey.server }), []);
      const [below] = memoryDatagramPair();
      const session = await gain();
      const connecting = pairing.client.connectDatagram(below, { host: "good.test", ...sharedKey.client, session });
      await assert.rejects(connecting, UsageError);
      // A server that has keys beside its certificate does not tell its clients apart by tickets.
      assert.equal(await isResumed(session, { accept: { psk: sharedKey.server.psk } }), false);
    });

    test("none is resumed by a server that asks for certificates, which are judged each time", async () => {
      const root = await mintAuthority({ commonName: "Root of clients" });
      const identity = await mintCertificate({ issuer: root, names: ["client.test"], usage: "client" });
      for (const required of [true, false]) {
        const clientCertificates = {
          trust: { type: "anchors", certificates: [root.certificate] },
          required,
        } as const;
        const options = { connect: { identity }, accept: { clientCertificates } };
        const sessions = [await gain(), ...(await gained(options))];
        for (const session of sessions) {
          using pair = await secureDatagrams(pairing, certificates, {
            connect: { session, identity },
            accept: { clientCertificates, ticketKeys },
          });
          assert.deepEqual([pair.client.resumed, pair.server.resumed, pair.server.authorized], [false, false, true]);
        }
      }
    });

    for (const length of [0, 47, 80]) {
      test(`ticket keys of ${String(length)} bytes are refused`, async () => {
        const [below] = memoryDatagramPair();
        const accepting = pairing.server.acceptDatagram(below, {
          identity: certificates.good,
          ticketKeys: new Uint8Array(length),
        });
        await assert.rejects(accepting, UsageError);
      });
    }

    test("they are resumed over a network that loses 30 %, doubles 10 % and holds back 20 %, for each of 20 seeds", async () => {
      const session = await gain();
      await Promise.all(
        Array.from({ length: 20 }, async (_, seed) => {
          const { carry } = lossyCarrier({ seed, loss: 0.3, duplication: 0.1, reordering: 0.2, datagrams: 16 });
          const attempt = await attemptDatagrams(pairing, certificates, {
            network: { carry },
            connect: { session, retransmissionMilliseconds: 25 },
            accept: { ticketKeys, retransmissionMilliseconds: 25 },
          });
          closeAttempt(attempt);
          for (const end of [attempt.client, attempt.server]) {
            assert.ok(!(end instanceof Error), `seed ${String(seed)}: ${end instanceof Error ? end.message : ""}`);
            assert.equal(end.resumed, true);
          }
        }),
      );
    });
  });
}
