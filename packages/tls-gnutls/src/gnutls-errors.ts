import type { EngineFault } from "@fairlead/tls/engine";
import { readString, type GnuTls } from "./library.ts";
import { isTls13 } from "./session-facts.ts";

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
  noCertificateFound: -49,
  keyMismatch: -60,
  noCipherSuites: -87,
  prematureTermination: -110,
  certificateRequired: -112,
  entryExists: -306,
  noCertificateStatus: -340,
} as const;

/** A session that failed, and on which side of the connection it is. */
export interface FailedSession {
  readonly handle: number;
  readonly side: "client" | "server";
}

/** Names an error code that a session failed with; `verdict` is what its verification found. */
export function faultFrom(
  gnutls: GnuTls,
  { handle, side }: FailedSession,
  code: number,
  verdict: string | undefined,
): EngineFault {
  switch (code) {
    case errors.fatalAlert:
      return { type: "alert-received", description: gnutls.gnutls_alert_get(handle) };
    case errors.certificate:
      return { type: "certificate", code: verdict ?? "UNSPECIFIED" };
    case errors.prematureTermination:
      return { type: "truncated" };
    case errors.noCertificateFound:
    case errors.certificateRequired:
      // A server that shows none breaks the protocol; only a client may have none to show.
      return side === "server" ? { type: "certificate-missing" } : { type: "library", detail: describe(gnutls, code) };
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

/** The alert that tells the peer. */
export function alertFor(gnutls: GnuTls, { handle, side }: FailedSession, code: number): number {
  if (code === errors.noCertificateFound || code === errors.certificateRequired) {
    // RFC 8446 section 4.4.2.4; RFC 5246 section 7.4.6
    if (side === "client") return decodeError;
    return isTls13(gnutls, handle) ? certificateRequiredAlert : handshakeFailure;
  }
  return gnutls.gnutls_error_to_alert(code, [0]);
}

const decodeError = 50;
const handshakeFailure = 40;
const certificateRequiredAlert = 116;
