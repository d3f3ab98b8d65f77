import { type Der, explicit, ia5Bytes, implicit, integer, namedBits, octets, oid, sequence, yes } from "./der.ts";
import { generalName, generalSubtree, type SubjectName } from "./names.ts";

/** What a key may be used for, by its bit. RFC 5280 section 4.2.1.3. */
export const keyUsages = {
  digitalSignature: 0,
  nonRepudiation: 1,
  keyEncipherment: 2,
  dataEncipherment: 3,
  keyAgreement: 4,
  keyCertSign: 5,
  cRLSign: 6,
} as const;

/** What a key may be used for. */
export type KeyUsage = keyof typeof keyUsages;

/** Purposes of certificates. RFC 5280 section 4.2.1.12. */
export const purposes = {
  any: "2.5.29.37.0",
  server: "1.3.6.1.5.5.7.3.1",
  client: "1.3.6.1.5.5.7.3.2",
  codeSigning: "1.3.6.1.5.5.7.3.3",
  mail: "1.3.6.1.5.5.7.3.4",
  timeStamping: "1.3.6.1.5.5.7.3.8",
  ocspSigning: "1.3.6.1.5.5.7.3.9",
} as const;

/** A purpose of a certificate. */
export type CertificatePurpose = keyof typeof purposes;

/** Names that an authority may certify, and names that it may not: `a.test` with all below it, or `10.0.0.0/8`. */
export interface NameConstraints {
  readonly permitted?: readonly string[];
  readonly excluded?: readonly string[];
}

/** Wraps an extension, whose value is DER. RFC 5280 section 4.1. */
export function extension(id: string, value: Uint8Array, { critical = false } = {}): Der {
  return sequence(oid(id), ...(critical ? [yes] : []), octets(value));
}

/** RFC 5280 section 4.2.1.9. */
export function basicConstraints(isAuthority: boolean, pathLength?: number): Der {
  const value = sequence(...(isAuthority ? [yes] : []), ...(pathLength === undefined ? [] : [integer(pathLength)]));
  return extension("2.5.29.19", value, { critical: true });
}

/** RFC 5280 section 4.2.1.3. */
export function keyUsage(usages: readonly KeyUsage[]): Der {
  return extension("2.5.29.15", namedBits(usages.map((usage) => keyUsages[usage])), { critical: true });
}

/** RFC 5280 section 4.2.1.12. */
export function extendedKeyUsage(wanted: readonly CertificatePurpose[]): Der {
  return extension("2.5.29.37", sequence(...wanted.map((purpose) => oid(purposes[purpose]))));
}

/** Critical where the subject is empty. RFC 5280 section 4.2.1.6. */
export function subjectAlternativeNames(names: readonly SubjectName[], critical: boolean): Der {
  return extension("2.5.29.17", sequence(...names.map(generalName)), { critical });
}

/** RFC 5280 section 4.2.1.10. */
export function nameConstraints({ permitted = [], excluded = [] }: NameConstraints): Der {
  const trees = [permitted, excluded].flatMap((bases, index) =>
    bases.length === 0 ? [] : [explicit(index, ...bases.map(generalSubtree))],
  );
  return extension("2.5.29.30", sequence(...trees), { critical: true });
}

/** RFC 5280 section 4.2.1.2. */
export function subjectKeyIdentifier(identifier: Uint8Array): Der {
  return extension("2.5.29.14", octets(identifier));
}

/** RFC 5280 section 4.2.1.1. */
export function authorityKeyIdentifier(identifier: Uint8Array): Der {
  return extension("2.5.29.35", sequence(implicit(0, identifier)));
}

/** Where OCSP answers, and where the issuer's certificate is. RFC 5280 section 4.2.2.1. */
export function authorityInformationAccess(ocsp: readonly string[], issuers: readonly string[]): Der {
  const describe = (method: string, url: string): Der => sequence(oid(method), implicit(6, ia5Bytes(url)));
  return extension(
    "1.3.6.1.5.5.7.1.1",
    sequence(
      ...ocsp.map((url) => describe("1.3.6.1.5.5.7.48.1", url)),
      ...issuers.map((url) => describe("1.3.6.1.5.5.7.48.2", url)),
    ),
  );
}

/** Where the revocation list is. RFC 5280 section 4.2.1.13. */
export function crlDistributionPoints(urls: readonly string[]): Der {
  const point = (url: string): Der => sequence(explicit(0, explicit(0, implicit(6, ia5Bytes(url)))));
  return extension("2.5.29.31", sequence(...urls.map(point)));
}

/** Says that the server staples an OCSP response: status_request. RFC 7633 section 4. */
export const mustStaple: Der = extension("1.3.6.1.5.5.7.1.24", sequence(integer(5)));
