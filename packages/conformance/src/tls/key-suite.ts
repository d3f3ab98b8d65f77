import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { text } from "node:stream/consumers";
import { before, describe, test } from "node:test";
import { channelBinding, type TlsSocket } from "@fairlead/tls";
import { mintCertificates, type Certificates } from "./certificates.ts";
import { secure, type TlsPairing } from "./pairing.ts";
import type { OpenTransport } from "./transports.ts";

/** What both libraries can. */
export interface KeyTraits {
  /** Which sides can change keys. */
  readonly updates: readonly ("client" | "server")[];
  /** Which sides tell of the extended master secret of TLS 1.2. */
  readonly tellMasterSecret: readonly ("client" | "server")[];
}

/** Keys that change while data flows, and keys for protocols above. */
export function keySuite(
  name: string,
  pairing: TlsPairing,
  { updates, tellMasterSecret }: KeyTraits,
  open: OpenTransport,
): void {
  describe(`${name}: keys`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });

    for (const side of updates) {
      test(`TLS 1.3: the ${side} changes them while both write`, async () => {
        using pair = await secure(pairing, certificates, open);
        const sent = Buffer.alloc(2_000_000, "in flight ");
        const received = { client: everything(pair.client), server: everything(pair.server) };
        for (const writer of [pair.client, pair.server]) {
          for (let at = 0; at < sent.length; at += 100_000) writer.write(sent.subarray(at, at + 100_000));
        }
        for (let times = 0; times < 5; times += 1) {
          pair[side].updateKeys();
          pair[side].write("|");
        }
        pair.client.end();
        pair.server.end();
        const whole = { client: await received.client, server: await received.server };
        const expected = sent.toString();
        for (const reader of ["client", "server"] as const) {
          assert.equal(whole[reader], reader === side ? expected : `${expected}|||||`);
        }
      });

      test(`TLS 1.2: the ${side} cannot change them, and says so`, async () => {
        using pair = await secure(pairing, certificates, open, { connect: { maxVersion: "TLSv1.2" } });
        assert.throws(() => pair[side].updateKeys(), { name: "TlsError", code: "TLS_OPTION_UNSUPPORTED" });
        pair.client.end("still there");
        assert.equal(await text(pair.server), "still there");
      });
    }

    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const connect = { minVersion: version, maxVersion: version };

      test(`${version}: both sides export the same, and each connection something else (RFC 5705)`, async () => {
        using pair = await secure(pairing, certificates, open, { connect });
        using other = await secure(pairing, certificates, open, { connect });
        const exported = (socket: typeof pair.client, context?: Buffer): string =>
          socket.exportKeyingMaterial(48, "EXPORTER-test", context).toString("hex");
        for (const context of [undefined, Buffer.alloc(0), Buffer.from("context")]) {
          assert.equal(exported(pair.client, context), exported(pair.server, context));
          assert.notEqual(exported(pair.client, context), exported(other.client, context));
        }
        assert.notEqual(exported(pair.client), exported(pair.client, Buffer.from("context")));
      });

      test(`${version}: both sides bind to the server's certificate (RFC 5929)`, async () => {
        using pair = await secure(pairing, certificates, open, { connect });
        const own = new X509Certificate(certificates.good.leaf);
        const binding = channelBinding(pair.client, "tls-server-end-point");
        // It is signed with ECDSA and SHA-256.
        assert.deepEqual(binding, createHash("sha256").update(own.raw).digest());
        assert.deepEqual(channelBinding(pair.server, "tls-server-end-point", own), binding);
        assert.throws(() => channelBinding(pair.server, "tls-server-end-point"), {
          code: "CHANNEL_BINDING_UNAVAILABLE",
        });
      });

      test(`${version}: both sides bind to the connection, where nobody else can be in it (RFC 9266)`, async () => {
        using pair = await secure(pairing, certificates, open, { connect });
        using other = await secure(pairing, certificates, open, { connect });
        const bindings: Buffer[] = [];
        for (const side of ["client", "server"] as const) {
          if (version === "TLSv1.2" && !tellMasterSecret.includes(side)) {
            assert.throws(() => channelBinding(pair[side], "tls-exporter"), { code: "CHANNEL_BINDING_UNAVAILABLE" });
            continue;
          }
          const binding = channelBinding(pair[side], "tls-exporter");
          assert.equal(binding.length, 32);
          assert.notDeepEqual(channelBinding(other[side], "tls-exporter"), binding);
          bindings.push(binding);
        }
        for (const binding of bindings) assert.deepEqual(binding, bindings[0]);
      });
    }
  });
}

/** Reads to the end, and leaves the other direction alone. */
function everything(socket: TlsSocket): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const parts: Buffer[] = [];
  socket.on("data", (part: Buffer) => parts.push(part));
  socket.once("end", () => resolve(Buffer.concat(parts).toString()));
  socket.once("error", reject);
  return promise;
}
