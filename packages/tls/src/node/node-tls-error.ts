import { FairleadError, TlsError, type ErrorFacts } from "@fairlead/core";
import { alertError } from "../alert-error.ts";

/** What is known where an error surfaces. */
export interface ErrorPlace {
  readonly peer: string | undefined;
  readonly side: "client" | "server";
  /** After the handshake only what OpenSSL reports becomes a `TlsError`; the stream's own errors stay as they are. */
  readonly phase: "handshake" | "established";
  /** Whether this side had a client certificate to send. */
  readonly sentCertificate: boolean;
  /** Whether the peer had shown its certificate when the handshake failed. */
  readonly peerShown: boolean;
}

/**
 * Names an error of `node:tls` or of the stream below it. One that Fairlead already named is returned as it is.
 *
 * @internal
 */
export function nodeTlsErrorFrom(cause: Error, place: ErrorPlace): Error {
  if (cause instanceof FairleadError) return cause;
  const facts: ErrorFacts = { peer: place.peer, operation: place.phase === "handshake" ? "secure" : "read", cause };
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  const alert = receivedAlert(cause);
  if (alert !== undefined) return alertError(alert, place, facts);
  if (code.startsWith("ERR_SSL_")) return sslError(code, place, facts);
  // node:tls counts how often a client asks for what is refused.
  if (code === "ERR_TLS_SESSION_ATTACK")
    return new TlsError("TLS_RECORD_INVALID", { ...facts, detail: "renegotiation" });
  if (place.phase === "established") return cause;
  return new TlsError("TLS_CLOSED_IN_HANDSHAKE", { ...facts, detail: code || undefined });
}

/** The number of the alert that the peer sent, which OpenSSL appends to its message. */
function receivedAlert(error: Error): number | undefined {
  const number = /SSL alert number (\d{1,3})/.exec(error.message)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** What OpenSSL itself objected to. */
function sslError(code: string, { side, phase }: ErrorPlace, facts: ErrorFacts): TlsError {
  const detail = code.slice("ERR_SSL_".length).toLowerCase().replaceAll("_", " ");
  if (phase === "handshake" && notTls.has(code)) return new TlsError("TLS_NOT_SPOKEN", { ...facts, detail });
  if (versionCodes.has(code)) return new TlsError("TLS_VERSION_UNSUPPORTED", { ...facts, detail });
  if (side === "server" && code === "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE") {
    return new TlsError("CLIENT_CERTIFICATE_REQUIRED", {
      ...facts,
      detail,
      remedy: "have the client send its certificate",
    });
  }
  return phase === "handshake"
    ? new TlsError("TLS_HANDSHAKE_FAILED", { ...facts, detail })
    : new TlsError("TLS_RECORD_INVALID", { ...facts, detail });
}

/** The first bytes are no TLS record: another protocol, or plain HTTP. */
const notTls: ReadonlySet<string> = new Set([
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_HTTP_REQUEST",
  "ERR_SSL_HTTPS_PROXY_REQUEST",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
  "ERR_SSL_RECORD_LENGTH_MISMATCH",
]);

const versionCodes: ReadonlySet<string> = new Set([
  "ERR_SSL_UNSUPPORTED_PROTOCOL",
  "ERR_SSL_NO_PROTOCOLS_AVAILABLE",
  "ERR_SSL_VERSION_TOO_LOW",
  "ERR_SSL_UNSUPPORTED_SSL_VERSION",
  "ERR_SSL_INAPPROPRIATE_FALLBACK",
]);
