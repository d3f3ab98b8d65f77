import {
  type AlgorithmIdentifier,
  type PublicKeyFacts,
  readAlgorithm,
  readKeyBits,
  readPublicKey,
} from "./algorithms.ts";
import { type CertificateExtensions, readExtensions } from "./certificate-extensions.ts";
import {
  type DerNode,
  DerFields,
  derTag,
  hex,
  MalformedDer,
  readBytesOfBits,
  readInteger,
  readTime,
  readUnsigned,
  type ReadDer,
} from "./der-node.ts";
import { type DistinguishedName, readDistinguishedName } from "./distinguished-name.ts";

/** A certificate, read but not judged. */
export interface Certificate {
  /** The bytes that it was read from; not a copy. */
  readonly der: Uint8Array;
  /** What is signed. */
  readonly signed: Uint8Array;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  /** Whether the algorithm is the same inside and outside of what is signed. RFC 5280 section 4.1.1.2. */
  readonly signatureAlgorithmAgrees: boolean;
  readonly signature: Uint8Array;
  /** 1, 2 or 3. */
  readonly version: number;
  /** The contents of the INTEGER. */
  readonly serialNumber: Uint8Array;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  /** Seconds since 1970, both inclusive. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKeyInfo: Uint8Array;
  readonly publicKey: PublicKeyFacts;
  /** The key without its algorithm. */
  readonly keyBits: Uint8Array;
  /** Subject and key: what loops and cross-certificates share. */
  readonly identity: string;
  readonly extensions: CertificateExtensions;
}

/**
 * Reads a certificate.
 *
 * @throws MalformedDer. An extension whose contents are malformed is noted in `extensions`, not thrown.
 * @see RFC 5280 section 4.1
 */
export function readCertificate(der: Uint8Array, readDer: ReadDer): Certificate {
  const outer = new DerFields(readDer(der));
  const signed = outer.take(derTag.sequence);
  const signatureAlgorithm = readAlgorithm(outer.any());
  const signature = readBytesOfBits(outer.any());
  outer.end();

  const fields = new DerFields(signed);
  const version = readVersion(fields.optional(0xa0));
  const serialNumber = readInteger(fields.any());
  const innerAlgorithm = readAlgorithm(fields.any());
  const issuer = readDistinguishedName(fields.any());
  const validity = new DerFields(fields.any());
  const notBefore = readTime(validity.any());
  const notAfter = readTime(validity.any());
  validity.end();
  const subject = readDistinguishedName(fields.any());
  const keyInfo = fields.take(derTag.sequence);
  // Unique identifiers: read past, and never used (RFC 5280 section 4.1.2.8).
  fields.optional(0x81);
  fields.optional(0x82);
  const extensions = readExtensions(fields.optional(0xa3), readDer);
  fields.end();

  return {
    der,
    signed: signed.raw,
    signatureAlgorithm,
    signatureAlgorithmAgrees: hex(innerAlgorithm.raw) === hex(signatureAlgorithm.raw),
    signature,
    version,
    serialNumber,
    issuer,
    subject,
    notBefore,
    notAfter,
    publicKeyInfo: keyInfo.raw,
    publicKey: readPublicKey(keyInfo, readDer),
    keyBits: readKeyBits(keyInfo),
    identity: `${subject.key} ${hex(keyInfo.raw)}`,
    extensions,
  };
}

/** Issued under its own name, as roots are, and certificates with which a CA changes its key. RFC 5280 section 3.2. */
export function isSelfIssued({ issuer, subject }: Certificate): boolean {
  return issuer.key === subject.key;
}

function readVersion(node: DerNode | undefined): number {
  if (node === undefined) return 1;
  const fields = new DerFields(node, 0xa0);
  const version = readUnsigned(fields.any()) + 1;
  fields.end();
  if (version < 2 || version > 3) throw new MalformedDer("there is no such version");
  return version;
}
