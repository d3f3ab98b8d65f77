import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { earlyDataSuite, mintCertificates, transports } from "@fairlead/conformance/tls";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { memoryPair } from "@fairlead/transport";
import { loadGnutlsTls } from "../src/index.ts";

const gnutls = loadGnutlsTls();
const openssl = loadOpensslTls();
const memory = async (): Promise<ReturnType<typeof memoryPair>> => memoryPair({ allowHalfOpen: true });

for (const name of ["tcp", "a memory pair", "a stream that coalesces"]) {
  const open = transports.get(name) ?? memory;
  earlyDataSuite(`gnutls over ${name}`, { client: gnutls, server: gnutls, reportsTruncation: true }, open);
}
earlyDataSuite("gnutls to openssl", { client: gnutls, server: openssl, reportsTruncation: true }, memory);
earlyDataSuite("openssl to gnutls", { client: openssl, server: gnutls, reportsTruncation: true }, memory);

test("none is taken where clients would have to begin again, which GnuTLS would fail at, or beside shared keys", async () => {
  const certificates = await mintCertificates();
  for (const refusing of [{ groups: ["secp384r1"] }, { psk: () => undefined }] as const) {
    const accept = { ticketKeys: new Uint8Array(48).fill(5), earlyData: { maxBytes: 1_000 }, ...refusing };
    const sessions: Uint8Array[] = [];
    for (const round of ["gained", "resumed"]) {
      const [near, far] = await memory();
      const connecting = openssl.connect(near, {
        ...{ host: "good.test", trust: certificates.trust, earlyData: true, session: sessions[0] },
        onSession: (session) => sessions.push(session),
      });
      // What is written at once would go early.
      const asking = connecting.then((client) => client.end("question"));
      const server = await gnutls.accept(far, { identity: certificates.good, ...accept });
      const client = await asking;
      assert.equal(await text(server), "question");
      server.end("answer");
      assert.equal(await text(client), "answer");
      assert.deepEqual(
        [client.earlyData, client.isSessionReused(), server.earlyBytes],
        ["none", round === "resumed", 0],
      );
    }
  }
});
