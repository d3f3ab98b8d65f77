import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { TimeoutError, TlsError } from "@fairlead/core";
import { mintCertificates } from "@fairlead/conformance/tls";
import { datagramBackend } from "@fairlead/tls/datagram";
import { EngineFailure } from "@fairlead/tls/engine";
import { memoryDatagramPair } from "@fairlead/transport";
import { DtlsEngine } from "../../src/dtls/dtls-engine.ts";
import { gnuTlsDatagramLibrary } from "../../src/dtls/dtls-library.ts";

const library = gnuTlsDatagramLibrary("libgnutls.so.30");
const backend = datagramBackend(library);
const certificates = await mintCertificates();
const key = Buffer.alloc(16, 1);

/** How a client's handshake ended, with certificates or with a key. */
async function failure(isKeyed: boolean): Promise<unknown> {
  const [near, far] = memoryDatagramPair();
  const cleanUp = new AbortController();
  const client = isKeyed ? { psk: { identity: "me", key } } : { trust: certificates.trust };
  const server = isKeyed ? { psk: () => key } : { identity: certificates.good };
  const accepted = backend.acceptDatagram(far, { signal: cleanUp.signal, ...server }).catch(() => undefined);
  try {
    return await backend.connectDatagram(near, { host: "good.test", timeoutMilliseconds: 200, ...client });
  } catch (error) {
    return error;
  } finally {
    cleanUp.abort();
    await accepted;
  }
}

describe("DTLS engines of GnuTLS", () => {
  test("that are closed fail, and closing twice does nothing", () => {
    const engine = library.client({
      alpnProtocols: [],
      cipherSuites: ["TLS_PSK_WITH_AES_128_CCM_8"],
      mtu: 1_232,
      retransmissionMilliseconds: 1_000,
      host: "good.test",
      serverName: undefined,
      anchors: [],
      identity: undefined,
      psk: { identity: "me", key },
    });
    assert.equal(library.live.size, 1);
    engine.close();
    engine.close();
    assert.equal(library.live.size, 0);
    for (const use of [
      () => engine.feed(Buffer.alloc(1)),
      () => engine.take(),
      () => engine.handshake(),
      () => engine.refuse(42),
      () => engine.retransmissionDue(),
      () => engine.send(Buffer.alloc(1)),
      () => engine.receive(),
      () => engine.end(),
      () => engine.facts(),
      () => engine.peerChain(),
      () => engine.verification(),
      () => engine.exportKeyingMaterial(1, "label", undefined),
    ]) {
      assert.throws(use, EngineFailure);
    }
  });

  for (const [callback, isKeyed] of [
    ["verify", false],
    ["push", false],
    ["pull", false],
    ["hasInput", false],
    ["writeKey", true],
  ] as const) {
    test(`let nobody in when ${callback} throws, which C would take for 0`, async (t) => {
      t.mock.method(DtlsEngine.prototype, callback, () => {
        throw new Error("inside a callback");
      });
      const error = await failure(isKeyed);
      assert.ok(error instanceof TlsError || error instanceof TimeoutError, String(error));
      assert.equal(library.live.size, 0);
    });
  }

  test("refuse a list of cipher suites that GnuTLS would take more than was asked for", async () => {
    const [near] = memoryDatagramPair();
    const cipherSuites = ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"] as const;
    await assert.rejects(backend.connectDatagram(near, { host: "good.test", cipherSuites }), {
      code: "TLS_OPTION_UNSUPPORTED",
      message: /TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 as well/,
    });
    assert.equal(near.closed, true);
  });

  test("refuse ALPN lists that GnuTLS would cut", async () => {
    const [near] = memoryDatagramPair();
    const alpnProtocols = Array.from({ length: 9 }, (_, index) => `protocol-${String(index)}`);
    const connecting = backend.connectDatagram(near, { host: "good.test", alpnProtocols });
    await assert.rejects(connecting, { code: "TLS_OPTION_UNSUPPORTED" });
    assert.equal(library.live.size, 0);
  });
});
