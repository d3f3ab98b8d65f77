import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { TlsEngineLibrary } from "@fairlead/tls/engine";
import { mintCertificates, type Certificates } from "./certificates.ts";
import { clientOptions, serverOptions } from "./engine-pair.ts";
import { secure, type TlsPairing } from "./pairing.ts";
import type { OpenTransport } from "./transports.ts";

/** OCSP responses that a server staples. RFC 6066 section 8. */
export function staplingSuite(name: string, pairing: TlsPairing, open: OpenTransport): void {
  describe(`${name}: stapling`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });

    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      for (const staple of [ocspResponse, undefined]) {
        test(`${version}: ${staple ? "a response reaches" : "none is none at"} the client's socket`, async () => {
          const range = { minVersion: version, maxVersion: version };
          using pair = await secure(pairing, certificates, open, {
            connect: { ...range, dangerous: { acceptAnyCertificate: true } },
            accept: { ...range, identity: { ...certificates.good, ocspResponse: staple } },
          });
          const { stapledOcspResponse } = pair.client;
          assert.deepEqual(stapledOcspResponse && Buffer.from(stapledOcspResponse), staple);
          assert.equal(pair.server.stapledOcspResponse, undefined);
        });
      }
    }
  });
}

/** When an engine knows the response. */
export function engineStaplingSuite(name: string, library: TlsEngineLibrary): void {
  describe(`${name}: stapling in the handshake`, () => {
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
    }
  });
}

/** Libraries carry it as it is; whoever judges the peer looks inside. */
const ocspResponse = Buffer.from("30030a0106", "hex");
