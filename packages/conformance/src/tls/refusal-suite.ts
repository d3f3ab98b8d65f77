import assert from "node:assert/strict";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { before, describe, test } from "node:test";
import { TransportError, UsageError } from "@fairlead/core";
import type { TlsConnectOptions, TlsSocket } from "@fairlead/tls";
import { assertTlsError } from "./assert-tls-error.ts";
import { goodHost, mintCertificates, type Certificates } from "./certificates.ts";
import { refuse, secure, type PairOptions, type TlsPairing } from "./pairing.ts";
import type { OpenTransport } from "./transports.ts";

/** Handshakes that must fail, each by its name, with nothing left open. */
export function refusalSuite(name: string, pairing: TlsPairing, memory: OpenTransport): void {
  describe(`${name}: refusals`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });

    // Titles are needed before anything is minted.
    for (const title of faultyTitles) {
      for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
        test(`a certificate that is ${title} (${version})`, async () => {
          const { code, says, identity } = faultyIdentity(certificates, title);
          const options: PairOptions = {
            connect: { minVersion: version, peer: "good.test:443" },
            accept: { identity, maxVersion: version },
          };
          const { client } = await refuse(pairing, certificates, memory, {
            ...options,
            connect: {
              ...options.connect,
              maxVersion: version,
              onSession: () => assert.fail("a session of a refused peer"),
            },
          });
          assertTlsError(client, code);
          assert.equal(client.peer, "good.test:443");
          assert.match(client.message, says);
        });

        test(`a certificate that is ${title} is let in only by acceptAnyCertificate, and known as such (${version})`, async () => {
          const { code, identity } = faultyIdentity(certificates, title);
          using pair = await secure(pairing, certificates, memory, {
            connect: {
              maxVersion: version,
              dangerous: { acceptAnyCertificate: true },
              onSession: () => assert.fail("a session of an unverified peer"),
            },
            accept: { identity },
          });
          assert.equal(pair.client.authorized, false);
          assertTlsError(pair.client.authorizationError, code);
          pair.server.end("x");
          pair.client.resume();
          await once(pair.client, "end");
        });
      }
    }

    test("a chain that ends in an anchor of somebody else", async () => {
      const { client } = await refuse(pairing, certificates, memory, { connect: { trust: certificates.otherTrust } });
      assertTlsError(client, "CERTIFICATE_ISSUER_UNKNOWN");
    });

    test("any certificate, when no anchor is trusted", async () => {
      const { client } = await refuse(pairing, certificates, memory, {
        connect: { trust: { type: "anchors", certificates: [] } },
      });
      assertTlsError(client, "CERTIFICATE_ISSUER_UNKNOWN");
    });

    for (const host of ["other.test", "deeper.any.wild.test", "wild.test", "127.0.0.2", "::1"]) {
      test(`the good certificate for ${host}`, async () => {
        const { client } = await refuse(pairing, certificates, memory, { connect: { host } });
        assertTlsError(client, "CERTIFICATE_HOST_MISMATCH");
      });
    }

    test("versions that do not meet", async () => {
      for (const [mine, theirs] of [
        ["TLSv1.2", "TLSv1.3"],
        ["TLSv1.3", "TLSv1.2"],
      ] as const) {
        const { client, server } = await refuse(pairing, certificates, memory, {
          connect: { minVersion: mine, maxVersion: mine },
          accept: { minVersion: theirs, maxVersion: theirs },
        });
        assertTlsError(client, "TLS_VERSION_UNSUPPORTED");
        assertTlsError(server, "TLS_VERSION_UNSUPPORTED");
      }
    });

    test("ALPN lists that do not meet, with the alert's name (RFC 7301 section 3.2)", async () => {
      const { client, server } = await refuse(pairing, certificates, memory, {
        connect: { alpnProtocols: ["a"] },
        accept: { alpnProtocols: ["b"] },
      });
      assertTlsError(client, "TLS_ALERT_RECEIVED");
      assert.match(client.message, /no_application_protocol/);
      assertTlsError(server, "TLS_HANDSHAKE_FAILED");
    });

    for (const greeting of ["HTTP/1.1 400 Bad Request\r\n\r\n", "220 mail.test ESMTP\r\n", "\0\0\0\0\0\0\0\0"]) {
      test(`a server that answers ${JSON.stringify(greeting)}`, async () => {
        const [near, far] = await memory();
        far.resume().write(greeting);
        await rejectsTls(connect(near), "TLS_NOT_SPOKEN");
        assert.equal(near.destroyed, true);
        far.destroy();
      });
    }

    test("a client that speaks plain HTTP", async () => {
      const [near, far] = await memory();
      near.resume().write("GET / HTTP/1.1\r\nHost: good.test\r\n\r\n");
      await rejectsTls(pairing.server.accept(far, { identity: certificates.good }), "TLS_NOT_SPOKEN");
      assert.equal(far.destroyed, true);
      near.destroy();
    });

    test("a peer that ends or breaks before it has said anything", async () => {
      for (const leave of ["end", "destroy"] as const) {
        const [near, far] = await memory();
        far.resume()[leave]();
        await rejectsTls(connect(near), "TLS_CLOSED_IN_HANDSHAKE");
        assert.equal(near.destroyed, true);
        far.destroy();
      }
      const [near, far] = await memory();
      near.resume().end();
      await rejectsTls(pairing.server.accept(far, { identity: certificates.good }), "TLS_CLOSED_IN_HANDSHAKE");
      near.destroy();
    });

    test("a stream below that fails in the handshake, with its own error as the cause", async () => {
      const [near, far] = await memory();
      const connecting = connect(near);
      const cause = new Error("below");
      near.destroy(cause);
      await assert.rejects(connecting, (error) => {
        assertTlsError(error, "TLS_CLOSED_IN_HANDSHAKE");
        assert.equal(error.cause, cause);
        return true;
      });
      far.destroy();
    });

    test("a stream below that failed with a named error keeps that error", async () => {
      const named = new TransportError("CONNECTION_RESET", { peer: "proxy.test:3128" });
      const [near, far] = await memory();
      const connecting = connect(near);
      near.destroy(named);
      await assert.rejects(connecting, named);
      const [early] = await memory();
      early.on("error", () => undefined).destroy(named);
      await assert.rejects(connect(early), named);
      far.destroy();
    });

    test("a stream below that is destroyed or ended already", async () => {
      const [destroyed, far] = await memory();
      destroyed.destroy();
      await assert.rejects(connect(destroyed), { name: "TransportError", code: "STREAM_CLOSED" });
      const [ended, other] = await memory();
      ended.end();
      await assert.rejects(connect(ended), { name: "TransportError", code: "STREAM_CLOSED" });
      assert.equal(ended.destroyed, true);
      far.destroy();
      other.destroy();
    });

    const impossible: readonly (readonly [title: string, options: Partial<TlsConnectOptions>])[] = [
      ["an empty host", { host: "" }],
      ["a host with a line break", { host: "good.test\r\n" }],
      ["a host that is not in ASCII", { host: "gööd.test" }],
      ["an anchor that is no certificate", { trust: { type: "anchors", certificates: ["no certificate"] } }],
      ["an identity that is no key", { identity: { certificate: "no certificate", privateKey: "no key" } }],
      ["versions the wrong way round", { minVersion: "TLSv1.3", maxVersion: "TLSv1.2" }],
    ];
    for (const [title, options] of impossible) {
      test(`${title} is a mistake of the caller, and nothing is sent`, async () => {
        const [near, far] = await memory();
        let bytes = 0;
        far.on("data", (chunk: Buffer) => (bytes += chunk.length));
        const ended = once(far, "end");
        await assert.rejects(connect(near, options), UsageError);
        assert.equal(near.destroyed, true);
        await ended;
        assert.equal(bytes, 0);
        far.destroy();
      });
    }

    function connect(below: Duplex, options: Partial<TlsConnectOptions> = {}): Promise<TlsSocket> {
      return pairing.client.connect(below, { host: goodHost, trust: certificates.trust, ...options });
    }
  });
}

const faultyTitles = [
  "expired",
  "not valid yet",
  "for another host",
  "for this host by its common name alone",
  "signed by itself",
  "from an issuer that nobody knows",
  "sent with a root that is not trusted",
  "sent without its intermediate",
  "for clients only",
] as const;

function faultyIdentity(certificates: Certificates, title: string): Certificates["faulty"][number] {
  const found = certificates.faulty.find((entry) => entry.title === title);
  assert.ok(found, title);
  return found;
}

async function rejectsTls(promise: Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(promise, (error) => {
    assertTlsError(error, code);
    return true;
  });
}
