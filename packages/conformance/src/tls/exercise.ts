import assert from "node:assert/strict";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import type { TlsBackend, TlsTrust } from "@fairlead/tls";
import { interposedPair, wholeOf } from "../stream/index.ts";
import { mintCertificates } from "./certificates.ts";
import { secure, type PairOptions, type TlsPairing } from "./pairing.ts";

/** Does a bit of everything with a backend once, for programs that make it hard. */
export async function exercise(backend: TlsBackend): Promise<void> {
  const certificates = await mintCertificates();
  // Handshakes come in pieces that end inside records, data in one piece that waits for its reader.
  const pieces = async (): Promise<ReturnType<typeof interposedPair>> =>
    interposedPair(async function* (bytes) {
      for await (const chunk of bytes) {
        const size = chunk.length < 10_000 ? 501 : chunk.length;
        for (let start = 0; start < chunk.length; start += size) {
          yield Uint8Array.prototype.slice.call(chunk, start, start + size);
        }
      }
    });
  const pairing: TlsPairing = { client: backend, server: backend, reportsTruncation: true };
  const ticketKeys = new Uint8Array(48).fill(7);
  const context = Buffer.from("context");
  const key = (): Buffer => Buffer.alloc(32, 7);
  const authority = await mintAuthority({ commonName: "Clients" });
  const identity = await mintCertificate({ issuer: authority, names: ["client.test"], usage: "client" });
  const trust: TlsTrust = { type: "anchors", certificates: [authority.certificate] };
  const stapled = { ...certificates.good, ocspResponse: Buffer.of(0x30, 0x03, 0x0a, 0x01, 0x06) };

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    const range = { minVersion: version, maxVersion: version };
    let session: Uint8Array | undefined;
    const lines: string[] = [];
    const onKeyLog = (line: string): unknown => lines.push(line);
    const uses: readonly PairOptions[] = [
      { connect: { alpnProtocols: ["a", "b"], identity }, accept: { alpnProtocols: ["b"] } },
      { connect: { dangerous: { onKeyLog } }, accept: { dangerous: { onKeyLog } } },
      { connect: { psk: { identity: "sensor", key: key() } }, accept: { identity: undefined, psk: key } },
      { connect: { identity }, accept: { clientCertificates: { trust, required: true } } },
      { connect: {}, accept: { identity: () => stapled } },
    ];
    for (const [index, use] of uses.entries()) {
      // Once more than a read gives.
      const sent = Buffer.alloc(index === 0 ? 200_000 : 1_000, "all of it");
      // The first of them once more, with its session.
      for (const again of index === 0 ? [false, true] : [false]) {
        using pair = await secure(pairing, certificates, pieces, {
          connect: {
            ...range,
            session: again ? session : undefined,
            onSession: (bytes) => (session = bytes),
            ...use.connect,
          },
          accept: { ticketKeys, ...use.accept },
        });
        const [mine, theirs] = [pair.client, pair.server].map((end) =>
          end.exportKeyingMaterial(32, "EXPORTER-x", context),
        );
        assert.ok(mine && theirs && mine.equals(theirs));
        const received = Promise.all([wholeOf(pair.server), wholeOf(pair.client)]);
        pair.client.end(sent);
        pair.server.end(sent);
        for (const bytes of await received) assert.ok(bytes.equals(sent));
      }
      session = undefined;
    }
    assert.notEqual(lines.length, 0);
  }
}
