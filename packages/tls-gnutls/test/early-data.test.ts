import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { earlyDataSuite, mintCertificates, secure, transports } from "@fairlead/conformance/tls";
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
  const pairing = { client: openssl, server: gnutls, reportsTruncation: true };
  for (const refusing of [{ groups: ["secp384r1"] }, { psk: () => undefined }] as const) {
    const accept = { ticketKeys: new Uint8Array(48).fill(5), earlyData: { maxBytes: 1_000 }, ...refusing };
    const sessions: Uint8Array[] = [];
    for (const round of ["gained", "resumed"]) {
      using pair = await secure(pairing, certificates, memory, {
        connect: { earlyData: true, session: sessions[0], onSession: (session) => sessions.push(session) },
        accept,
      });
      assert.deepEqual([pair.client.earlyData, pair.client.isSessionReused()], ["none", round === "resumed"]);
      pair.client.end("question");
      assert.equal(await text(pair.server), "question");
      pair.server.end("answer");
      assert.equal(await text(pair.client), "answer");
    }
  }
});
