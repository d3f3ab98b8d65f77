import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { engineConformance, mintCertificates, refuse, type Certificates } from "@fairlead/conformance/tls";
import { TlsError } from "@fairlead/core";
import { engineBackend } from "@fairlead/tls/engine";
import { memoryPair } from "@fairlead/transport";
import { loadGnutlsTls } from "../src/index.ts";
import { gnuTlsLibrary } from "../src/gnutls-library.ts";
import { GnuTlsSession } from "../src/gnutls-session.ts";
import { QueueTransport } from "../src/queue-transport.ts";

const library = gnuTlsLibrary("libgnutls.so.30");
const backend = engineBackend(library);
const pairing = { client: backend, server: backend, reportsTruncation: true };
const memory = async (): Promise<ReturnType<typeof memoryPair>> => memoryPair({ allowHalfOpen: true });

engineConformance("GnuTLS", library);

describe("engines of GnuTLS alone", () => {
  let certificates: Certificates;
  before(async () => {
    certificates = await mintCertificates();
  });

  test("refuse the peer when the verification throws, which C would take for accepted", async (t) => {
    t.mock.method(GnuTlsSession.prototype, "verify", () => {
      throw new Error("inside a callback");
    });
    const { client } = await refuse(pairing, certificates, memory);
    assert.ok(client instanceof TlsError, String(client));
    assert.match(String(client.cause), /inside a callback/);
    assert.equal(library.live.size, 0);
  });

  test("refuse the peer when nobody verified it", async (t) => {
    // As if the callback had been lost: accepted, but without a verdict.
    t.mock.method(GnuTlsSession.prototype, "verify", () => 0);
    const { client } = await refuse(pairing, certificates, memory);
    assert.ok(client instanceof TlsError, String(client));
    assert.equal(client.code, "CERTIFICATE_INVALID");
  });

  for (const callback of ["push", "pull"] as const) {
    test(`end the connection when ${callback} throws, and it is no end of the stream`, async (t) => {
      t.mock.method(QueueTransport.prototype, callback, () => {
        throw new Error("inside a callback");
      });
      const { client } = await refuse(pairing, certificates, memory);
      assert.ok(client instanceof TlsError, String(client));
      assert.equal(client.code, "TLS_HANDSHAKE_FAILED");
      assert.match(String(client.cause), /inside a callback/);
    });
  }

  test("refuse ALPN lists that GnuTLS would cut, by an error that names what can", async () => {
    const alpnProtocols = Array.from({ length: 9 }, (_, index) => `protocol-${String(index)}`);
    const [near, far] = await memory();
    await assert.rejects(backend.connect(near, { host: "good.test", alpnProtocols }), {
      name: "TlsError",
      code: "TLS_OPTION_UNSUPPORTED",
    });
    assert.equal(near.destroyed, true);
    assert.equal(library.live.size, 0);
    far.destroy();
  });

  test("are of the library that is loaded", () => {
    const tls = loadGnutlsTls();
    assert.equal(tls, loadGnutlsTls());
    assert.equal(tls.library.name, "GnuTLS");
    assert.match(tls.library.version, /^3\.\d+\.\d+/);
  });
});
