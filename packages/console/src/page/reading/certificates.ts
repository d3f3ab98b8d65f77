import type { ShownCertificate } from "@fairlead/widgets";
import { flag, list, number, object, oneOf, optional, text } from "./reader.ts";

/** What certificates say. */
export const readCertificates = list(
  object<ShownCertificate>({
    subject: text,
    issuer: text,
    isSelfIssued: flag,
    serialNumber: text,
    version: number,
    notBefore: text,
    notAfter: text,
    names: list(text),
    key: text,
    signatureAlgorithm: text,
    isAuthority: flag,
    pathLength: optional(number),
    nameConstraints: optional(object({ permitted: list(text), excluded: list(text) })),
    keyUsage: optional(list(text)),
    extendedKeyUsage: optional(list(text)),
    policies: list(text),
    issuerUrls: list(text),
    ocspUrls: list(text),
    crlUrls: list(text),
    mustStaple: flag,
    signedTimestamps: list(object({ log: text, time: text })),
    subjectKeyIdentifier: optional(text),
    authorityKeyIdentifier: optional(text),
    extensions: list(object({ oid: text, critical: flag })),
    fingerprints: object({ sha1: text, sha256: text }),
    publicKeyPin: text,
    pem: optional(text),
    source: optional(oneOf("sent", "added", "anchor")),
  }),
);
