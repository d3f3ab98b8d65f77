import { TlsError, type ErrorFacts } from "@fairlead/core";
import { alertMeaning, alertName } from "./protocol/alerts.ts";

/** Who received an alert. */
export interface AlertPlace {
  readonly side: "client" | "server";
  /** Whether this side had a client certificate to send. */
  readonly sentCertificate: boolean;
  /** Whether the peer had shown its certificate by then, where that is known. */
  readonly peerShown?: boolean | undefined;
}

/** Names the alert that the peer ended the connection with. */
export function alertError(
  alert: number,
  { side, sentCertificate, peerShown = false }: AlertPlace,
  facts: ErrorFacts,
): TlsError {
  const detail = alertName(alert);
  const meaning = alertMeaning(alert, sentCertificate, peerShown);
  if (meaning === "version") return new TlsError("TLS_VERSION_UNSUPPORTED", { ...facts, detail });
  if (side === "client" && meaning === "certificate-required") {
    return new TlsError("CLIENT_CERTIFICATE_REQUIRED", { ...facts, detail });
  }
  if (side === "client" && meaning === "certificate-rejected") {
    return new TlsError("CLIENT_CERTIFICATE_REJECTED", { ...facts, detail });
  }
  return new TlsError("TLS_ALERT_RECEIVED", { ...facts, detail, remedy: alertRemedies.get(detail) });
}

const alertRemedies: ReadonlyMap<string, string> = new Map([
  ["handshake_failure", "give a client certificate if the server wants one, else let the server offer current ciphers"],
  ["no_application_protocol", "offer an ALPN protocol that the peer knows"],
  ["unrecognized_name", "check the server name"],
]);
