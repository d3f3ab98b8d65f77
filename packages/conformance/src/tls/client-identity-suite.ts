import assert from "node:assert/strict";
import { once } from "node:events";
import { before, describe, test } from "node:test";
import { TLSSocket } from "node:tls";
import { mintAuthority, mintCertificate, type MintedIdentity } from "@fairlead/testserver/authority";
import type { TlsBackend, TlsSocket, TlsVersion } from "@fairlead/tls";
import { memoryPair } from "@fairlead/transport";

/** Tests what a client shows to a server that asks for its certificate; the server is node:tls itself. */
export function clientIdentityConformance(name: string, backend: TlsBackend): void {
  describe(`${name}: a client's identity`, () => {
    let ca: string;
    let server: MintedIdentity;
    let identity: MintedIdentity;
    before(async () => {
      const issuer = await mintAuthority();
      ca = issuer.certificate;
      server = await mintCertificate({ issuer, names: ["good.test"] });
      identity = await mintCertificate({ issuer, names: ["client.test"], usage: "client" });
    });

    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      test(`is shown to a server that asks (${maxVersion})`, async () => {
        const { accepted, socket } = await connect(maxVersion, identity);
        assert.equal(accepted.getPeerCertificate().subject.CN, "client.test");
        socket.destroy();
        accepted.destroy();
      });

      test(`is not shown when there is none (${maxVersion})`, async () => {
        const { accepted, socket } = await connect(maxVersion, undefined);
        assert.deepEqual(accepted.getPeerCertificate(), {});
        socket.destroy();
        accepted.destroy();
      });
    }

    async function connect(
      maxVersion: TlsVersion,
      shown: MintedIdentity | undefined,
    ): Promise<{ readonly accepted: TLSSocket; readonly socket: TlsSocket }> {
      const [near, far] = memoryPair({ allowHalfOpen: true });
      const accepted = new TLSSocket(far, {
        isServer: true,
        cert: server.certificate,
        key: server.privateKey,
        ca,
        requestCert: true,
        rejectUnauthorized: false,
      });
      const [socket] = await Promise.all([
        backend.connect(near, {
          host: "good.test",
          maxVersion,
          trust: { type: "anchors", certificates: [ca] },
          identity: shown,
        }),
        once(accepted, "secure"),
      ]);
      return { accepted, socket };
    }
  });
}
