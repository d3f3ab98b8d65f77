import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { datagramEngineSuite } from "@fairlead/conformance/dtls";
import { datagramBackend } from "@fairlead/tls/datagram";
import { memoryDatagramPair } from "@fairlead/transport";
import { DtlsEngine } from "../../src/dtls/dtls-engine.ts";
import { gnuTlsDatagramLibrary } from "../../src/dtls/dtls-library.ts";

const library = gnuTlsDatagramLibrary("libgnutls.so.30");
const backend = datagramBackend(library);

datagramEngineSuite("GnuTLS", {
  library,
  prototype: DtlsEngine.prototype,
  callbacks: [
    ["verify", false],
    ["push", false],
    ["pull", false],
    ["hasInput", false],
    ["writeKey", true],
  ],
});

describe("DTLS engines of GnuTLS alone", () => {
  test("refuse a list of cipher suites that GnuTLS would take more than was asked for", async () => {
    const [near] = memoryDatagramPair();
    const cipherSuites = ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"] as const;
    await assert.rejects(backend.connectDatagram(near, { host: "good.test", cipherSuites }), {
      code: "TLS_OPTION_UNSUPPORTED",
      message: /TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 as well/,
    });
    assert.equal(near.closed, true);
  });

  test("carry bytes over a path whose datagrams are larger than a record", async () => {
    const [near, far] = memoryDatagramPair({ mtu: 65_507 });
    const psk = { identity: "device", key: Buffer.alloc(16, 1) };
    const [client, server] = await Promise.all([
      backend.connectDatagram(near, { host: "good.test", psk }),
      backend.acceptDatagram(far, { psk: () => psk.key }),
    ]);
    server.on("message", (bytes) => {
      server.send(bytes);
    });
    client.send(Buffer.from("hello"));
    const [echoed] = (await once(client, "message")) as [Buffer];
    assert.equal(echoed.toString(), "hello");
    client.close();
    server.close();
  });

  test("refuse ALPN lists that GnuTLS would cut", async () => {
    const [near] = memoryDatagramPair();
    const alpnProtocols = Array.from({ length: 9 }, (_, index) => `protocol-${String(index)}`);
    const connecting = backend.connectDatagram(near, { host: "good.test", alpnProtocols });
    await assert.rejects(connecting, { code: "TLS_OPTION_UNSUPPORTED" });
    assert.equal(library.live.size, 0);
  });
});
