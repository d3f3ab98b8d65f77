import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { after, before, describe, test } from "node:test";
import { TimeoutError, TlsError, UsageError } from "@fairlead/core";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { memoryDatagramPair } from "@fairlead/transport";
import type { DtlsAcceptOptions, DtlsConnectOptions } from "@fairlead/tls/datagram";
import { assertTlsError } from "../tls/assert-tls-error.ts";
import { goodHost, mintCertificates, type Certificates } from "../tls/certificates.ts";
import { manualClock } from "./manual-clock.ts";
import { attemptDatagrams, closeAttempt, settled, sharedKey, type DtlsPairing } from "./pairing.ts";

/** Handshakes that must fail, and how. */
export function refusalSuite(name: string, pairing: DtlsPairing): void {
  describe(`${name}: refusals`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });
    after(() => assert.equal(pairing.live(), 0, "sessions that were not freed"));

    test("a certificate that is wrong in any way", async (t) => {
      for (const { title, code, says, identity } of certificates.faulty) {
        await t.test(title, async () => {
          const { client, server, below } = await attemptDatagrams(pairing, certificates, { accept: { identity } });
          assertTlsError(client, code);
          assert.match(client.message, says);
          assertTlsError(server, "TLS_ALERT_RECEIVED");
          assert.ok(below.every(({ closed }) => closed));
        });
      }
    });

    test("an identity that the server does not know", async () => {
      const asked: string[] = [];
      const { client, server } = await attemptDatagrams(pairing, certificates, {
        connect: { ...sharedKey.client, psk: { identity: "stranger", key: sharedKey.key } },
        accept: { ...sharedKey.server, psk: (identity) => void asked.push(identity) },
      });
      assertTlsError(client, "TLS_ALERT_RECEIVED");
      assert.match(client.message, /unknown_psk_identity/);
      assertTlsError(server, "TLS_HANDSHAKE_FAILED");
      assert.deepEqual(asked, ["stranger"]);
    });

    test("a lookup that ends the connection that it is asked for", async () => {
      const ending = new AbortController();
      const stolen = new Error("that key was stolen");
      const live: number[] = [];
      const { server } = await attemptDatagrams(pairing, certificates, {
        connect: { ...sharedKey.client, timeoutMilliseconds: 200 },
        accept: {
          ...sharedKey.server,
          signal: ending.signal,
          psk: () => {
            live.push(pairing.live());
            ending.abort(stolen);
            // The library is still using it.
            live.push(pairing.live());
            return sharedKey.key;
          },
        },
      });
      assert.equal(server, stolen);
      // Only those of one library are counted where two talk to each other.
      const [before] = live;
      assert.ok(before !== undefined && before > 0);
      assert.deepEqual(live, [before, before]);
    });

    test("a lookup that throws, or gives what is no key", async () => {
      for (const psk of [
        () => {
          throw new Error("inside a callback");
        },
        () => new Uint8Array(),
        () => new Uint8Array(65),
      ]) {
        const { client, server } = await attemptDatagrams(pairing, certificates, {
          connect: sharedKey.client,
          accept: { ...sharedKey.server, psk },
        });
        assertTlsError(client, "TLS_ALERT_RECEIVED");
        assertTlsError(server, "TLS_HANDSHAKE_FAILED");
      }
    });

    test("another key under the same identity is silence, and the deadline ends it on both sides", async () => {
      const clock = manualClock();
      const attempt = attemptDatagrams(pairing, certificates, {
        connect: { ...sharedKey.client, psk: { identity: "sensor-7", key: Buffer.alloc(16) }, clock },
        accept: { ...sharedKey.server, clock },
      });
      await settled(40);
      clock.advance(59_999);
      await settled(5);
      clock.advance(1);
      const { client, server, below } = await attempt;
      for (const reason of [client, server]) {
        assert.ok(reason instanceof TimeoutError);
        assert.equal(reason.phase, "secure");
      }
      assert.ok(below.every(({ closed }) => closed));
      assert.equal(clock.waiting, 0);
    });

    test("a client without the certificate that the server requires, or with somebody else's", async () => {
      const root = await mintAuthority({ commonName: "Root of clients" });
      const clientCertificates = {
        trust: { type: "anchors", certificates: [root.certificate] },
        required: true,
      } as const;
      const without = await attemptDatagrams(pairing, certificates, { accept: { clientCertificates } });
      assertTlsError(without.client, "TLS_ALERT_RECEIVED");
      assert.match(without.client.message, /handshake_failure/);
      assertTlsError(without.server, "CLIENT_CERTIFICATE_REQUIRED");

      const other = await mintAuthority({ commonName: "Other root" });
      for (const identity of [
        await mintCertificate({ issuer: other, names: ["client.test"], usage: "client" }),
        await mintCertificate({ issuer: root, names: ["client.test"], usage: "server" }),
        await mintCertificate({
          issuer: root,
          names: ["client.test"],
          usage: "client",
          notAfter: new Date(Date.now() - 1_000),
        }),
      ]) {
        const wrong = await attemptDatagrams(pairing, certificates, {
          connect: { identity },
          accept: { clientCertificates },
        });
        assertTlsError(wrong.client, "CLIENT_CERTIFICATE_REJECTED");
        assert.ok(wrong.server instanceof TlsError);
        assert.match(wrong.server.code, /^CERTIFICATE_/);
      }
    });

    test("no cipher suite in common, or no ALPN protocol", async () => {
      const suites = await attemptDatagrams(pairing, certificates, {
        connect: { cipherSuites: ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"] },
        accept: { cipherSuites: ["TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8"] },
      });
      assert.ok(suites.client instanceof TlsError && suites.server instanceof TlsError);
      const protocols = await attemptDatagrams(pairing, certificates, {
        connect: { alpnProtocols: ["a"] },
        accept: { alpnProtocols: ["b"] },
      });
      assertTlsError(protocols.client, "TLS_ALERT_RECEIVED");
      assert.match(protocols.client.message, /no_application_protocol/);
    });

    test("what no session could be made with is refused before anything is sent", async () => {
      const { good, trust } = certificates;
      const client: readonly Partial<DtlsConnectOptions>[] = [
        { host: "nämlich.test" },
        { ...sharedKey.client, trust },
        { trust: undefined, psk: { identity: "", key: sharedKey.key } },
        { trust: undefined, psk: { identity: "a\0b", key: sharedKey.key } },
        { trust: undefined, psk: { identity: "é".repeat(65), key: sharedKey.key } },
        { trust: undefined, psk: { identity: "a", key: new Uint8Array() } },
        { mtu: 255 },
        { mtu: 1_233 },
        { timeoutMilliseconds: 0 },
        { retransmissionMilliseconds: Number.NaN },
        { cipherSuites: ["TLS_PSK_WITH_AES_128_CCM_8"] },
        { trust: { type: "anchors", certificates: ["not PEM"] } },
        { identity: { certificate: good.certificate, privateKey: "not PEM" } },
      ];
      for (const options of client) {
        const sent: Buffer[] = [];
        const [below] = memoryDatagramPair({ carry: (bytes) => void sent.push(bytes) });
        await assert.rejects(
          pairing.client.connectDatagram(below, { host: goodHost, trust, ...options }),
          UsageError,
          JSON.stringify(Object.keys(options)),
        );
        assert.equal(below.closed, true);
        assert.equal(sent.length, 0);
      }
      const server: readonly DtlsAcceptOptions[] = [
        {},
        { identity: good, timeoutMilliseconds: 0 },
        { psk: sharedKey.server.psk, clientCertificates: { trust, required: true } },
        { identity: good, cipherSuites: ["TLS_PSK_WITH_AES_128_CCM_8"] },
      ];
      for (const options of server) {
        const [below] = memoryDatagramPair();
        await assert.rejects(pairing.server.acceptDatagram(below, options), UsageError);
        assert.equal(below.closed, true);
      }
    });

    test("a cipher suite that there is not is an error that says so", async () => {
      const [below] = memoryDatagramPair();
      // As a program without types would.
      const cipherSuites = ["TLS_RSA_WITH_AES_128_CBC_SHA"] as unknown as DtlsConnectOptions["cipherSuites"];
      const rejected = pairing.client.connectDatagram(below, { host: goodHost, cipherSuites });
      await assert.rejects(rejected, { code: "TLS_OPTION_UNSUPPORTED" });
    });

    for (const side of ["client", "server"] as const) {
      test(`an abort of the ${side}, before the start and at any datagram of the handshake`, async () => {
        const reason = new Error("enough");
        const outcomes: boolean[] = [];
        for (let at = 0; ; at += 1) {
          const aborted = new AbortController();
          const cleanUp = new AbortController();
          let datagrams = 0;
          if (at === 0) aborted.abort(reason);
          const attempt = attemptDatagrams(pairing, certificates, {
            network: {
              carry(bytes, deliver) {
                datagrams += 1;
                if (datagrams === at) aborted.abort(reason);
                setImmediate(deliver, bytes);
              },
            },
            connect: { signal: (side === "client" ? aborted : cleanUp).signal },
            accept: { signal: (side === "server" ? aborted : cleanUp).signal },
          });
          await settled();
          cleanUp.abort();
          const ends = await attempt;
          closeAttempt(ends);
          for (const { signal } of [aborted, cleanUp]) assert.equal(getEventListeners(signal, "abort").length, 0);
          if (!aborted.signal.aborted) break;
          if (ends[side] instanceof Error) assert.equal(ends[side], reason);
          outcomes.push(ends[side] === reason);
        }
        // Up to some datagram the abort comes in time, and from there on the handshake is over on this side.
        const inTime = [...outcomes, false].indexOf(false);
        assert.ok(inTime >= 4, outcomes.join());
        assert.ok(!outcomes.slice(inTime).includes(true), outcomes.join());
      });
    }

    test("silence from any datagram on: the deadline ends the handshake on each side that began one", async () => {
      for (let heard = 0; ; heard += 1) {
        const clock = manualClock();
        const cleanUp = new AbortController();
        let datagrams = 0;
        const attempt = attemptDatagrams(pairing, certificates, {
          network: {
            carry(bytes, deliver) {
              datagrams += 1;
              if (datagrams <= heard) setImmediate(deliver, bytes);
            },
          },
          connect: { clock, timeoutMilliseconds: 5_000 },
          accept: { clock, timeoutMilliseconds: 7_000, signal: cleanUp.signal },
        });
        await settled();
        const isWhole = datagrams <= heard;
        clock.advance(7_000);
        cleanUp.abort(new Error("clean up"));
        const { client, server, below } = await attempt;
        closeAttempt({ client, server, below });
        assert.equal(clock.waiting, 0);
        if (isWhole) break;
        assert.ok(client instanceof TimeoutError || server instanceof TimeoutError);
        for (const end of [client, server]) {
          // Two hellos and the answer to the first: before that the server has nothing to give up.
          const hasBegun = end !== server || heard >= 3;
          if (end instanceof Error && hasBegun) assert.ok(end instanceof TimeoutError, String(end));
        }
      }
    });
  });
}
