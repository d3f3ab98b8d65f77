import { bits, type Der, explicit, integer, sequence } from "./der.ts";

/**
 * The elements of a certificate before it is signed, in the order in which they are written. RFC 5280 section 4.1.
 *
 * Each is DER, and is written as it is: what is no certificate at all is made by putting other elements here.
 */
export interface CertificateElements {
  /** With its context tag; no bytes for version 1. */
  readonly version: Uint8Array;
  readonly serialNumber: Uint8Array;
  /** The signature's algorithm, as it is repeated outside. */
  readonly signature: Uint8Array;
  readonly issuer: Uint8Array;
  readonly validity: Uint8Array;
  readonly subject: Uint8Array;
  /** SubjectPublicKeyInfo. */
  readonly subjectPublicKeyInfo: Uint8Array;
  /** Each on its own; none for no extensions at all. */
  readonly extensions: readonly Uint8Array[];
  /** What comes behind everything that belongs there: nothing, in a certificate. */
  readonly rest: Uint8Array;
}

/** Version 3. */
export const version3: Der = explicit(0, integer(2));

/** TBSCertificate. */
export function writeToBeSigned(elements: CertificateElements): Der {
  const { version, serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo, extensions, rest } =
    elements;
  return sequence(
    ...[version, serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo],
    ...(extensions.length === 0 ? [] : [explicit(3, sequence(...extensions))]),
    rest,
  );
}

/** What was signed, with the signature: a certificate, a revocation list, or the answer inside of an OCSP response. */
export function writeSigned(
  toBeSigned: Uint8Array,
  algorithm: Uint8Array,
  signature: Uint8Array,
  ...more: readonly Uint8Array[]
): Der {
  return sequence(toBeSigned, algorithm, bits(signature), ...more);
}
