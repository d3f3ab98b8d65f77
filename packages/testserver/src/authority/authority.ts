import { createHash, type KeyObject } from "node:crypto";
import { issue, type Issuer, type IssuingOptions, keyIdentifier } from "./issue.ts";
import type { KeyPair } from "./key-pair.ts";
import { generateKeys, type KeyAlgorithm } from "./keys.ts";
import { toPem } from "./pem.ts";
import {
  basicConstraints,
  type CertificatePurpose,
  extendedKeyUsage,
  keyUsage,
  type NameConstraints,
  nameConstraints,
  subjectAlternativeNames,
} from "./protocol/extensions.ts";
import { distinguishedName, type SubjectName } from "./protocol/names.ts";
import { createSigner, type Signer } from "./signer.ts";

/** A certificate authority whose key lives in memory and cannot be had. */
export interface Authority extends Issuer {
  /** Distinguished name, as in `CN=Fairlead Test Root`. */
  readonly name: string;
  /** Its own certificate, PEM. For a root, this is the trust anchor. */
  readonly certificate: string;
  /** What servers send above a leaf: this authority and those above it without the root. PEM; empty for a root. */
  readonly chain: string;
  /** SHA-256 of the certificate, 64 hexadecimal digits. */
  readonly fingerprint: string;
  readonly publicKey: KeyObject;
}

/** A certificate with its private key. Fits the `identity` options of package `tls`. */
export interface MintedIdentity {
  /** PEM, leaf first, then the intermediates. */
  readonly certificate: string;
  /** The leaf alone, PEM. */
  readonly leaf: string;
  /** PKCS #8, PEM. */
  readonly privateKey: string;
}

/** What an authority is made of. */
export interface AuthorityOptions extends IssuingOptions {
  /** Common name. */
  readonly commonName?: string | undefined;
  /** Makes an intermediate; a root by default. */
  readonly issuer?: Authority | undefined;
  /** Algorithm of the key, or the key itself; P-256 by default. */
  readonly key?: KeyAlgorithm | KeyPair | undefined;
  /** Certifies the name and the key of this authority once more, by another issuer: a cross-certificate. */
  readonly sameAs?: Authority | undefined;
  /** How many authorities may stand between this one and a leaf; as many as they like by default. */
  readonly pathLength?: number | undefined;
  readonly nameConstraints?: NameConstraints | undefined;
  /** `false` says in the certificate that it is none, which does not keep it from signing. */
  readonly isAuthority?: boolean | undefined;
}

/** What a certificate is made of. */
export interface CertificateOptions extends IssuingOptions {
  /** Who signs it; itself by default. */
  readonly issuer?: Authority | undefined;
  /** Host names, wildcards and IP literals for the subject alternative names (RFC 9525 section 3); none without any. */
  readonly names: readonly SubjectName[];
  /** The first name by default, if it is a string. With an empty one the subject is empty. */
  readonly commonName?: string | undefined;
  /** Algorithm of the key, or the key itself; P-256 by default. */
  readonly key?: KeyAlgorithm | KeyPair | undefined;
  /** What the extended key usage allows (RFC 5280 section 4.2.1.12); `server` by default, no such extension with `[]`. */
  readonly usage?: CertificatePurpose | readonly CertificatePurpose[] | undefined;
}

/** Makes a certificate authority: ECDSA on P-256, a root unless `issuer` is given. */
export async function mintAuthority(options: AuthorityOptions = {}): Promise<Authority> {
  const { issuer, sameAs, pathLength, isAuthority = true } = options;
  const role = issuer === undefined ? "Fairlead Test Root" : "Fairlead Test Intermediate";
  const commonName = sameAs?.name.slice("CN=".length) ?? options.commonName ?? role;
  const { publicKey, algorithm, sign } = sameAs ?? (await newKey(options.key));
  const certificate = issue(options, {
    commonName,
    publicKey,
    ownSigner: { algorithm, sign },
    validDays: 365,
    extensions: [
      basicConstraints(isAuthority, pathLength),
      ...keyUsageExtension(options.keyUsage ?? ["keyCertSign", "cRLSign"]),
      ...(options.nameConstraints === undefined ? [] : [nameConstraints(options.nameConstraints)]),
    ],
  });
  const pem = toPem("CERTIFICATE", certificate);
  return {
    name: `CN=${commonName}`,
    subject: distinguishedName(commonName),
    certificate: pem,
    chain: issuer === undefined ? "" : pem + issuer.chain,
    fingerprint: createHash("sha256").update(certificate).digest("hex"),
    publicKey,
    keyIdentifier: keyIdentifier(publicKey.export({ type: "spki", format: "der" })),
    algorithm,
    sign,
  };
}

/**
 * Makes a key and a certificate for it.
 *
 * @example
 * const identity = await mintCertificate({ issuer: await mintAuthority(), names: ["localhost", "127.0.0.1"] });
 * https.createServer({ cert: identity.certificate, key: identity.privateKey });
 */
export async function mintCertificate(options: CertificateOptions): Promise<MintedIdentity> {
  const { issuer, names, usage = "server" } = options;
  const { privateKey, publicKey } = await keysFor(options.key);
  const [first] = names;
  const commonName = options.commonName ?? (typeof first === "string" ? first : "nobody");
  const forEncryption = publicKey.asymmetricKeyType === "rsa" ? (["keyEncipherment"] as const) : [];
  const purposes = typeof usage === "string" ? [usage] : usage;
  const certificate = issue(options, {
    commonName,
    publicKey,
    ownSigner: createSigner(privateKey),
    validDays: 30,
    extensions: [
      basicConstraints(false),
      ...keyUsageExtension(options.keyUsage ?? ["digitalSignature", ...forEncryption]),
      ...(purposes.length === 0 ? [] : [extendedKeyUsage(purposes)]),
      ...(names.length === 0 ? [] : [subjectAlternativeNames(names, commonName === "")]),
    ],
  });
  const leaf = toPem("CERTIFICATE", certificate);
  return {
    certificate: leaf + (issuer?.chain ?? ""),
    leaf,
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

async function newKey(key: AuthorityOptions["key"]): Promise<Pick<Authority, "publicKey" | keyof Signer>> {
  const { publicKey, privateKey } = await keysFor(key);
  return { publicKey, ...createSigner(privateKey) };
}

async function keysFor(key: KeyAlgorithm | KeyPair = "P-256"): Promise<KeyPair> {
  return typeof key === "string" ? await generateKeys(key) : key;
}

function keyUsageExtension(usages: NonNullable<IssuingOptions["keyUsage"]>): readonly Uint8Array[] {
  return usages.length === 0 ? [] : [keyUsage(usages)];
}
