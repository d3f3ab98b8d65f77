import assert from "node:assert/strict";
import { once } from "node:events";
import { before, describe, test } from "node:test";
import { connect } from "node:tls";
import { engineBackend, type TlsEngineLibrary } from "@fairlead/tls/engine";
import { goodHost, mintCertificates, type Certificates } from "./certificates.ts";
import { clientOptions, serverOptions } from "./engine-pair.ts";
import { secure, type TlsPairing } from "./pairing.ts";
import type { OpenTransport } from "./transports.ts";

/** OCSP responses that a server staples, between engines of one library, and to node:tls. RFC 6066 section 8. */
export function staplingSuite(name: string, library: TlsEngineLibrary, open: OpenTransport): void {
  const backend = engineBackend(library);
  const pairing: TlsPairing = { client: backend, server: backend, reportsTruncation: true };
  // Libraries carry it as it is; whoever judges the peer looks inside.
  const ocspResponse = Buffer.from("30030a0106", "hex");

  describe(`${name}: stapling`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });

    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      for (const staple of [ocspResponse, undefined]) {
        test(`${version}: ${staple ? "a response" : "none"} is there when the peer is judged`, () => {
          const client = library.client(clientOptions(certificates, version));
          const { identity, ...options } = serverOptions(certificates, version);
          const server = library.server({ ...options, identity: identity && { ...identity, ocspResponse: staple } });
          let step = client.handshake();
          for (let flights = 0; step === "need-data" && flights < 9; flights += 1) {
            server.feed(client.take() ?? Buffer.alloc(0));
            server.handshake();
            // Byte by byte: the question must not come before all that it is about.
            for (const byte of server.take() ?? []) {
              if (step !== "need-data") break;
              client.feed(Buffer.of(byte));
              step = client.handshake();
            }
          }
          assert.equal(step, "need-verdict");
          assert.deepEqual(client.stapledResponse() && Buffer.from(client.stapledResponse() ?? []), staple);
          client.close();
          server.close();
        });
      }

      test(`${version}: a response reaches the client's socket`, async () => {
        const range = { minVersion: version, maxVersion: version };
        using pair = await secure(pairing, certificates, open, {
          connect: { ...range, dangerous: { acceptAnyCertificate: true } },
          accept: { ...range, identity: { ...certificates.good, ocspResponse } },
        });
        assert.deepEqual(Buffer.from(pair.client.stapledOcspResponse ?? []), ocspResponse);
        assert.equal(pair.server.stapledOcspResponse, undefined);
      });

      test(`${version}: a response reaches a client of node:tls`, async () => {
        const [near, far] = await open();
        const accepting = backend.accept(far, { identity: { ...certificates.good, ocspResponse } });
        const trust = certificates.trust.type === "anchors" ? [...certificates.trust.certificates] : [];
        const client = connect({
          socket: near,
          servername: goodHost,
          ca: trust,
          requestOCSP: true,
          minVersion: version,
          maxVersion: version,
        });
        const [response] = (await once(client, "OCSPResponse")) as [Buffer | null];
        assert.deepEqual(response, ocspResponse);
        const server = await accepting;
        client.destroy();
        server.destroy();
      });
    }
  });
}
