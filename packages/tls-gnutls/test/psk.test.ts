import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { mintCertificates, outcomes, pskSuite } from "@fairlead/conformance/tls";
import { TlsError } from "@fairlead/core";
import { engineBackend } from "@fairlead/tls/engine";
import { nodeTls } from "@fairlead/tls/node";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { memoryPair } from "@fairlead/transport";
import { gnuTlsLibrary } from "../src/gnutls-library.ts";

const library = gnuTlsLibrary("libgnutls.so.30");
const gnutls = engineBackend(library);
const openssl = loadOpensslTls();
const memory = async (): Promise<ReturnType<typeof memoryPair>> => memoryPair({ allowHalfOpen: true });

pskSuite("gnutls", { client: gnutls, server: gnutls, reportsTruncation: true }, { fallsBack: false }, memory);
pskSuite("gnutls to node", { client: gnutls, server: nodeTls, reportsTruncation: true }, { fallsBack: false }, memory);
pskSuite("node to gnutls", { client: nodeTls, server: gnutls, reportsTruncation: false }, { fallsBack: false }, memory);
pskSuite(
  "gnutls to openssl",
  { client: gnutls, server: openssl, reportsTruncation: true },
  { fallsBack: false },
  memory,
);
pskSuite(
  "openssl to gnutls",
  { client: openssl, server: gnutls, reportsTruncation: true },
  { fallsBack: false },
  memory,
);

describe("gnutls: shared keys, more strictly than all do", () => {
  const key = Buffer.alloc(32, "a key that both know");
  const psk = { identity: "device 7", key };

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    // OpenSSL judges the certificate instead.
    test(`${version}: a client's is not replaced by a certificate, however good`, async () => {
      const range = { minVersion: version, maxVersion: version };
      for (const server of [gnutls, nodeTls, openssl]) {
        const pairing = { client: gnutls, server, reportsTruncation: true };
        const ends = await outcomes(pairing, await mintCertificates(), memory, {
          connect: { ...range, psk },
          accept: range,
        });
        assert.ok(ends.client instanceof TlsError, String(ends.client));
      }
    });
  }

  test("what the lookup throws refuses the client, and is what the server fails with", async () => {
    const reason = new Error("no database");
    const pairing = { client: gnutls, server: gnutls, reportsTruncation: true };
    const { server } = await outcomes(pairing, await mintCertificates(), memory, {
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
});
