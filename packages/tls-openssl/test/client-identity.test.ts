import assert from "node:assert/strict";
import { once } from "node:events";
import { before, describe, test } from "node:test";
import { TLSSocket } from "node:tls";
import { mintAuthority, mintCertificate, type MintedIdentity } from "@fairlead/testserver/authority";
import { memoryPair } from "@fairlead/transport";
import { loadOpensslTls } from "../src/index.ts";

describe("a client's identity", () => {
  let ca: string;
  let server: MintedIdentity;
  let identity: MintedIdentity;
  before(async () => {
    const issuer = await mintAuthority();
    ca = issuer.certificate;
    server = await mintCertificate({ issuer, names: ["good.test"] });
    identity = await mintCertificate({ issuer, names: ["a client"], usage: "client" });
  });

  for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
    test(`is shown to a server that asks (${maxVersion})`, async () => {
      const { accepted, socket } = await connect(maxVersion, identity);
      assert.equal(accepted.getPeerCertificate().subject.CN, "a client");
      socket.destroy();
      accepted.destroy();
    });
  }

  test("is not shown when there is none", async () => {
    const { accepted, socket } = await connect("TLSv1.3", undefined);
    assert.deepEqual(accepted.getPeerCertificate(), {});
    socket.destroy();
    accepted.destroy();
  });

  async function connect(
    maxVersion: "TLSv1.2" | "TLSv1.3",
    shown: MintedIdentity | undefined,
  ): Promise<{ readonly accepted: TLSSocket; readonly socket: Awaited<ReturnType<typeof tls.connect>> }> {
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
      tls.connect(near, {
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

const tls = loadOpensslTls();
