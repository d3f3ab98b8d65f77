import assert from "node:assert/strict";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { before, describe, test } from "node:test";
import { connect as plainConnect } from "node:tls";
import { mintCertificates, secure, type Certificates } from "@fairlead/conformance/tls";
import { memoryPair } from "@fairlead/transport";
import { ticketBinding, trustFingerprint, type TlsTrust, type TlsVersion } from "../../src/index.ts";
import { nodeTls } from "../../src/node/index.ts";

// A resumed session skips the checks of node:tls. What the backend can see in the session's bytes it checks itself; the
// anchors are not in them, so this is what ticketBinding has to keep apart.
for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
  describe(`the trap of resumed sessions in node:tls (${version})`, () => {
    const pairing = { client: nodeTls, server: nodeTls, reportsTruncation: false };
    const memory = async (): Promise<ReturnType<typeof memoryPair>> => memoryPair({ allowHalfOpen: true });
    const ticketKeys = new Uint8Array(48).fill(1);
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });

    test("a session resumes for a client that does not trust its issuer: the binding must differ", async () => {
      const session = await gain(version);
      using pair = await secure(pairing, certificates, memory, {
        connect: { session, trust: certificates.otherTrust, maxVersion: version },
        accept: { ticketKeys },
      });
      assert.deepEqual([pair.client.isSessionReused(), pair.client.authorized], [true, true]);
      assert.notEqual(binding(certificates.trust), binding(certificates.otherTrust));
    });

    test("a session from a connection that verified nothing is not offered", async () => {
      const [near, far] = await memory();
      const accepting = nodeTls.accept(far, { identity: certificates.good, ticketKeys });
      const plain = plainConnect({
        socket: near,
        ca: [],
        rejectUnauthorized: false,
        maxVersion: version,
        servername: "good.test",
      });
      const gained = once(plain, "session") as Promise<[Buffer]>;
      plain.resume();
      const server = await accepting;
      const [session] = await gained;
      plain.destroy();
      server.destroy();
      using pair = await secure(pairing, certificates, memory, {
        connect: { session, maxVersion: version },
        accept: { ticketKeys },
      });
      assert.deepEqual([pair.client.isSessionReused(), pair.client.authorized], [false, true]);
    });

    test("a session is not offered once its certificate has expired", async (t) => {
      const session = await gain(version);
      // OpenSSL has a clock of its own: only what the backend decides is moved.
      t.mock.timers.enable({ apis: ["Date"], now: Date.now() + 60 * 86_400_000 });
      using pair = await secure(pairing, certificates, memory, {
        connect: { session, maxVersion: version },
        accept: { ticketKeys },
      });
      assert.deepEqual([pair.client.isSessionReused(), pair.client.authorized], [false, true]);
    });

    async function gain(maxVersion: TlsVersion): Promise<Uint8Array | undefined> {
      let session: Uint8Array | undefined;
      using pair = await secure(pairing, certificates, memory, {
        connect: { maxVersion, onSession: (bytes) => (session = bytes) },
        accept: { ticketKeys },
      });
      pair.server.end("done");
      await text(pair.client);
      return session;
    }
  });
}

function binding(trust: TlsTrust): string {
  return ticketBinding({
    backend: nodeTls,
    host: "good.test",
    port: 443,
    serverName: "good.test",
    alpnProtocols: [],
    minVersion: "TLSv1.2",
    maxVersion: "TLSv1.3",
    verification: "full",
    trust: trustFingerprint(trust),
    identity: undefined,
  });
}
