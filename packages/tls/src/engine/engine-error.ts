import { FairleadError, TlsError, type ErrorFacts } from "@fairlead/core";
import { alertError, type AlertPlace } from "../alert-error.ts";
import { verificationError } from "../certificates/verification-error.ts";
import { EngineFailure } from "./engine.ts";

/** What is known where an error surfaces. */
export interface EngineErrorPlace extends AlertPlace {
  readonly peer: string | undefined;
  readonly phase: "handshake" | "established";
}

/**
 * Names what an engine failed with. Anything else that is thrown out of one is a fault of ours, and fails the connection
 * just the same.
 */
export function engineErrorFrom(cause: unknown, place: EngineErrorPlace): Error {
  if (cause instanceof FairleadError) return cause;
  const inHandshake = place.phase === "handshake";
  const facts: ErrorFacts = { peer: place.peer, operation: inHandshake ? "secure" : "read", cause };
  const general = inHandshake ? "TLS_HANDSHAKE_FAILED" : "TLS_RECORD_INVALID";
  if (!(cause instanceof EngineFailure)) return new TlsError(general, facts);
  const { fault } = cause;
  switch (fault.type) {
    case "alert-received":
      return alertError(fault.description, place, facts);
    case "certificate":
      return (
        verificationError(fault.code, undefined, facts) ??
        new TlsError("CERTIFICATE_INVALID", { ...facts, detail: fault.code })
      );
    case "certificate-missing":
      return new TlsError("CLIENT_CERTIFICATE_REQUIRED", { ...facts, remedy: "have the client send its certificate" });
    case "version":
      return new TlsError("TLS_VERSION_UNSUPPORTED", { ...facts, detail: fault.detail });
    case "client-certificate-requested":
      return new TlsError("CLIENT_CERTIFICATE_REQUIRED", {
        ...facts,
        detail: "this library cannot wait for one inside the handshake",
        remedy: "connect again with an identity, or with null to go on without",
        clientCertificateRequest: fault.request,
      });
    case "truncated":
      return new TlsError(inHandshake ? "TLS_CLOSED_IN_HANDSHAKE" : "TLS_TRUNCATED", facts);
    case "library":
      return new TlsError(general, { ...facts, detail: fault.detail });
  }
}
