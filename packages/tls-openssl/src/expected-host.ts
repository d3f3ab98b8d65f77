import { isIP } from "node:net";
import { cString, type OpenSsl } from "./library.ts";

/** Has OpenSSL look for this name, or address, in the server's certificate. RFC 9525 section 6 */
export function expectHost(openssl: OpenSsl, ssl: number, host: string): void {
  if (isIP(host) === 0) {
    openssl.SSL_set_hostflags(ssl, noPartialWildcards | neverSubject);
    openssl.SSL_set1_host(ssl, cString(host));
  } else {
    openssl.X509_VERIFY_PARAM_set1_ip_asc(openssl.SSL_get0_param(ssl), cString(host));
  }
}

// OpenSSL, include/openssl/x509v3.h.in
const noPartialWildcards = 0x4;
const neverSubject = 0x20;
