import { createHash, KeyObject, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import type { Extension, X509Certificate } from "@peculiar/x509";
import { loadX509 } from "./x509-library.ts";

const dayMilliseconds = 86_400_000;
const keyAlgorithm = { name: "ECDSA", namedCurve: "P-256" } as const;
const signatureAlgorithm = { name: "ECDSA", hash: "SHA-256" } as const;

/** A certificate authority whose key lives in memory and cannot be exported. */
export interface Authority {
  /** Distinguished name, as in `CN=Fairlead Test Root`. */
  readonly name: string;
  /** Its own certificate, PEM. For a root, this is the trust anchor. */
  readonly certificate: string;
  /** What servers send above a leaf: this authority and those above it without the root. PEM; empty for a root. */
  readonly chain: string;
  /** SHA-256 of the certificate, 64 hexadecimal digits. */
  readonly fingerprint: string;
  readonly signingKey: webcrypto.CryptoKey;
  readonly publicKey: webcrypto.CryptoKey;
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

/** Since when and until when a certificate is valid. */
export interface Validity {
  /** A day ago by default. */
  readonly notBefore?: Date | undefined;
  /** In thirty days by default; in a year for authorities. */
  readonly notAfter?: Date | undefined;
  /** What the defaults count from, in milliseconds since the epoch; `Date.now()` by default. */
  readonly now?: number | undefined;
}

/** What an authority is made of. */
export interface AuthorityOptions extends Validity {
  /** Common name. */
  readonly commonName?: string | undefined;
  /** Makes an intermediate; a root by default. */
  readonly issuer?: Authority | undefined;
}

/** What a certificate is made of. */
export interface CertificateOptions extends Validity {
  /** Host names, wildcards and IP literals for the subject alternative names (RFC 9525 section 3). */
  readonly names: readonly string[];
  /** The first name by default. */
  readonly commonName?: string | undefined;
  /** Who signs it; itself by default. */
  readonly issuer?: Authority | undefined;
  /** What the extended key usage allows (RFC 5280 section 4.2.1.12); `server` by default. */
  readonly usage?: "server" | "client" | undefined;
}

/** Makes a certificate authority: ECDSA on P-256, a root unless `issuer` is given. */
export async function mintAuthority(options: AuthorityOptions = {}): Promise<Authority> {
  const x509 = loadX509();
  const keys = await webcrypto.subtle.generateKey(keyAlgorithm, false, ["sign", "verify"]);
  const { issuer } = options;
  const name = `CN=${options.commonName ?? (issuer === undefined ? "Fairlead Test Root" : "Fairlead Test Intermediate")}`;
  const certificate = await sign(keys, name, issuer, validity(options, 365), [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ]);
  const pem = toPem(certificate);
  return {
    name,
    certificate: pem,
    chain: issuer === undefined ? "" : pem + issuer.chain,
    fingerprint: createHash("sha256").update(new Uint8Array(certificate.rawData)).digest("hex"),
    signingKey: keys.privateKey,
    publicKey: keys.publicKey,
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
  const x509 = loadX509();
  const keys = await webcrypto.subtle.generateKey(keyAlgorithm, true, ["sign", "verify"]);
  const { issuer, usage = "server" } = options;
  const extendedUsage = usage === "server" ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth;
  const certificate = await sign(
    keys,
    `CN=${options.commonName ?? options.names[0] ?? "nobody"}`,
    issuer,
    validity(options, 30),
    [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([extendedUsage]),
      new x509.SubjectAlternativeNameExtension(
        options.names.map((value) => ({ type: isIP(value) === 0 ? ("dns" as const) : ("ip" as const), value })),
      ),
    ],
  );
  const leaf = toPem(certificate);
  return {
    certificate: leaf + (issuer?.chain ?? ""),
    leaf,
    privateKey: KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

async function sign(
  keys: webcrypto.CryptoKeyPair,
  subject: string,
  issuer: Authority | undefined,
  dates: { readonly notBefore: Date; readonly notAfter: Date },
  extensions: Extension[],
): Promise<X509Certificate> {
  const x509 = loadX509();
  return await x509.X509CertificateGenerator.create({
    subject,
    issuer: issuer?.name ?? subject,
    publicKey: keys.publicKey,
    signingKey: issuer?.signingKey ?? keys.privateKey,
    signingAlgorithm: signatureAlgorithm,
    ...dates,
    extensions: [
      ...extensions,
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer?.publicKey ?? keys.publicKey),
    ],
  });
}

function validity(options: Validity, days: number): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = options.now ?? Date.now();
  return {
    notBefore: options.notBefore ?? new Date(now - dayMilliseconds),
    notAfter: options.notAfter ?? new Date(now + days * dayMilliseconds),
  };
}

function toPem(certificate: X509Certificate): string {
  return `${certificate.toString("pem").trimEnd()}\n`;
}
