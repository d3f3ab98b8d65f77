/**
 * Which rule a problem breaks. `path`: validation itself (RFC 5280 section 6, RFC 9525), and keys and hashes that are
 * too weak. `form`: what RFC 5280 section 4 asks of issuers. `baseline`: what the CA/Browser Forum asks of issuers
 * whose roots browsers trust.
 */
export type ProblemFamily = "path" | "form" | "baseline";

interface ProblemEntry {
  readonly family: ProblemFamily;
  readonly what: string;
  readonly remedy: string;
}

const reissue = "have the certificate issued again without this fault";
const askIssuer = "tell the authority that issued it; it breaks its own rules";

/** Every problem that a path can have: what it means and what to do about it. */
export const pathProblems = {
  CERTIFICATE_MALFORMED: { family: "path", what: "the certificate cannot be read", remedy: reissue },
  EXTENSION_MALFORMED: { family: "path", what: "an extension cannot be read", remedy: reissue },
  EXTENSION_UNKNOWN: {
    family: "path",
    what: "a critical extension is not understood",
    remedy: "have the certificate issued without it, or with the extension not critical",
  },
  ISSUER_UNKNOWN: {
    family: "path",
    what: "the issuer's certificate is missing",
    remedy: "have the server send its intermediates, or add the issuer's root to the trusted anchors",
  },
  ROOT_UNTRUSTED: {
    family: "path",
    what: "the path ends in a root that is not trusted",
    remedy: "add this root to the trusted anchors if it is yours",
  },
  SIGNATURE_INVALID: {
    family: "path",
    what: "the issuer's key did not make this signature",
    remedy: "check that the server sends the intermediates that belong to its certificate",
  },
  SIGNATURE_WEAK: {
    family: "path",
    what: "the signature algorithm is not accepted",
    remedy: "have the certificate issued with SHA-256 or better, by RSA, ECDSA or EdDSA",
  },
  SIGNATURE_ALGORITHM_MISMATCH: {
    family: "path",
    what: "the signature algorithm is one thing inside and another outside of what is signed",
    remedy: reissue,
  },
  KEY_WEAK: {
    family: "path",
    what: "the key is too weak or of a kind that is not accepted",
    remedy: "use RSA with at least 2048 bits, P-256, P-384, P-521, Ed25519 or Ed448",
  },
  NOT_YET_VALID: {
    family: "path",
    what: "the certificate is not valid yet",
    remedy: "check the clock of this machine",
  },
  EXPIRED: { family: "path", what: "the certificate has expired", remedy: "renew the certificate" },
  NOT_A_CA: {
    family: "path",
    what: "the certificate may not issue others",
    remedy: "check that the server sends the intermediates that belong to its certificate",
  },
  KEY_USAGE_FORBIDS_SIGNING: {
    family: "path",
    what: "the issuer's key may not sign certificates",
    remedy: "have the issuer's certificate issued with the key usage keyCertSign",
  },
  KEY_USAGE_UNSUITABLE: {
    family: "path",
    what: "the key may not be used for TLS",
    remedy: "have the certificate issued with the key usage digitalSignature",
  },
  PURPOSE_FORBIDDEN: {
    family: "path",
    what: "the certificate is for another purpose",
    remedy: "have it issued with the extended key usage for this side: serverAuth or clientAuth",
  },
  PATH_LENGTH_EXCEEDED: {
    family: "path",
    what: "more issuers follow than the certificate allows",
    remedy: "have the leaf issued by an authority nearer to the root",
  },
  CHAIN_TOO_DEEP: {
    family: "path",
    what: "there are more intermediates than were asked for",
    remedy: "allow more, or have the leaf issued by an authority nearer to the root",
  },
  NAME_EXCLUDED: {
    family: "path",
    what: "an issuer excludes this name",
    remedy: "have the certificate issued by an authority that may certify this name",
  },
  NAME_NOT_PERMITTED: {
    family: "path",
    what: "an issuer may not certify this name",
    remedy: "have the certificate issued by an authority that may certify this name",
  },
  NAME_FORM_UNSUPPORTED: {
    family: "path",
    what: "an issuer constrains a form of name that is not understood, and the certificate has one",
    remedy: "have the certificate issued without this name",
  },
  NAME_CONSTRAINTS_MALFORMED: {
    family: "path",
    what: "a name constraint cannot be understood",
    remedy: "have the issuer's certificate issued again with a constraint in the form of RFC 5280",
  },
  NAME_CONSTRAINTS_TOO_COSTLY: {
    family: "path",
    what: "there are too many names and constraints to compare",
    remedy: "have the certificate issued with fewer names",
  },
  NAME_MALFORMED: { family: "path", what: "a name of the subject is malformed", remedy: reissue },
  HOST_MISMATCH: {
    family: "path",
    what: "the certificate is for another host",
    remedy: "check the host name, or have it added to the certificate's subject alternative names",
  },
  POLICY_MISSING: {
    family: "path",
    what: "an issuer requires a policy that the whole path shares, and there is none",
    remedy: askIssuer,
  },
  REVOKED: { family: "path", what: "the certificate is revoked", remedy: "replace the certificate, and its key" },
  REVOCATION_UNKNOWN: {
    family: "path",
    what: "nothing says whether the certificate is revoked, and it was required",
    remedy: "supply a current list or a stapled response of its issuer",
  },
  REVOCATION_LIST_INVALID: {
    family: "path",
    what: "the issuer's revocation list cannot be used",
    remedy: "fetch a current list from the issuer",
  },
  WORK_LIMIT_REACHED: {
    family: "path",
    what: "the search for a path was given up",
    remedy: "send fewer certificates: the leaf and its own intermediates",
  },
  SERIAL_NUMBER_INVALID: { family: "form", what: "the serial number is not one of 1 to 20 octets", remedy: reissue },
  NAME_EMPTY: { family: "form", what: "a name is empty that must not be", remedy: reissue },
  NAME_NOT_PREFERRED: { family: "form", what: "a DNS name is not in preferred name syntax", remedy: reissue },
  KEY_IDENTIFIER_MISSING: { family: "form", what: "a key identifier is missing", remedy: reissue },
  CRITICALITY_WRONG: {
    family: "form",
    what: "an extension is critical that must not be, or the reverse",
    remedy: reissue,
  },
  CA_FIELDS_CONTRADICT: {
    family: "form",
    what: "basic constraints and key usage contradict each other",
    remedy: reissue,
  },
  NAME_CONSTRAINTS_IN_LEAF: {
    family: "form",
    what: "there are name constraints, and it is no authority",
    remedy: reissue,
  },
  NAME_CONSTRAINTS_NOT_CRITICAL: { family: "form", what: "the name constraints are not critical", remedy: askIssuer },
  INFORMATION_ACCESS_MALFORMED: {
    family: "form",
    what: "the authority information access cannot be read",
    remedy: reissue,
  },
  BASELINE_VERSION: { family: "baseline", what: "it is not of version 3", remedy: askIssuer },
  BASELINE_KEY_IDENTIFIER: {
    family: "baseline",
    what: "the root's key identifiers are not as they must be",
    remedy: askIssuer,
  },
  BASELINE_COMMON_NAME: {
    family: "baseline",
    what: "the common name is none of the alternative names",
    remedy: askIssuer,
  },
  BASELINE_PURPOSE: { family: "baseline", what: "the extended key usage is not as it must be", remedy: askIssuer },
  BASELINE_LEAF_IS_CA: { family: "baseline", what: "an authority's certificate is used as a leaf", remedy: askIssuer },
  BASELINE_KEY_SIZE: { family: "baseline", what: "the size of the RSA key is no multiple of 8", remedy: askIssuer },
  BASELINE_NAMES_CRITICAL: {
    family: "baseline",
    what: "alternative names are critical beside a subject",
    remedy: askIssuer,
  },
  BASELINE_PUBLIC_SUFFIX: {
    family: "baseline",
    what: "a wildcard stands for all of a public suffix",
    remedy: askIssuer,
  },
} as const satisfies Record<string, ProblemEntry>;

/** The name of a problem. */
export type PathProblemCode = keyof typeof pathProblems;

/** What a rule found in one certificate. */
export interface Finding {
  readonly code: PathProblemCode;
  /** One clause about this occurrence; may quote the certificate, escaped. */
  readonly detail?: string | undefined;
}

/** One reason why a path is refused. */
export interface PathProblem {
  readonly code: PathProblemCode;
  readonly family: ProblemFamily;
  /** The certificate at fault: 0 for the leaf, 1 for its issuer and so on. The subject is the peer's text, escaped. */
  readonly certificate: { readonly index: number; readonly subject: string };
  /** What is wrong, in one line. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** Makes the problem of a finding. `subject` is escaped here. */
export function pathProblem({ code, detail }: Finding, index: number, subject: string): PathProblem {
  const { family, what, remedy } = pathProblems[code];
  const shown = printable(subject);
  const message = detail === undefined ? what : `${what}: ${detail}`;
  return { code, family, certificate: { index, subject: shown }, message, remedy };
}

/** The peer's text as printable ASCII, and of long text the beginning: it cannot forge a line in a log. */
export function printable(text: string): string {
  // Cut first: what is long is not worth escaping whole.
  const escaped = text
    .slice(0, maxTextLength)
    .replace(/[^\x20-\x7e]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  return text.length > maxTextLength ? `${escaped}…` : escaped;
}

const maxTextLength = 200;
