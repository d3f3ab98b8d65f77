import assert from "node:assert/strict";
import type { TlsBackend } from "@fairlead/tls";
import { interposedPair, wholeOf } from "../stream/index.ts";
import { mintCertificates } from "./certificates.ts";
import { secure } from "./pairing.ts";

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
  const ticketKeys = new Uint8Array(48).fill(7);
  const sent = Buffer.alloc(200_000, "all of it");
  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    let session: Uint8Array | undefined;
    for (const resumed of [false, true]) {
      using pair = await secure({ client: backend, server: backend, reportsTruncation: true }, certificates, pieces, {
        connect: {
          session,
          minVersion: version,
          maxVersion: version,
          alpnProtocols: ["a", "b"],
          identity: certificates.good,
          onSession: (bytes) => (session = bytes),
        },
        accept: { alpnProtocols: ["b"], ticketKeys },
      });
      assert.deepEqual([pair.client.isSessionReused(), pair.client.alpnProtocol], [resumed, "b"]);
      const context = Buffer.from("context");
      const [mine, theirs] = [pair.client, pair.server].map((end) =>
        end.exportKeyingMaterial(32, "EXPORTER-x", context),
      );
      assert.ok(mine && theirs && mine.equals(theirs));
      const received = Promise.all([wholeOf(pair.server), wholeOf(pair.client)]);
      pair.client.end(sent);
      pair.server.end(sent);
      for (const bytes of await received) assert.ok(bytes.equals(sent));
    }
  }
}
