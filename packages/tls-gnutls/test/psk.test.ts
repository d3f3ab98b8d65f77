import assert from "node:assert/strict";
import { once } from "node:events";
import { before, describe, test } from "node:test";
import { mintCertificates, outcomes, secure, type Certificates, type TlsPairing } from "@fairlead/conformance/tls";
import { TlsError } from "@fairlead/core";
import { nodeTls } from "@fairlead/tls/node";
import { engineBackend } from "@fairlead/tls/engine";
import { memoryPair } from "@fairlead/transport";
import { gnuTlsLibrary } from "../src/gnutls-library.ts";

const library = gnuTlsLibrary("libgnutls.so.30");
const gnutls = engineBackend(library);
const memory = async (): Promise<ReturnType<typeof memoryPair>> => memoryPair({ allowHalfOpen: true });
const key = Buffer.alloc(32, "a key that both know");
const psk = { identity: "dëvice 7", key };

const pairings: readonly (readonly [name: string, pairing: TlsPairing])[] = [
  ["gnutls", { client: gnutls, server: gnutls, reportsTruncation: true }],
  ["gnutls to node", { client: gnutls, server: nodeTls, reportsTruncation: true }],
  ["node to gnutls", { client: nodeTls, server: gnutls, reportsTruncation: false }],
];

for (const [name, pairing] of pairings) {
  describe(`${name}: a key that both sides know`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });

    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const range = { minVersion: version, maxVersion: version };

      for (const beside of pairing.server === nodeTls && version === "TLSv1.2" ? [false] : [false, true]) {
        test(`${version}: is all that they need${beside ? ", beside a certificate" : ""}`, async () => {
          const asked: string[] = [];
          using pair = await secure(pairing, certificates, memory, {
            connect: { ...range, psk, trust: certificates.otherTrust },
            accept: {
              ...range,
              identity: beside ? certificates.good : undefined,
              psk: (identity) => {
                asked.push(identity);
                return identity === psk.identity ? key : undefined;
              },
            },
          });
          assert.ok(asked.length > 0 && asked.every((each) => each === psk.identity));
          assert.deepEqual([pair.client.authorized, pair.client.authorizationError ?? null], [true, null]);
          assert.deepEqual([pair.client.getPeerX509Certificate(), pair.client.getPeerChain()], [undefined, []]);
          pair.client.end("by key");
          assert.equal(String(await once(pair.server, "data")), "by key");
        });
      }

      for (const [title, accept] of [
        ["another key", { psk: () => Buffer.alloc(32, 1) }],
        ["an identity that nobody knows", { psk: () => undefined }],
      ] as const) {
        test(`${version}: lets nobody in by ${title}`, async () => {
          const ends = await outcomes(pairing, certificates, memory, {
            connect: { ...range, psk },
            accept: { ...range, identity: undefined, ...accept },
          });
          for (const end of [ends.client, ends.server]) assert.ok(end instanceof TlsError, String(end));
        });
      }

      // OpenSSL judges the certificate instead.
      const strict = pairing.client === gnutls;
      if (strict)
        test(`${version}: is not replaced by a certificate, however good`, async () => {
          const ends = await outcomes(pairing, certificates, memory, { connect: { ...range, psk }, accept: range });
          assert.ok(ends.client instanceof TlsError, String(ends.client));
        });

      test(`${version}: does not keep others from the certificate`, async () => {
        using pair = await secure(pairing, certificates, memory, {
          connect: range,
          accept: { ...range, psk: () => assert.fail("it was asked") },
        });
        assert.equal(pair.client.authorized, true);
        assert.ok(pair.client.getPeerX509Certificate());
      });
    }
  });
}

test("what the lookup throws refuses the client, and is what the server fails with", async () => {
  const certificates = await mintCertificates();
  const reason = new Error("no database");
  const pairing = { client: gnutls, server: gnutls, reportsTruncation: true };
  const { server } = await outcomes(pairing, certificates, memory, {
    connect: { psk },
    accept: {
      psk: () => {
        throw reason;
      },
    },
  });
  assert.ok(server instanceof TlsError, String(server));
  assert.equal(server.cause, reason);
  assert.equal(library.live.size, 0);
});
