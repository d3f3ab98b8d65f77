import type { EngineFault } from "@fairlead/tls/engine";
import { readString, type OpenSsl } from "./library.ts";
import { verificationCode } from "./verification-codes.ts";

/** Takes OpenSSL's queue of errors, which node:tls shares, and names the first of them. */
export function takeFault(openssl: OpenSsl, ssl: number, inputEnded: boolean): EngineFault {
  const code = openssl.ERR_get_error();
  const text = readString(openssl.ERR_reason_error_string(code)) || "no reason given";
  openssl.ERR_clear_error();
  const reason = ((code >>> 23) & 0xff) === sslLibrary ? code & 0x7fffff : 0;
  if (reason > alertBase && reason < alertBase + 256) {
    return { type: "alert-received", description: reason - alertBase };
  }
  if (reason === reasons.certificateVerifyFailed) {
    const found = verificationCode(openssl.SSL_get_verify_result(ssl));
    return { type: "certificate", code: found ?? "UNSPECIFIED" };
  }
  if (reason === reasons.certificateMissing) return { type: "certificate-missing" };
  if (reason === reasons.unexpectedEof || (code === 0 && inputEnded)) return { type: "truncated" };
  if (versionReasons.has(reason)) return { type: "version", detail: text };
  return { type: "library", detail: text };
}

// OpenSSL, include/openssl/{err,sslerr}.h
const sslLibrary = 20;
const alertBase = 1_000;
const reasons = { certificateVerifyFailed: 134, certificateMissing: 199, unexpectedEof: 294 } as const;
/** No protocols available, unsupported protocol, unsupported SSL version, inappropriate fallback, version too low. */
const versionReasons: ReadonlySet<number> = new Set([191, 258, 259, 373, 396]);
