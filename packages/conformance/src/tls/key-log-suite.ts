import assert from "node:assert/strict";
import { once } from "node:events";
import { before, describe, test } from "node:test";
import { mintCertificates, type Certificates } from "./certificates.ts";
import { secure, type TlsPairing } from "./pairing.ts";
import type { OpenTransport } from "./transports.ts";

/** The secrets of a connection, for those who ask for them and for nobody else. */
export function keyLogSuite(name: string, pairing: TlsPairing, open: OpenTransport): void {
  describe(`${name}: key log`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });

    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const range = { minVersion: version, maxVersion: version };

      test(`${version}: both sides log the same lines`, async () => {
        const [client, server]: [string[], string[]] = [[], []];
        using pair = await secure(pairing, certificates, open, {
          connect: { ...range, dangerous: { onKeyLog: (line) => client.push(line) } },
          accept: { ...range, dangerous: { onKeyLog: (line) => server.push(line) } },
        });
        pair.server.write("x");
        await once(pair.client, "data");
        pair.client.write("x");
        await once(pair.server, "data");
        const labels =
          version === "TLSv1.2"
            ? ["CLIENT_RANDOM"]
            : [
                "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
                "CLIENT_TRAFFIC_SECRET_0",
                "EXPORTER_SECRET",
                "SERVER_HANDSHAKE_TRAFFIC_SECRET",
                "SERVER_TRAFFIC_SECRET_0",
              ];
        assert.deepEqual(client.map((line) => line.split(" ")[0]).sort(), labels);
        assert.deepEqual([...client].sort(), [...server].sort());
        for (const line of client) assert.match(line, /^[A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]{64,96}$/);
      });

      test(`${version}: a connection that did not ask hears nothing of one that did`, async () => {
        const lines: string[] = [];
        using asked = await secure(pairing, certificates, open, {
          connect: { ...range, dangerous: { onKeyLog: (line) => lines.push(line) } },
        });
        const before = lines.length;
        using other = await secure(pairing, certificates, open, { connect: range });
        other.server.write("x");
        await once(other.client, "data");
        assert.equal(asked.client.destroyed, false);
        assert.equal(lines.length, before);
      });
    }
  });
}
