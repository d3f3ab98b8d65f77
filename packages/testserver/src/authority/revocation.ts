import { createHash } from "node:crypto";
import type { Issuer } from "./issue.ts";
import { hashAlgorithm } from "./protocol/algorithms.ts";
import { integer } from "./protocol/der.ts";
import { type CertificateStatus, writeCertificateId, writeOcspResponse, writeResponseData } from "./protocol/ocsp.ts";
import { type RevokedCertificate, writeRevocationList } from "./protocol/revocation-list.ts";
import { writeSignedBy } from "./signer.ts";

const hourMilliseconds = 3_600_000;

/** From when until when something is said, in milliseconds since the epoch. */
export interface Update {
  /** What the defaults count from; `Date.now()` by default. */
  readonly now?: number | undefined;
  /** An hour ago by default. */
  readonly thisUpdate?: number | undefined;
  /** In a day by default. */
  readonly nextUpdate?: number | undefined;
}

/** What a revocation list is made of. */
export interface RevocationListOptions extends Update {
  readonly issuer: Issuer;
  readonly revoked: readonly RevokedCertificate[];
}

/** What a responder says of one certificate. */
export interface CertificateInQuestion {
  /** Its serial number, or its CertID, DER, as it was asked about. */
  readonly certificate: bigint | Uint8Array;
  /** Good by default. */
  readonly status?: CertificateStatus | undefined;
}

/** What an OCSP response is made of. */
export interface OcspResponseOptions extends Update {
  /** Who issued the certificates in question. */
  readonly issuer: Issuer;
  readonly about: readonly CertificateInQuestion[];
  /** Who signs in the issuer's place, with the certificate that allows it; the issuer itself by default. */
  readonly responder?: (Issuer & { readonly certificates: readonly Uint8Array[] }) | undefined;
  /** The extension of the request that is to be repeated, DER. */
  readonly nonce?: Uint8Array | undefined;
}

/** Makes a certificate revocation list, DER. RFC 5280 section 5. */
export function mintRevocationList(options: RevocationListOptions): Uint8Array {
  const { issuer, revoked } = options;
  const { now, thisUpdate, nextUpdate } = times(options);
  const list = { signature: issuer.algorithm(), issuer: issuer.subject, thisUpdate, nextUpdate, revoked };
  const number = Math.floor(now / 1000);
  const toBeSigned = writeRevocationList({ ...list, issuerKeyIdentifier: issuer.keyIdentifier, number });
  return writeSignedBy(issuer, toBeSigned);
}

/** Makes an OCSP response, DER. RFC 6960 section 4.2. */
export function mintOcspResponse(options: OcspResponseOptions): Uint8Array {
  const { issuer, about, responder, nonce } = options;
  const { now, ...update } = times(options);
  const signer = responder ?? issuer;
  const responses = about.map(({ certificate, status = { type: "good" } }) => ({
    certificateId: typeof certificate === "bigint" ? certificateId(issuer, certificate) : certificate,
    status,
    ...update,
  }));
  const data = writeResponseData(signer.keyIdentifier, now, responses, nonce);
  return writeOcspResponse(writeSignedBy(signer, data, undefined, responder?.certificates));
}

function certificateId({ subject, keyIdentifier }: Issuer, serialNumber: bigint): Uint8Array {
  const nameHash = createHash("sha1").update(subject).digest();
  // The key's hash is what its identifier is, as far as our authorities go.
  return writeCertificateId(hashAlgorithm("sha1"), nameHash, keyIdentifier, integer(serialNumber));
}

function times({ now = Date.now(), thisUpdate, nextUpdate }: Update): Required<Record<keyof Update, number>> {
  return {
    now,
    thisUpdate: thisUpdate ?? now - hourMilliseconds,
    nextUpdate: nextUpdate ?? now + 24 * hourMilliseconds,
  };
}
