import { createHash } from "node:crypto";
import { escapeControls, UsageError } from "@fairlead/core";
import { keyName, signatureName } from "./algorithm-names.ts";
import { describeGeneralName, describeSubtree } from "./describe-general-name.ts";
import { isSelfIssued } from "./path/protocol/certificate.ts";
import { type RawExtension, readExtensionList } from "./path/protocol/certificate-extensions.ts";
import { contextTag, DerFields, derTag, expectTag, hex, MalformedDer } from "./path/protocol/der-node.ts";
import { readGeneralName } from "./path/protocol/general-name.ts";
import { promisesStaple } from "./path/protocol/revocation.ts";
import { readDer } from "./path/read-der.ts";
import { parseCertificate } from "./path/verify-path.ts";
import { pinOf } from "./public-key-pin.ts";
import { readSignedTimestamps, type SignedTimestamp } from "./signed-timestamps.ts";

/**
 * What a certificate says, as plain data for a viewer. Nothing of it is verified. Text is the issuer's, with characters
 * that move a cursor or turn the direction of text written as escapes.
 */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** Issued under its own name, as roots are. */
  readonly isSelfIssued: boolean;
  /** Hexadecimal. */
  readonly serialNumber: string;
  readonly version: number;
  /** ISO 8601; both are included. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** Subject alternative names: `DNS:a.test`, `IP:192.0.2.1`, `mail:…`, `URI:…`, `directory:…`, `other:…`. */
  readonly names: readonly string[];
  /** `RSA, 2048 bits`, `EC, P-256`, `Ed25519`. */
  readonly key: string;
  readonly signatureAlgorithm: string;
  readonly isAuthority: boolean;
  /** Authorities that may follow below; `undefined`: as many as will. */
  readonly pathLength: number | undefined;
  /** What an authority may certify; `undefined` where it says nothing of it, or nothing that can be read. */
  readonly nameConstraints: NameConstraintFacts | undefined;
  /** Names of RFC 5280 section 4.2.1.3; `undefined`: not limited. */
  readonly keyUsage: readonly string[] | undefined;
  /** Names of RFC 5280 section 4.2.1.12, or object identifiers; `undefined`: not limited. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  /** Object identifiers. */
  readonly policies: readonly string[];
  /** Where the issuer's certificate is. */
  readonly issuerUrls: readonly string[];
  /** Where OCSP is answered. */
  readonly ocspUrls: readonly string[];
  /** Where revocation lists are. RFC 5280 section 4.2.1.13. */
  readonly crlUrls: readonly string[];
  /** Whether the server promises to staple. RFC 7633. */
  readonly mustStaple: boolean;
  /** Logs that have seen it. RFC 6962 section 3.3. */
  readonly signedTimestamps: readonly SignedTimestamp[];
  /** Hexadecimal. */
  readonly subjectKeyIdentifier: string | undefined;
  readonly authorityKeyIdentifier: string | undefined;
  /** Object identifiers of all extensions. */
  readonly extensions: readonly { readonly oid: string; readonly critical: boolean }[];
  /** Of the whole certificate, hexadecimal. */
  readonly fingerprints: { readonly sha1: string; readonly sha256: string };
  /** See `publicKeyPin`. */
  readonly publicKeyPin: string;
}

/**
 * The names that an authority may certify. Each is written as a name, networks with their prefix: `DNS:a.test`,
 * `IP:192.0.2.0/24`; one that ends with its kind (`DNS:`) stands for all names of it. RFC 5280 section 4.2.1.10.
 */
export interface NameConstraintFacts {
  /** Of the kinds of names that are here no others; kinds that are not here are not limited. */
  readonly permitted: readonly string[];
  /** These not, even where they are permitted. */
  readonly excluded: readonly string[];
}

/**
 * Reads what a certificate says.
 *
 * @throws UsageError OPTION_INVALID when the bytes are no certificate.
 */
export function describeCertificate(der: Uint8Array): CertificateFacts {
  const certificate = parseCertificate(der);
  if (certificate === undefined) throw new UsageError("OPTION_INVALID", { detail: "this is no certificate in DER" });
  const { extensions, publicKey } = certificate;
  const raw = rawExtensions(der);
  return {
    subject: escapeControls(certificate.subject.text),
    issuer: escapeControls(certificate.issuer.text),
    isSelfIssued: isSelfIssued(certificate),
    serialNumber: hex(certificate.serialNumber),
    version: certificate.version,
    notBefore: isoDate(certificate.notBefore),
    notAfter: isoDate(certificate.notAfter),
    names: (extensions.subjectAltNames ?? []).map(describeGeneralName),
    key: keyName(publicKey, certificate.publicKeyInfo),
    signatureAlgorithm: signatureName(certificate.signatureAlgorithm),
    isAuthority: extensions.basicConstraints?.ca === true,
    pathLength: extensions.basicConstraints?.pathLength,
    nameConstraints: extensions.nameConstraints && {
      permitted: extensions.nameConstraints.permitted.map(describeSubtree),
      excluded: extensions.nameConstraints.excluded.map(describeSubtree),
    },
    keyUsage: extensions.keyUsage && keyUsages.filter((_, bit) => extensions.keyUsage?.has(bit)),
    extendedKeyUsage: extensions.extendedKeyUsage?.map((oid) => purposes[oid] ?? oid),
    policies: extensions.policies ?? [],
    issuerUrls: (extensions.authorityInfoAccess?.issuers ?? []).map(escapeControls),
    ocspUrls: (extensions.authorityInfoAccess?.responders ?? []).map(escapeControls),
    crlUrls: crlUrls(raw.get(crlDistributionPoints)),
    mustStaple: promisesStaple(certificate),
    signedTimestamps: leniently(raw.get(signedTimestamps), ({ value }) =>
      readSignedTimestamps(expectTag(readDer(value), derTag.octetString).content),
    ),
    subjectKeyIdentifier: extensions.subjectKeyIdentifier && hex(extensions.subjectKeyIdentifier),
    authorityKeyIdentifier:
      extensions.authorityKeyIdentifier?.keyIdentifier && hex(extensions.authorityKeyIdentifier.keyIdentifier),
    extensions: [...raw].map(([oid, { critical }]) => ({ oid, critical })),
    fingerprints: { sha1: fingerprint("sha1", der), sha256: fingerprint("sha256", der) },
    publicKeyPin: pinOf(certificate.publicKeyInfo),
  };
}

/** Writes what a certificate says for people, one fact a line; empty ones are left out. */
export function formatCertificate(facts: CertificateFacts): string {
  const { sha1, sha256 } = facts.fingerprints;
  const lines: readonly (readonly [name: string, values: readonly (string | undefined)[]])[] = [
    ["subject", [facts.subject === "" ? "none" : facts.subject]],
    ["issuer", [facts.isSelfIssued ? "itself" : facts.issuer]],
    ["valid", [`${facts.notBefore} to ${facts.notAfter}`]],
    ["names", facts.names],
    ["serial number", [facts.serialNumber]],
    ["key", [facts.key]],
    ["signature", [facts.signatureAlgorithm]],
    [
      "authority",
      facts.isAuthority ? [facts.pathLength === undefined ? "yes" : `yes, ${pathText(facts.pathLength)}`] : [],
    ],
    ["names permitted", facts.nameConstraints?.permitted ?? []],
    ["names excluded", facts.nameConstraints?.excluded ?? []],
    ["key usage", facts.keyUsage ?? []],
    ["purpose", facts.extendedKeyUsage ?? []],
    ["policies", facts.policies],
    ["issuer at", facts.issuerUrls],
    ["OCSP at", facts.ocspUrls],
    ["revocation lists at", facts.crlUrls],
    ["must staple", facts.mustStaple ? ["yes"] : []],
    ["seen by logs", facts.signedTimestamps.map(({ log, time }) => `${log.slice(0, 16)}… on ${time}`)],
    ["SHA-256", [sha256]],
    ["SHA-1", [sha1]],
    ["public key pin", [facts.publicKeyPin]],
  ];
  return lines
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => `${`${name}:`.padEnd(22)}${values.join(", ")}\n`)
    .join("");
}

function pathText(pathLength: number): string {
  return pathLength === 0 ? "of leaves only" : `with up to ${String(pathLength)} below it`;
}

const crlDistributionPoints = "2.5.29.31";
const signedTimestamps = "1.3.6.1.4.1.11129.2.4.2";

const keyUsages = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
] as const;

const purposes: Readonly<Record<string, string>> = {
  "1.3.6.1.5.5.7.3.1": "serverAuth",
  "1.3.6.1.5.5.7.3.2": "clientAuth",
  "1.3.6.1.5.5.7.3.3": "codeSigning",
  "1.3.6.1.5.5.7.3.4": "emailProtection",
  "1.3.6.1.5.5.7.3.8": "timeStamping",
  "1.3.6.1.5.5.7.3.9": "OCSPSigning",
  "2.5.29.37.0": "anyExtendedKeyUsage",
};

/** The certificate was read before, so that it has this form. */
function rawExtensions(der: Uint8Array): ReadonlyMap<string, RawExtension> {
  const [signed] = readDer(der).children;
  return readExtensionList(signed?.children.find(({ tag }) => tag === contextTag(3, "constructed")));
}

/** Distribution points with a full name that is a URI. */
function crlUrls(extension: RawExtension | undefined): readonly string[] {
  return leniently(extension, ({ value }) =>
    readDer(value).children.flatMap((point) => {
      const place = new DerFields(point).optional(contextTag(0, "constructed"))?.children[0];
      if (place?.tag !== contextTag(0, "constructed")) return [];
      return place.children
        .map(readGeneralName)
        .flatMap((name) => (name.type === "uri" ? escapeControls(name.value) : []));
    }),
  );
}

/** What is malformed is shown as missing: the verdict is where it counts. */
function leniently<T>(
  extension: RawExtension | undefined,
  read: (extension: RawExtension) => readonly T[],
): readonly T[] {
  if (extension === undefined) return [];
  try {
    return read(extension);
  } catch (error) {
    if (error instanceof MalformedDer) return [];
    throw error;
  }
}

function fingerprint(algorithm: "sha1" | "sha256", der: Uint8Array): string {
  return createHash(algorithm).update(der).digest("hex");
}

function isoDate(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
