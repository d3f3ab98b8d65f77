import assert from "node:assert/strict";
import { once } from "node:events";
import { before, describe, test } from "node:test";
import { TLSSocket } from "node:tls";
import { closing } from "@fairlead/conformance/stream";
import { TlsError } from "@fairlead/core";
import { mintAuthority, mintCertificate, type Authority, type MintedIdentity } from "@fairlead/testserver/authority";
import type { TlsConnectOptions, TlsSocket } from "@fairlead/tls";
import { engineBackend } from "@fairlead/tls/engine";
import { memoryPair } from "@fairlead/transport";
import { gnuTlsLibrary } from "../src/gnutls-library.ts";

const library = gnuTlsLibrary("libgnutls.so.30");
const tls = engineBackend(library);

describe("a server that asks for a client certificate", () => {
  let issuer: Authority;
  let server: MintedIdentity;
  let identity: MintedIdentity;
  before(async () => {
    issuer = await mintAuthority({ commonName: "Clients' Root" });
    server = await mintCertificate({ issuer, names: ["good.test"] });
    identity = await mintCertificate({ issuer, names: ["a client"], usage: "client" });
  });

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    test(`ends the handshake with what it asked for, to be connected to again (${version})`, async () => {
      const { connecting, accepted, closed } = start({ onClientCertificate: never, ...only(version) });
      // It hears that its client has gone, and nothing of a failure.
      const told = once(accepted, "end");
      const error = await rejection(connecting);
      assert.equal(error.code, "CLIENT_CERTIFICATE_REQUIRED");
      const { clientCertificateRequest: request } = error;
      assert.equal(request?.authorities.length, 1);
      assert.match(Buffer.from(request.authorities[0] ?? []).toString("latin1"), /Clients' Root$/);
      assert.deepEqual([...request.keyTypes].sort(), keyTypes[version]);
      await told;
      accepted.destroy();
      await closed;
      assert.equal(library.live.size, 0);

      const again = start({ onClientCertificate: never, identity, ...only(version) });
      const [socket] = await Promise.all([again.connecting, once(again.accepted, "secure")]);
      assert.equal(again.accepted.getPeerCertificate().subject.CN, "a client");
      await close(socket, again.accepted);
    });

    test(`is shown none by null, without a question (${version})`, async () => {
      const { connecting, accepted } = start({ onClientCertificate: never, identity: null, ...only(version) });
      const [socket] = await Promise.all([connecting, once(accepted, "secure")]);
      assert.deepEqual(accepted.getPeerCertificate(), {});
      await close(socket, accepted);
    });

    test(`is not asked about before it is verified itself (${version})`, async () => {
      const { connecting } = start({ onClientCertificate: never, host: "other.test", ...only(version) });
      const error = await rejection(connecting);
      assert.equal(error.code, "CERTIFICATE_HOST_MISMATCH");
      assert.equal(error.clientCertificateRequest, undefined);
    });
  }

  test("is not noticed by a connection that has no question", async () => {
    const { connecting, accepted } = start({});
    const [socket] = await Promise.all([connecting, once(accepted, "secure")]);
    await close(socket, accepted);
  });

  test("and one that does not ask is connected to at once", async () => {
    const { connecting, accepted } = start({ onClientCertificate: never }, false);
    const [socket] = await Promise.all([connecting, once(accepted, "secure")]);
    await close(socket, accepted);
  });

  function start(options: Partial<TlsConnectOptions>, asks = true) {
    const [near, far] = memoryPair({ allowHalfOpen: true });
    const accepted = new TLSSocket(far, {
      isServer: true,
      cert: server.certificate,
      key: server.privateKey,
      ca: issuer.certificate,
      requestCert: asks,
      rejectUnauthorized: false,
    });
    accepted.on("_tlsError", (error: Error) => accepted.destroy(error));
    accepted.on("error", () => undefined);
    const closed = Promise.all([closing(near), closing(far)]);
    const trust = { type: "anchors", certificates: [issuer.certificate] } as const;
    return { connecting: tls.connect(near, { host: "good.test", trust, ...options }), accepted, closed };
  }

  async function close(socket: TlsSocket, accepted: TLSSocket): Promise<void> {
    accepted.destroy();
    socket.destroy();
    await closing(socket);
    assert.equal(library.live.size, 0);
  }
});

/** TLS 1.2 names them by types of certificates, which know no more. RFC 8422 section 5.5 */
const keyTypes = { "TLSv1.2": ["ec", "rsa"], "TLSv1.3": ["ec", "ed25519", "ed448", "rsa"] } as const;

function never(): never {
  assert.fail("it was asked");
}

function only(version: "TLSv1.2" | "TLSv1.3"): Partial<TlsConnectOptions> {
  return { minVersion: version, maxVersion: version };
}

async function rejection(promise: Promise<unknown>): Promise<TlsError> {
  const error: unknown = await promise.then(
    () => assert.fail("it connected"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TlsError, String(error));
  return error;
}
