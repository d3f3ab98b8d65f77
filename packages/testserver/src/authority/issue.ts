import { Buffer } from "node:buffer";
import { createHash, type KeyObject, randomBytes } from "node:crypto";
import type { SignatureHash } from "./protocol/algorithms.ts";
import { type CertificateElements, version3, writeToBeSigned } from "./protocol/certificate-elements.ts";
import { type Der, integer, sequence, time } from "./protocol/der.ts";
import * as extensions from "./protocol/extensions.ts";
import { distinguishedName } from "./protocol/names.ts";
import { publicKeyBits } from "./protocol/read-der.ts";
import { type Signer, writeSignedBy } from "./signer.ts";

const dayMilliseconds = 86_400_000;

/** Since when and until when a certificate is valid. */
export interface Validity {
  /** A day ago by default. */
  readonly notBefore?: Date | undefined;
  /** In thirty days by default; in a year for authorities. */
  readonly notAfter?: Date | undefined;
  /** What the defaults count from, in milliseconds since the epoch; `Date.now()` by default. */
  readonly now?: number | undefined;
}

/** Whoever signs a certificate: its name, and what its key is named by. */
export interface Issuer extends Signer {
  /** Distinguished name, DER. */
  readonly subject: Der;
  /** What certificates name the key by. */
  readonly keyIdentifier: Uint8Array;
}

/** What authorities and other certificates have in common. */
export interface IssuingOptions extends Validity {
  /** Who signs it; itself by default. */
  readonly issuer?: Issuer | undefined;
  /** Hash of the signature; SHA-256 by default. */
  readonly hash?: SignatureHash | undefined;
  /** What the key may be used for; what such a certificate needs by default, and with `[]` the extension is left out. */
  readonly keyUsage?: readonly extensions.KeyUsage[] | undefined;
  /** Up to 20 octets as a number; random by default. */
  readonly serialNumber?: bigint | undefined;
  /** URLs of OCSP responders. */
  readonly ocsp?: readonly string[] | undefined;
  /** URLs of the issuer's certificate, which clients may fetch where a server does not send it. */
  readonly issuers?: readonly string[] | undefined;
  /** URLs of revocation lists. */
  readonly crl?: readonly string[] | undefined;
  /** Says that the server staples an OCSP response (RFC 7633); `false` by default. */
  readonly mustStaple?: boolean | undefined;
  /**
   * Changes the elements before they are signed, for what no authority would issue.
   *
   * @example
   * const versionOne = { change: (elements) => ({ ...elements, version: new Uint8Array(), extensions: [] }) };
   */
  readonly change?: ((elements: CertificateElements) => CertificateElements) | undefined;
}

/** What one kind of certificate adds. */
export interface IssuingTerms {
  readonly commonName: string;
  readonly publicKey: KeyObject;
  /** Signs where there is no issuer. */
  readonly ownSigner: Signer;
  readonly validDays: number;
  readonly extensions: readonly Uint8Array[];
}

/** Issues a certificate, DER. */
export function issue(options: IssuingOptions, terms: IssuingTerms): Uint8Array {
  const { issuer, hash, ocsp = [], issuers = [], crl = [], mustStaple = false, change } = options;
  const signer = issuer ?? terms.ownSigner;
  const subject = distinguishedName(terms.commonName);
  const subjectPublicKeyInfo = terms.publicKey.export({ type: "spki", format: "der" });
  const identifier = keyIdentifier(subjectPublicKeyInfo);
  const elements: CertificateElements = {
    version: version3,
    serialNumber: integer(options.serialNumber ?? randomSerialNumber()),
    signature: signer.algorithm(hash),
    issuer: issuer?.subject ?? subject,
    validity: writeValidity(options, terms.validDays),
    subject,
    subjectPublicKeyInfo,
    extensions: [
      ...terms.extensions,
      ...(ocsp.length + issuers.length === 0 ? [] : [extensions.authorityInformationAccess(ocsp, issuers)]),
      ...(crl.length === 0 ? [] : [extensions.crlDistributionPoints(crl)]),
      ...(mustStaple ? [extensions.mustStaple] : []),
      extensions.subjectKeyIdentifier(identifier),
      extensions.authorityKeyIdentifier(issuer?.keyIdentifier ?? identifier),
    ],
    rest: new Uint8Array(),
  };
  return writeSignedBy(signer, writeToBeSigned(change?.(elements) ?? elements), hash);
}

/** SHA-1 of the key's bits. RFC 5280 section 4.2.1.2 (1). */
export function keyIdentifier(subjectPublicKeyInfo: Uint8Array): Uint8Array {
  return createHash("sha1").update(publicKeyBits(subjectPublicKeyInfo)).digest();
}

function writeValidity({ notBefore, notAfter, now = Date.now() }: Validity, days: number): Uint8Array {
  const ends = [notBefore ?? now - dayMilliseconds, notAfter ?? now + days * dayMilliseconds];
  return sequence(...ends.map((end) => time(Number(end))));
}

/** A number that no other certificate has: 16 octets of which the first is neither zero nor negative. RFC 5280 section 4.1.2.2. */
export function randomSerialNumber(): bigint {
  const bytes = randomBytes(16);
  return BigInt(`0x${Buffer.concat([Buffer.of(0x40 | ((bytes[0] ?? 0) & 0x3f)), bytes.subarray(1)]).toString("hex")}`);
}
