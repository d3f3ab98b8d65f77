import type { ErrorCodeEntry } from "./coded-error.ts";

const reissue = "have the certificate issued again without this fault";
const askIssuer = "tell the authority that issued it; it breaks its own rules";

/** What can be wrong with a chain of certificates. A `TlsError` lists every one that was found in `problems`. */
export const certificateProblemCodes = {
  CERTIFICATE_MALFORMED: {
    what: "the certificate cannot be read",
    remedy: reissue,
    fixer: "operator",
    retryHelps: false,
  },
  EXTENSION_MALFORMED: {
    what: "an extension cannot be read",
    remedy: reissue,
    fixer: "operator",
    retryHelps: false,
  },
  EXTENSION_UNKNOWN: {
    what: "a critical extension is not understood",
    remedy: "have the certificate issued without it, or with the extension not critical",
    fixer: "operator",
    retryHelps: false,
  },
  ISSUER_UNKNOWN: {
    what: "the issuer's certificate is missing",
    remedy: "have the server send its intermediates, or add the issuer's root to the trusted anchors",
    fixer: "operator",
    retryHelps: false,
  },
  ROOT_UNTRUSTED: {
    what: "the path ends in a root that is not trusted",
    remedy: "add this root to the trusted anchors if it is yours",
    fixer: "operator",
    retryHelps: false,
  },
  SIGNATURE_INVALID: {
    what: "the issuer's key did not make this signature",
    remedy: "check that the server sends the intermediates that belong to its certificate",
    fixer: "operator",
    retryHelps: false,
  },
  SIGNATURE_WEAK: {
    what: "the signature algorithm is not accepted",
    remedy: "have the certificate issued with SHA-256 or better, by RSA, ECDSA or EdDSA",
    fixer: "operator",
    retryHelps: false,
  },
  SIGNATURE_ALGORITHM_MISMATCH: {
    what: "the signature algorithm is one thing inside and another outside of what is signed",
    remedy: reissue,
    fixer: "operator",
    retryHelps: false,
  },
  KEY_WEAK: {
    what: "the key is too weak or of a kind that is not accepted",
    remedy: "use RSA with at least 2048 bits, P-256, P-384, P-521, Ed25519 or Ed448",
    fixer: "operator",
    retryHelps: false,
  },
  NOT_YET_VALID: {
    what: "the certificate is not valid yet",
    remedy: "check the clock of this machine",
    fixer: "operator",
    retryHelps: false,
  },
  EXPIRED: {
    what: "the certificate has expired",
    remedy: "renew the certificate",
    fixer: "operator",
    retryHelps: false,
  },
  NOT_A_CA: {
    what: "the certificate may not issue others",
    remedy: "check that the server sends the intermediates that belong to its certificate",
    fixer: "operator",
    retryHelps: false,
  },
  KEY_USAGE_FORBIDS_SIGNING: {
    what: "the issuer's key may not sign certificates",
    remedy: "have the issuer's certificate issued with the key usage keyCertSign",
    fixer: "operator",
    retryHelps: false,
  },
  KEY_USAGE_UNSUITABLE: {
    what: "the key may not be used for TLS",
    remedy: "have the certificate issued with the key usage digitalSignature",
    fixer: "operator",
    retryHelps: false,
  },
  PURPOSE_FORBIDDEN: {
    what: "the certificate is for another purpose",
    remedy: "have it issued with the extended key usage for this side: serverAuth or clientAuth",
    fixer: "operator",
    retryHelps: false,
  },
  PATH_LENGTH_EXCEEDED: {
    what: "more issuers follow than the certificate allows",
    remedy: "have the leaf issued by an authority nearer to the root",
    fixer: "operator",
    retryHelps: false,
  },
  CHAIN_TOO_DEEP: {
    what: "there are more intermediates than were asked for",
    remedy: "allow more, or have the leaf issued by an authority nearer to the root",
    fixer: "caller",
    retryHelps: false,
  },
  NAME_EXCLUDED: {
    what: "an issuer excludes this name",
    remedy: "have the certificate issued by an authority that may certify this name",
    fixer: "operator",
    retryHelps: false,
  },
  NAME_NOT_PERMITTED: {
    what: "an issuer may not certify this name",
    remedy: "have the certificate issued by an authority that may certify this name",
    fixer: "operator",
    retryHelps: false,
  },
  NAME_FORM_UNSUPPORTED: {
    what: "an issuer constrains a form of name that is not understood, and the certificate has one",
    remedy: "have the certificate issued without this name",
    fixer: "operator",
    retryHelps: false,
  },
  NAME_CONSTRAINTS_MALFORMED: {
    what: "a name constraint cannot be understood",
    remedy: "have the issuer's certificate issued again with a constraint in the form of RFC 5280",
    fixer: "operator",
    retryHelps: false,
  },
  NAME_CONSTRAINTS_TOO_COSTLY: {
    what: "there are too many names and constraints to compare",
    remedy: "have the certificate issued with fewer names",
    fixer: "operator",
    retryHelps: false,
  },
  NAME_MALFORMED: {
    what: "a name of the subject is malformed",
    remedy: reissue,
    fixer: "operator",
    retryHelps: false,
  },
  HOST_MISMATCH: {
    what: "the certificate is for another host",
    remedy: "check the host name, or have it added to the certificate's subject alternative names",
    fixer: "operator",
    retryHelps: false,
  },
  POLICY_MISSING: {
    what: "an issuer requires a policy that the whole path shares, and there is none",
    remedy: askIssuer,
    fixer: "operator",
    retryHelps: false,
  },
  REVOKED: {
    what: "the certificate is revoked",
    remedy: "replace the certificate, and its key",
    fixer: "operator",
    retryHelps: false,
  },
  REVOCATION_UNKNOWN: {
    what: "nothing says whether the certificate is revoked, and it was required",
    remedy: "supply a current list or a stapled response of its issuer",
    fixer: "caller",
    retryHelps: false,
  },
  REVOCATION_LIST_INVALID: {
    what: "the issuer's revocation list cannot be used",
    remedy: "fetch a current list from the issuer",
    fixer: "caller",
    retryHelps: false,
  },
  WORK_LIMIT_REACHED: {
    what: "the search for a path was given up",
    remedy: "send fewer certificates: the leaf and its own intermediates",
    fixer: "operator",
    retryHelps: false,
  },
  SERIAL_NUMBER_INVALID: {
    what: "the serial number is not one of 1 to 20 octets",
    remedy: reissue,
    fixer: "operator",
    retryHelps: false,
  },
  NAME_EMPTY: {
    what: "a name is empty that must not be",
    remedy: reissue,
    fixer: "operator",
    retryHelps: false,
  },
  NAME_NOT_PREFERRED: {
    what: "a DNS name is not in preferred name syntax",
    remedy: reissue,
    fixer: "operator",
    retryHelps: false,
  },
  KEY_IDENTIFIER_MISSING: {
    what: "a key identifier is missing",
    remedy: reissue,
    fixer: "operator",
    retryHelps: false,
  },
  CRITICALITY_WRONG: {
    what: "an extension is critical that must not be, or the reverse",
    remedy: reissue,
    fixer: "operator",
    retryHelps: false,
  },
  CA_FIELDS_CONTRADICT: {
    what: "basic constraints and key usage contradict each other",
    remedy: reissue,
    fixer: "operator",
    retryHelps: false,
  },
  NAME_CONSTRAINTS_IN_LEAF: {
    what: "there are name constraints, and it is no authority",
    remedy: reissue,
    fixer: "operator",
    retryHelps: false,
  },
  NAME_CONSTRAINTS_NOT_CRITICAL: {
    what: "the name constraints are not critical",
    remedy: askIssuer,
    fixer: "operator",
    retryHelps: false,
  },
  INFORMATION_ACCESS_MALFORMED: {
    what: "the authority information access cannot be read",
    remedy: reissue,
    fixer: "operator",
    retryHelps: false,
  },
  BASELINE_VERSION: {
    what: "it is not of version 3",
    remedy: askIssuer,
    fixer: "operator",
    retryHelps: false,
  },
  BASELINE_KEY_IDENTIFIER: {
    what: "the root's key identifiers are not as they must be",
    remedy: askIssuer,
    fixer: "operator",
    retryHelps: false,
  },
  BASELINE_COMMON_NAME: {
    what: "the common name is none of the alternative names",
    remedy: askIssuer,
    fixer: "operator",
    retryHelps: false,
  },
  BASELINE_PURPOSE: {
    what: "the extended key usage is not as it must be",
    remedy: askIssuer,
    fixer: "operator",
    retryHelps: false,
  },
  BASELINE_LEAF_IS_CA: {
    what: "an authority's certificate is used as a leaf",
    remedy: askIssuer,
    fixer: "operator",
    retryHelps: false,
  },
  BASELINE_KEY_SIZE: {
    what: "the size of the RSA key is no multiple of 8",
    remedy: askIssuer,
    fixer: "operator",
    retryHelps: false,
  },
  BASELINE_NAMES_CRITICAL: {
    what: "alternative names are critical beside a subject",
    remedy: askIssuer,
    fixer: "operator",
    retryHelps: false,
  },
  BASELINE_PUBLIC_SUFFIX: {
    what: "a wildcard stands for all of a public suffix",
    remedy: askIssuer,
    fixer: "operator",
    retryHelps: false,
  },
  STAPLE_REQUIRED: {
    what: "the certificate promises a stapled response, and none came that says it is good",
    remedy: "have the server staple a current OCSP response of the issuer",
    fixer: "operator",
    retryHelps: true,
  },
  PIN_MISMATCH: {
    what: "none of the pinned keys is in the path",
    remedy: "compare the pins with the server's keys; if it changed them, add the new ones",
    fixer: "caller",
    retryHelps: false,
  },
  REFUSED_BY_LIBRARY: {
    what: "the TLS library refuses the chain",
    remedy: "look at the chain with another backend, and tell us if the library is wrong",
    fixer: "operator",
    retryHelps: false,
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** Codes of {@link CertificateProblem}. */
export type CertificateProblemCode = keyof typeof certificateProblemCodes;

/** One reason why a chain is refused. */
export interface CertificateProblem {
  readonly code: CertificateProblemCode;
  /** The certificate at fault: 0 for the leaf, 1 for its issuer and so on. The subject is the peer's text, escaped. */
  readonly certificate: { readonly index: number; readonly subject: string };
  /** What is particular to this occurrence; may quote the certificate, escaped. */
  readonly detail: string | undefined;
  /** What is wrong, in one line, the detail included. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}
