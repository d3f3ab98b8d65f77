import type { X509Certificate } from "node:crypto";
import { TlsError, type ErrorFacts, type TlsErrorCode, type TlsErrorFacts } from "@fairlead/core";

/**
 * Names what OpenSSL's verification found, from its code (`CERT_HAS_EXPIRED`); `undefined` when the code is none of
 * verification's.
 */
export function verificationError(
  code: string,
  leaf: X509Certificate | undefined,
  facts: TlsErrorFacts,
): TlsError | undefined {
  const known = codes.get(code);
  if (known === undefined) return undefined;
  return new TlsError(known, { ...facts, ...explain(code, leaf) });
}

/** What the bare code does not say. */
function explain(code: string, leaf: X509Certificate | undefined): Pick<ErrorFacts, "detail" | "remedy"> {
  switch (code) {
    case "CERT_HAS_EXPIRED":
      return leaf !== undefined && leaf.validToDate.getTime() < Date.now()
        ? { detail: `on ${leaf.validToDate.toISOString()}` }
        : { detail: "one of its issuers", remedy: "renew the issuer's certificate, or check this machine's clock" };
    case "CERT_NOT_YET_VALID":
      return leaf !== undefined && leaf.validFromDate.getTime() > Date.now()
        ? { detail: `not before ${leaf.validFromDate.toISOString()}` }
        : { detail: "one of its issuers" };
    case "SELF_SIGNED_CERT_IN_CHAIN":
      return {
        detail: "the chain ends in a root that is not among the trust anchors",
        remedy: "add that root to the trust anchors if you trust it",
      };
    default:
      return { detail: code };
  }
}

const codes: ReadonlyMap<string, TlsErrorCode> = new Map([
  ["CERT_HAS_EXPIRED", "CERTIFICATE_EXPIRED"],
  ["CERT_NOT_YET_VALID", "CERTIFICATE_NOT_YET_VALID"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "CERTIFICATE_SELF_SIGNED"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "CERTIFICATE_ISSUER_UNKNOWN"],
  ["UNABLE_TO_GET_ISSUER_CERT", "CERTIFICATE_ISSUER_UNKNOWN"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "CERTIFICATE_ISSUER_UNKNOWN"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "CERTIFICATE_ISSUER_UNKNOWN"],
  ["CERT_REVOKED", "CERTIFICATE_REVOKED"],
  ["CERT_CHAIN_TOO_LONG", "CERTIFICATE_INVALID"],
  ["CERT_REJECTED", "CERTIFICATE_INVALID"],
  ["CERT_SIGNATURE_FAILURE", "CERTIFICATE_INVALID"],
  ["CERT_UNTRUSTED", "CERTIFICATE_INVALID"],
  ["CRL_HAS_EXPIRED", "CERTIFICATE_INVALID"],
  ["CRL_NOT_YET_VALID", "CERTIFICATE_INVALID"],
  ["CRL_SIGNATURE_FAILURE", "CERTIFICATE_INVALID"],
  ["ERROR_IN_CERT_NOT_AFTER_FIELD", "CERTIFICATE_INVALID"],
  ["ERROR_IN_CERT_NOT_BEFORE_FIELD", "CERTIFICATE_INVALID"],
  ["ERROR_IN_CRL_LAST_UPDATE_FIELD", "CERTIFICATE_INVALID"],
  ["ERROR_IN_CRL_NEXT_UPDATE_FIELD", "CERTIFICATE_INVALID"],
  ["INVALID_CA", "CERTIFICATE_INVALID"],
  ["INVALID_PURPOSE", "CERTIFICATE_INVALID"],
  ["OUT_OF_MEM", "CERTIFICATE_INVALID"],
  ["PATH_LENGTH_EXCEEDED", "CERTIFICATE_INVALID"],
  ["UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY", "CERTIFICATE_INVALID"],
  ["UNABLE_TO_DECRYPT_CERT_SIGNATURE", "CERTIFICATE_INVALID"],
  ["UNABLE_TO_DECRYPT_CRL_SIGNATURE", "CERTIFICATE_INVALID"],
  ["UNABLE_TO_GET_CRL", "CERTIFICATE_INVALID"],
  // Node's name for every other verdict of X509_verify_cert; the message says which.
  ["UNSPECIFIED", "CERTIFICATE_INVALID"],
] as const);
