import { readBytes, type OpenSsl } from "./library.ts";

/** Has a client ask for the OCSP response of the server's certificate. RFC 6066 section 8. */
export function requestStaple(openssl: OpenSsl, ssl: number): void {
  openssl.SSL_ctrl(ssl, control.requestType, ocsp, null);
}

/** The response that the server sent, DER. */
export function readStaple(openssl: OpenSsl, ssl: number): Buffer | undefined {
  const at = Buffer.alloc(8);
  const length = openssl.SSL_ctrl(ssl, control.response, 0, at);
  const address = Number(at.readBigUInt64LE());
  return length > 0 && address !== 0 ? readBytes(address, length) : undefined;
}

/** Hands a server's response over to OpenSSL, which frees its copy; false without one. */
export function giveStaple(openssl: OpenSsl, ssl: number, response: Uint8Array | undefined): boolean {
  if (response === undefined || response.length === 0) return false;
  const copy = openssl.CRYPTO_memdup(response, response.length, null, 0);
  return copy !== 0 && openssl.SSL_ctrl(ssl, control.setResponse, response.length, copy) === 1;
}

// OpenSSL, include/openssl/ssl.h.in, SSL_CTRL_{SET,GET}_TLSEXT_STATUS_REQ_*
const control = { requestType: 65, response: 70, setResponse: 71 } as const;
const ocsp = 1;
