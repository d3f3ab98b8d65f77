/**
 * What a certificate says, as it is shown. The shape is that of `CertificateFacts` in `@fairlead/tls`, so that the JSON of
 * `describeCertificate` can be handed over; what is `undefined` there may be missing here. All text is the issuer's:
 * nobody has checked it.
 */
export interface ShownCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly isSelfIssued: boolean;
  /** Hexadecimal. */
  readonly serialNumber: string;
  readonly version: number;
  /** ISO 8601; both are included. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** Subject alternative names, each with its kind in front: `DNS:a.test`, `IP:192.0.2.1`. */
  readonly names: readonly string[];
  readonly key: string;
  readonly signatureAlgorithm: string;
  readonly isAuthority: boolean;
  readonly pathLength?: number | undefined;
  /**
   * The names that an authority may certify, and those that it may not, networks with their prefix: `IP:192.0.2.0/24`. One
   * that ends with its kind (`DNS:`) stands for all names of it. `undefined`: there are none, or they cannot be read.
   */
  readonly nameConstraints?:
    | { readonly permitted: readonly string[]; readonly excluded: readonly string[] }
    | undefined;
  /** `undefined`: not limited. */
  readonly keyUsage?: readonly string[] | undefined;
  /** `undefined`: not limited. */
  readonly extendedKeyUsage?: readonly string[] | undefined;
  readonly policies: readonly string[];
  readonly issuerUrls: readonly string[];
  readonly ocspUrls: readonly string[];
  readonly crlUrls: readonly string[];
  readonly mustStaple: boolean;
  /** Logs that promised to publish it: SHA-256 of their keys in hexadecimal, and when. */
  readonly signedTimestamps: readonly { readonly log: string; readonly time: string }[];
  readonly subjectKeyIdentifier?: string | undefined;
  readonly authorityKeyIdentifier?: string | undefined;
  readonly extensions: readonly { readonly oid: string; readonly critical: boolean }[];
  /** Hexadecimal. */
  readonly fingerprints: { readonly sha1: string; readonly sha256: string };
  readonly publicKeyPin: string;
  /** To be downloaded; `undefined` where there is none. */
  readonly pem?: string | undefined;
  /**
   * Where it came from: the server `sent` it, it was `added` to complete the path, or it is the trust `anchor`.
   * `undefined` counts as sent.
   */
  readonly source?: CertificateSource | undefined;
}

/** Where a certificate of a path came from. */
export type CertificateSource = "sent" | "added" | "anchor";

/** Something wrong with a certificate of a path. */
export interface ShownCertificateProblem {
  /** A code of `CertificateProblem` in `@fairlead/core`. For others `message` and `remedy` are shown as they are. */
  readonly code: string;
  /** 0 for the leaf, 1 for its issuer. */
  readonly index: number;
  /** What is particular to this occurrence; may quote the certificate. */
  readonly detail?: string | undefined;
  /** In English, as is the remedy; the sentences for a code that is known are the page's own. */
  readonly message: string;
  readonly remedy: string;
}

/**
 * What a stapled OCSP response says of the server's certificate. The shape is that of `StapleVerdict` in `@fairlead/tls`.
 * Times are ISO 8601.
 */
export type ShownStaple =
  /** The server was asked for one, and sent none. */
  | { readonly type: "none" }
  | { readonly type: "good"; readonly thisUpdate: string; readonly nextUpdate: string }
  /** What is `undefined` is not told. The reason is a name of RFC 5280 section 5.3.1; others are shown as they are. */
  | { readonly type: "revoked"; readonly revokedAt?: string | undefined; readonly reason?: string | undefined }
  /** The responder does not know the certificate. */
  | { readonly type: "unknown" }
  /** One came that says nothing. */
  | { readonly type: "unusable" };

/** What TLS agreed on for the connection that the certificates were shown on. What is missing is not shown. */
export interface ShownCertificateConnection {
  readonly backend?: string | undefined;
  readonly library?: string | undefined;
  readonly protocol?: string | undefined;
  readonly cipher?: string | undefined;
  /** Key exchange. */
  readonly group?: string | undefined;
  readonly alpn?: string | undefined;
  readonly serverName?: string | undefined;
  readonly resumed?: boolean | undefined;
  /** What became of data in the first flight: `none`, `pending`, `accepted`, `rejected`. */
  readonly earlyData?: string | undefined;
  /** Whether verification accepts the chain for this host. */
  readonly authorized?: boolean | undefined;
  /** Which anchors it was verified by. */
  readonly trust?: string | undefined;
  /** Where missing intermediates came from: `learned`, `preloaded`, `fetched`. */
  readonly repairedFrom?: string | undefined;
  /** What verification made of the stapled OCSP response; `undefined` where nobody looked at one. */
  readonly staple?: ShownStaple | undefined;
  /** The client's own certificate that was sent. */
  readonly clientIdentity?: string | undefined;
}
