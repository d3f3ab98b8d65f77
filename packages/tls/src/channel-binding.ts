import { createHash, type X509Certificate } from "node:crypto";
import { TlsError } from "@fairlead/core";
import { parseCertificate } from "./certificates/path/verify-path.ts";
import { endPointHash } from "./certificates/path/protocol/algorithms.ts";
import type { TlsSocket } from "./contract.ts";

/** Names of channel bindings, as SCRAM and GSS-API know them. */
export type ChannelBindingType =
  /** Of this connection and no other. RFC 9266. */
  | "tls-exporter"
  /** Of every connection to a server with this certificate. RFC 5929 section 4. */
  | "tls-server-end-point";

/**
 * Computes what ties an authentication above TLS to the connection below: both sides get the same bytes, and whoever
 * stands between them gets others.
 *
 * @param certificate A server's own, for `tls-server-end-point` on its side; a client finds the server's in the socket.
 *
 * @throws TlsError CHANNEL_BINDING_UNAVAILABLE where the bytes would not tie anything: the exporter of TLS 1.2 without
 * extended master secret, also where the backend does not tell (RFC 9266 section 4.2), and a certificate that is missing
 * or whose signature has no hash of its own.
 *
 * @example
 * const binding = channelBinding(socket, "tls-exporter"); // for SCRAM-SHA-256-PLUS: "p=tls-exporter"
 */
export function channelBinding(socket: TlsSocket, type: ChannelBindingType, certificate?: X509Certificate): Buffer {
  switch (type) {
    case "tls-exporter":
      if (socket.getProtocol() !== "TLSv1.3" && socket.extendedMasterSecret !== true) {
        throw unavailable(type, "TLS 1.2 without extended master secret", "use TLS 1.3");
      }
      return socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0));
    case "tls-server-end-point": {
      const leaf = certificate ?? socket.getPeerX509Certificate();
      const parsed = leaf && parseCertificate(leaf.raw);
      const hash = parsed && endPointHash(parsed.signatureAlgorithm);
      if (leaf === undefined || hash === undefined) {
        throw unavailable(type, leaf ? "the signature has no hash of its own" : "no certificate", "use tls-exporter");
      }
      return createHash(hash).update(leaf.raw).digest();
    }
  }
}

function unavailable(type: ChannelBindingType, why: string, remedy: string): TlsError {
  return new TlsError("CHANNEL_BINDING_UNAVAILABLE", { operation: "bind", detail: `${type}: ${why}`, remedy });
}
