import type { CertificateProblemMessages } from "./messages.ts";

const reissue = "Have the certificate issued again without this fault.";
const tellIssuer = "Tell the authority that issued it: it breaks its own rules.";

/** What is said of the problems of certificates, in English. */
export const certificateProblems: CertificateProblemMessages = {
  CERTIFICATE_MALFORMED: { what: "The certificate cannot be read.", remedy: reissue },
  EXTENSION_MALFORMED: { what: "A part of the certificate, an extension, cannot be read.", remedy: reissue },
  EXTENSION_UNKNOWN: {
    what: "The certificate has a critical extension that is not understood.",
    remedy: "Have the certificate issued without it, or with the extension not critical.",
  },
  ISSUER_UNKNOWN: {
    what: "The certificate of the issuer is missing.",
    remedy: "Have the server send its intermediate certificates, or trust the issuer’s root if it is yours.",
  },
  ROOT_UNTRUSTED: {
    what: "The path ends in a root that is not trusted.",
    remedy: "Add this root to the trusted ones if it is yours.",
  },
  SIGNATURE_INVALID: {
    what: "The issuer’s key did not make this signature.",
    remedy: "Check that the server sends the intermediate certificates that belong to its own.",
  },
  SIGNATURE_WEAK: {
    what: "The certificate is signed by an algorithm that is not accepted.",
    remedy: "Have it issued with SHA-256 or better, by RSA, ECDSA or EdDSA.",
  },
  SIGNATURE_ALGORITHM_MISMATCH: {
    what: "The certificate names one signature algorithm inside of what is signed and another outside.",
    remedy: reissue,
  },
  KEY_WEAK: {
    what: "The key is too weak, or of a kind that is not accepted.",
    remedy: "Use RSA with at least 2048 bits, P-256, P-384, P-521, Ed25519 or Ed448.",
  },
  NOT_YET_VALID: { what: "The certificate is not valid yet.", remedy: "Check the clock of this device." },
  EXPIRED: { what: "The certificate has expired.", remedy: "Have the certificate of the server renewed." },
  NOT_A_CA: {
    what: "A certificate is used to issue others and may not.",
    remedy: "Check that the server sends the intermediate certificates that belong to its own.",
  },
  KEY_USAGE_FORBIDS_SIGNING: {
    what: "The issuer’s key may not sign certificates.",
    remedy: "Have the issuer’s certificate issued with the key usage keyCertSign.",
  },
  KEY_USAGE_UNSUITABLE: {
    what: "The key may not be used for TLS.",
    remedy: "Have the certificate issued with the key usage digitalSignature.",
  },
  PURPOSE_FORBIDDEN: {
    what: "The certificate is for another purpose.",
    remedy: "Have it issued for this purpose: serverAuth for servers, clientAuth for clients.",
  },
  PATH_LENGTH_EXCEEDED: {
    what: "More issuers follow below an authority than it allows.",
    remedy: "Have the certificate issued by an authority nearer to the root.",
  },
  CHAIN_TOO_DEEP: {
    what: "There are more intermediate certificates than were asked for.",
    remedy: "Allow more of them, or have the certificate issued by an authority nearer to the root.",
  },
  NAME_EXCLUDED: {
    what: "An issuer above excludes this name.",
    remedy: "Have the certificate issued by an authority that may certify this name.",
  },
  NAME_NOT_PERMITTED: {
    what: "An issuer above may not certify this name.",
    remedy: "Have the certificate issued by an authority that may certify this name.",
  },
  NAME_FORM_UNSUPPORTED: {
    what: "An issuer limits a kind of name that is not understood, and the certificate has one.",
    remedy: "Have the certificate issued without this name.",
  },
  NAME_CONSTRAINTS_MALFORMED: {
    what: "An issuer’s limits on names cannot be understood.",
    remedy: "Have the issuer’s certificate issued again with limits in their proper form.",
  },
  NAME_CONSTRAINTS_TOO_COSTLY: {
    what: "There are too many names and limits on names to compare.",
    remedy: "Have the certificate issued with fewer names.",
  },
  NAME_MALFORMED: { what: "A name in the certificate is malformed.", remedy: reissue },
  HOST_MISMATCH: {
    what: "The certificate is for another host.",
    remedy: "Check the name of the host, or have it added to the names of the certificate.",
  },
  POLICY_MISSING: {
    what: "An issuer requires a policy that the whole path shares, and there is none.",
    remedy: tellIssuer,
  },
  REVOKED: {
    what: "The authority that issued the certificate has revoked it.",
    remedy: "Replace the certificate, and its key.",
  },
  REVOCATION_UNKNOWN: {
    what: "Nothing says whether the certificate is revoked, and that was required.",
    remedy: "Supply a current revocation list of its issuer, or have the server staple an answer.",
  },
  REVOCATION_LIST_INVALID: {
    what: "The issuer’s revocation list cannot be used.",
    remedy: "Fetch a current list from the issuer.",
  },
  WORK_LIMIT_REACHED: {
    what: "The search for a path to a trusted root was given up: there is too much to try.",
    remedy: "Have the server send fewer certificates: its own and the intermediate ones.",
  },
  SERIAL_NUMBER_INVALID: { what: "The serial number is not one of 1 to 20 octets.", remedy: reissue },
  NAME_EMPTY: { what: "A name is empty that must not be.", remedy: reissue },
  NAME_NOT_PREFERRED: { what: "The name of a host is not written as names of hosts are.", remedy: reissue },
  KEY_IDENTIFIER_MISSING: { what: "The identifier of a key is missing.", remedy: reissue },
  CRITICALITY_WRONG: {
    what: "An extension is marked as critical and must not be, or the reverse.",
    remedy: reissue,
  },
  CA_FIELDS_CONTRADICT: {
    what: "The certificate contradicts itself on whether it is an authority’s.",
    remedy: reissue,
  },
  NAME_CONSTRAINTS_IN_LEAF: {
    what: "The certificate limits the names of others and is no authority’s.",
    remedy: reissue,
  },
  NAME_CONSTRAINTS_NOT_CRITICAL: {
    what: "The limits on names are not marked as critical.",
    remedy: tellIssuer,
  },
  INFORMATION_ACCESS_MALFORMED: {
    what: "What tells where more is to be had of the issuer cannot be read.",
    remedy: reissue,
  },
  BASELINE_VERSION: { what: "The certificate is not of version 3.", remedy: tellIssuer },
  BASELINE_KEY_IDENTIFIER: { what: "The root’s key identifiers are not as they must be.", remedy: tellIssuer },
  BASELINE_COMMON_NAME: { what: "The common name is none of the names of the certificate.", remedy: tellIssuer },
  BASELINE_PURPOSE: { what: "The purposes of the certificate are not as they must be.", remedy: tellIssuer },
  BASELINE_LEAF_IS_CA: { what: "An authority’s certificate is used for a server.", remedy: tellIssuer },
  BASELINE_KEY_SIZE: { what: "The size of the RSA key is no multiple of 8 bits.", remedy: tellIssuer },
  BASELINE_NAMES_CRITICAL: {
    what: "The names are marked as critical although the certificate has a subject.",
    remedy: tellIssuer,
  },
  BASELINE_PUBLIC_SUFFIX: {
    what: "The certificate is for every host below a suffix under which anybody can have a name.",
    remedy: tellIssuer,
  },
  STAPLE_REQUIRED: {
    what: "The certificate promises a stapled answer, and none came that says it is not revoked.",
    remedy: "Have the server staple a current OCSP answer of the issuer.",
  },
  PIN_MISMATCH: {
    what: "None of the pinned keys is in the path.",
    remedy: "Compare the pins with the keys of the server; if it changed them, add the new ones.",
  },
  REFUSED_BY_LIBRARY: {
    what: "The TLS library refuses the certificates.",
    remedy: "Look at them with another implementation of TLS, and tell us if the library is wrong.",
  },
};
