import { EngineFailure } from "@fairlead/tls/engine";
import type { ClientCertificateRequest } from "@fairlead/tls";
import type { GnuTls } from "./library.ts";

/** Takes leave of a server that has done nothing wrong, to ask about the certificate that it wants. RFC 8446 section 6.1 */
export function farewell(gnutls: GnuTls, session: number, request: ClientCertificateRequest): EngineFailure {
  for (const alert of [userCanceled, closeNotify]) gnutls.gnutls_alert_send(session, warning, alert);
  return new EngineFailure({ type: "client-certificate-requested", request });
}

/**
 * The same over datagrams. GnuTLS as a server passes over warnings in a DTLS handshake, and would wait for a client that
 * has gone: the alert is fatal. RFC 5246 section 7.2.2 leaves that to the sender.
 */
export function datagramFarewell(gnutls: GnuTls, session: number, request: ClientCertificateRequest): EngineFailure {
  gnutls.gnutls_alert_send(session, fatal, userCanceled);
  return new EngineFailure({ type: "client-certificate-requested", request });
}

// GnuTLS, includes/gnutls/gnutls.h
const warning = 1;
const fatal = 2;
const closeNotify = 0;
const userCanceled = 90;
