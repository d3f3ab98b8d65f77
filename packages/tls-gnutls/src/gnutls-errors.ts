import type { EngineFault } from "@fairlead/tls/engine";
import { readString, type GnuTls } from "./library.ts";

/** The error codes that mean something to the engine. GnuTLS, includes/gnutls/gnutls.h. */
export const errors = {
  unsupportedVersion: -8,
  unexpectedPacketLength: -9,
  fatalAlert: -12,
  warningAlert: -16,
  again: -28,
  rehandshake: -37,
  gotApplicationData: -38,
  certificate: -43,
  interrupted: -52,
  requestedDataNotAvailable: -56,
  keyMismatch: -60,
  noCipherSuites: -87,
  prematureTermination: -110,
} as const;

/** Names an error code that a session failed with; `verdict` is what its verification found. */
export function faultFrom(gnutls: GnuTls, session: number, code: number, verdict: string | undefined): EngineFault {
  switch (code) {
    case errors.fatalAlert:
      return { type: "alert-received", description: gnutls.gnutls_alert_get(session) };
    case errors.certificate:
      return { type: "certificate", code: verdict ?? "UNSPECIFIED" };
    case errors.prematureTermination:
      return { type: "truncated" };
    case errors.unsupportedVersion:
      return { type: "version", detail: describe(gnutls, code) };
    default:
      return { type: "library", detail: describe(gnutls, code) };
  }
}

/** `GNUTLS_E_NO_CIPHER_SUITES` as `no cipher suites`. */
export function describe(gnutls: GnuTls, code: number): string {
  const name = readString(gnutls.gnutls_strerror_name(code));
  return name === "" ? `error ${String(code)}` : name.replace("GNUTLS_E_", "").toLowerCase().replaceAll("_", " ");
}
