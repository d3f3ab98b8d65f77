import type { TlsBackend, TlsPsk } from "@fairlead/tls";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { loadOpensslTls } from "@fairlead/tls-openssl";

/** What both sides of a measurement know. */
export const benchKey: TlsPsk = { identity: "bench", key: Buffer.from("sixteen_bytes_of") };

/** The backend of this name. */
export function backendOf(side: string): TlsBackend {
  return side === "gnutls" ? loadGnutlsTls() : loadOpensslTls();
}
