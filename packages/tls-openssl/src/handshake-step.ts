import type { HandshakeStep, PlaintextSlab } from "@fairlead/tls/engine";
import { type EarlyData, EarlyReceiver, EarlySender } from "./early-data.ts";
import type { OpenSsl } from "./library.ts";

/** Goes as far with a handshake as OpenSSL gets; where it `failed`, its queue of errors tells why. */
export function stepHandshake(
  openssl: OpenSsl,
  ssl: number,
  early: EarlyData | undefined,
  plaintext: PlaintextSlab,
): HandshakeStep | "failed" {
  openssl.ERR_clear_error();
  const before = early?.received;
  const result = goOn(openssl, ssl, early, plaintext);
  if (result === 1) return "done";
  switch (openssl.SSL_get_error(ssl, result)) {
    case wantRead:
      return early?.received === before ? "need-data" : "early";
    case wantRetryVerify:
      return "need-verdict";
    case wantCertificate:
      return "need-identity";
    default:
      return "failed";
  }
}

/** A server that takes early data does so first; a client's ends where the handshake goes on. */
function goOn(openssl: OpenSsl, ssl: number, early: EarlyData | undefined, plaintext: PlaintextSlab): number {
  if (early instanceof EarlyReceiver && early.isReading) {
    const { address, size } = plaintext.open();
    if (early.read(address, size) === "stopped") return 0;
  } else if (early instanceof EarlySender) early.close();
  return openssl.SSL_do_handshake(ssl);
}

// OpenSSL, include/openssl/ssl.h.in
const wantRead = 2;
const wantCertificate = 4;
const wantRetryVerify = 12;
