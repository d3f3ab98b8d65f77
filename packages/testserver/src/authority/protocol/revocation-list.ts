import { type Der, explicit, implicit, integer, octets, oid, sequence, time } from "./der.ts";

/** A certificate that was revoked. */
export interface RevokedCertificate {
  readonly serialNumber: bigint;
  /** Milliseconds since the epoch. */
  readonly revokedAt: number;
}

/** Elements of a certificate revocation list. RFC 5280 section 5.1. */
export interface RevocationListElements {
  readonly signature: Uint8Array;
  readonly issuer: Uint8Array;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  readonly revoked: readonly RevokedCertificate[];
  readonly issuerKeyIdentifier: Uint8Array;
  /** Grows with each list of an issuer. */
  readonly number: number;
}

/** TBSCertList, version 2. */
export function writeRevocationList(list: RevocationListElements): Der {
  const entries = list.revoked.map(({ serialNumber, revokedAt }) => sequence(integer(serialNumber), time(revokedAt)));
  return sequence(
    integer(1),
    list.signature,
    list.issuer,
    time(list.thisUpdate),
    time(list.nextUpdate),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
    explicit(
      0,
      sequence(
        sequence(oid("2.5.29.35"), octets(sequence(implicit(0, list.issuerKeyIdentifier)))),
        sequence(oid("2.5.29.20"), octets(integer(list.number))),
      ),
    ),
  );
}
