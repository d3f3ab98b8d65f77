import type { NameKind } from "../rules/alternative-name.ts";
import type { CertificateRole } from "../rules/chain-path.ts";
import type { ProblemKind } from "../rules/problem-kind.ts";
import type { RevocationReason } from "../rules/revocation-reason.ts";
import type { ValidityLine } from "../rules/validity-line.ts";
import type { CertificateSource } from "../shown-certificate.ts";

/** What the certificate viewer says. Text with values in it is a function, since languages order them differently. */
export interface CertificateViewerMessages {
  /** Its name, for those who do not see it. */
  readonly label: string;
  /** There is no certificate to be shown. */
  readonly empty: string;
  readonly path: string;
  readonly roles: Readonly<Record<CertificateRole, string>>;
  readonly sources: Readonly<Record<CertificateSource, string>>;
  readonly misplaced: string;
  readonly problemCount: (count: number) => string;
  readonly missing: string;
  readonly unseen: string;

  readonly problems: (count: number) => string;
  readonly problemKinds: Readonly<Record<ProblemKind, string>>;
  /** What is particular to an occurrence of a problem. */
  readonly detail: string;
  readonly remedy: string;
  /** Goes to the certificate that a problem is about. */
  readonly showCertificate: string;
  readonly verified: string;
  readonly verifiedBy: (trust: string) => string;

  readonly downloadCertificate: string;
  readonly downloadChain: string;

  readonly groups: Readonly<
    Record<"validity" | "names" | "subject" | "key" | "limits" | "revocation" | "timestamps" | "identifiers", string>
  >;
  readonly states: Readonly<Record<ValidityLine["state"], (distance: string) => string>>;
  readonly validityReversed: string;
  readonly validityUnreadable: string;
  readonly now: string;
  readonly fields: Readonly<Record<CertificateField, string>>;
  readonly nameKinds: Readonly<Record<NameKind, string>>;
  readonly namesCount: (count: number) => string;
  /** One of the names fits the host. */
  readonly nameFits: (host: string) => string;
  readonly nameFitsNot: (host: string) => string;
  readonly noNames: string;
  readonly none: string;
  readonly notLimited: string;
  readonly itself: string;
  readonly yes: string;
  readonly no: string;
  readonly authority: (pathLength: number | undefined) => string;
  /** Stands for all names of a kind. */
  readonly everyName: string;
  /** Of a part of the certificate that is there. */
  readonly unreadable: string;
  readonly mustStaple: string;
  /** What a stapled response says; its authority's dates. */
  readonly staples: Readonly<Record<"none" | "unknown" | "unusable", string>> & {
    readonly good: (since: string, until: string) => string;
    readonly revoked: (day: string | undefined) => string;
  };
  readonly revocationReasons: Readonly<Record<RevocationReason, string>>;
  readonly timestampsUnchecked: string;
  readonly unknownLog: string;
  readonly critical: string;

  readonly connection: string;
  readonly connectionFields: Readonly<Record<ConnectionField, string>>;
  readonly earlyData: Readonly<Record<"none" | "pending" | "accepted" | "rejected", string>>;
  readonly repairedFrom: Readonly<Record<"learned" | "preloaded" | "fetched", string>>;
}

/** What is told of a certificate, line by line. */
export type CertificateField =
  | "notBefore"
  | "notAfter"
  | "subject"
  | "issuer"
  | "serialNumber"
  | "version"
  | "key"
  | "signatureAlgorithm"
  | "publicKeyPin"
  | "authority"
  | "permittedNames"
  | "excludedNames"
  | "keyUsage"
  | "extendedKeyUsage"
  | "policies"
  | "staple"
  | "ocsp"
  | "crl"
  | "issuerUrls"
  | "mustStaple"
  | "subjectKeyIdentifier"
  | "authorityKeyIdentifier"
  | "extensions";

/** What is told of a connection, line by line. */
export type ConnectionField =
  | "protocol"
  | "cipher"
  | "group"
  | "alpn"
  | "serverName"
  | "resumed"
  | "earlyData"
  | "authorized"
  | "trust"
  | "repairedFrom"
  | "clientIdentity"
  | "backend";
