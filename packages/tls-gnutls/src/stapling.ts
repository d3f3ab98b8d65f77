import { errors } from "./gnutls-errors.ts";
import { datumBytes, giveDatum, readDatum, type GnuTls } from "./library.ts";

/** Has a client ask for the OCSP response of the server's certificate. RFC 6066 section 8; returns GnuTLS's code. */
export function requestStaple(gnutls: GnuTls, session: number): number {
  return gnutls.gnutls_ocsp_status_request_enable_client(session, 0, 0, 0);
}

/** The response that the server sent, DER. */
export function readStaple(gnutls: GnuTls, session: number): Buffer | undefined {
  const datum = Buffer.alloc(datumBytes);
  if (gnutls.gnutls_ocsp_status_request_get2(session, 0, datum) < 0) return undefined;
  const response = readDatum(datum);
  return response.length === 0 ? undefined : response;
}

/**
 * Hands a server's response over to GnuTLS, which frees its copy, by the datum at `address`; returns GnuTLS's code. It is
 * sent as it is: whoever is asked to trust it looks inside.
 */
export function giveStaple(gnutls: GnuTls, address: number, response: Uint8Array | undefined): number {
  if (response === undefined || response.length === 0) return errors.noCertificateStatus;
  giveDatum(gnutls, address, response);
  return 0;
}
