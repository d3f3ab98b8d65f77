import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { before, describe, test } from "node:test";
import { TlsError } from "@fairlead/core";
import type { TlsVersion } from "@fairlead/tls";
import { mintCertificates, type Certificates } from "./certificates.ts";
import { refuse, secure, type PairOptions, type TlsPairing } from "./pairing.ts";
import type { OpenTransport } from "./transports.ts";

/** Sessions given out and taken back: what is resumed, what must not be, and what a refusal leads to. */
export function sessionSuite(name: string, pairing: TlsPairing, memory: OpenTransport): void {
  describe(`${name}: sessions`, () => {
    let certificates: Certificates;
    const ticketKeys = new Uint8Array(48).fill(7);
    before(async () => {
      certificates = await mintCertificates();
    });

    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      test(`${version}: a session is resumed, and both sides know it`, async () => {
        const [session] = await gain(version);
        using pair = await resume(session, { connect: { maxVersion: version } });
        assert.deepEqual([pair.client.isSessionReused(), pair.server.isSessionReused()], [true, true]);
        assert.equal(pair.client.authorized, true);
        assert.match(pair.client.getPeerX509Certificate()?.subjectAltName ?? "", /good\.test/);
        pair.client.end("resumed");
        assert.equal(await text(pair.server), "resumed");
      });

      test(`${version}: a refused session leads to a full handshake`, async () => {
        const [session] = await gain(version);
        using pair = await resume(session, {
          connect: { maxVersion: version },
          accept: { ticketKeys: new Uint8Array(48).fill(8) },
        });
        assert.deepEqual([pair.client.isSessionReused(), pair.client.authorized], [false, true]);
      });

      test(`${version}: a refused session does not spare the server the checks`, async () => {
        const [session] = await gain(version);
        for (const { code, identity } of certificates.faulty) {
          const { client } = await refuse(pairing, certificates, memory, {
            connect: { session, maxVersion: version },
            accept: { identity, ticketKeys: new Uint8Array(48).fill(9) },
          });
          assert.ok(client instanceof TlsError, String(client));
          assert.equal(client.code, code);
        }
      });

      test(`${version}: a session is not used for another host`, async () => {
        const [session] = await gain(version);
        for (const serverName of [undefined, "good.test"]) {
          const { client } = await refuse(pairing, certificates, memory, {
            connect: { session, host: "other.test", serverName, maxVersion: version },
            accept: { ticketKeys },
          });
          assert.ok(client instanceof TlsError, String(client));
          assert.equal(client.code, "CERTIFICATE_HOST_MISMATCH");
        }
      });

      test(`${version}: a session is not even offered for another host behind the same server name`, async () => {
        const serverName = "front.test";
        const [session] = await gain(version, { connect: { serverName } });
        const identity = certificates.faulty.find(({ title }) => title === "for another host")?.identity;
        assert.ok(identity);
        using pair = await resume(session, {
          connect: { serverName, host: "other.test", maxVersion: version },
          accept: { identity },
        });
        assert.deepEqual([pair.client.isSessionReused(), pair.client.authorized], [false, true]);
      });

      test(`${version}: a session of another version is not used`, async () => {
        const [session] = await gain(version);
        const other = version === "TLSv1.2" ? "TLSv1.3" : "TLSv1.2";
        using pair = await resume(session, { connect: { minVersion: other, maxVersion: other } });
        assert.deepEqual([pair.client.isSessionReused(), pair.client.getProtocol()], [false, other]);
      });
    }

    test("TLS 1.3: every ticket of a connection resumes", async () => {
      const sessions = await gain("TLSv1.3");
      for (const session of sessions) {
        using pair = await resume(session);
        assert.equal(pair.server.isSessionReused(), true);
      }
    });

    for (const bytes of [
      new Uint8Array(),
      new Uint8Array(100),
      Buffer.from("no session"),
      Buffer.of(0x30, 0x82, 0xff, 0xff),
    ]) {
      test(`bytes that are no session are not used (${Buffer.from(bytes).toString("hex", 0, 8)}…)`, async () => {
        using pair = await resume(bytes);
        assert.deepEqual([pair.client.isSessionReused(), pair.client.authorized], [false, true]);
      });
    }

    /** The sessions of one verified connection. */
    async function gain(version: TlsVersion, options: PairOptions = {}): Promise<Uint8Array[]> {
      const sessions: Uint8Array[] = [];
      using pair = await secure(pairing, certificates, memory, {
        connect: { ...options.connect, maxVersion: version, onSession: (session) => sessions.push(session) },
        accept: { ticketKeys },
      });
      // Tickets of TLS 1.3 come after the handshake, and before what the server says next.
      pair.server.end("done");
      assert.equal(await text(pair.client), "done");
      assert.notEqual(sessions.length, 0);
      return sessions;
    }

    function resume(session: Uint8Array | undefined, options: PairOptions = {}): ReturnType<typeof secure> {
      return secure(pairing, certificates, memory, {
        connect: { session, ...options.connect },
        accept: { ticketKeys, ...options.accept },
      });
    }
  });
}
