import { keyFitsSignature, readAlgorithm, signatureAlgorithm } from "./algorithms.ts";
import { type Certificate, readCertificate } from "./certificate.ts";
import {
  contextTag,
  DerFields,
  type DerNode,
  derTag,
  hex,
  MalformedDer,
  readBytesOfBits,
  readInteger,
  readOid,
  readTime,
  readUnsigned,
  type ReadDer,
} from "./der-node.ts";
import { checkSignature, type PathWork, type VerifySignature } from "./path-builder.ts";

/** Hashes bytes. */
export type Hash = (algorithm: "sha1" | "sha256", bytes: Uint8Array) => Uint8Array;

/** What a response says about a certificate. Times are seconds since 1970. */
export type ResponseVerdict =
  /** From `thisUpdate` to `nextUpdate`, both included. */
  | { readonly type: "good"; readonly thisUpdate: number; readonly nextUpdate: number }
  /** What is `undefined` is not told, or cannot be read. */
  | {
      readonly type: "revoked";
      readonly revokedAt: number | undefined;
      readonly reason: RevocationReason | undefined;
    }
  /** The responder does not know the certificate. */
  | { readonly type: "unknown" }
  /** It is out of date, about another certificate, not signed by who may, or not to be read. */
  | { readonly type: "unusable" };

/** Why a certificate was revoked. RFC 5280 section 5.3.1. */
export type RevocationReason = (typeof reasons)[number];

const reasons = [
  "unspecified",
  "keyCompromise",
  "cACompromise",
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
  "certificateHold",
  // 7 is not used.
  undefined,
  "removeFromCRL",
  "privilegeWithdrawn",
  "aACompromise",
] as const;

/**
 * Judges a certificate by an OCSP response that its issuer signed, or a responder that the issuer certified for this.
 *
 * @see RFC 6960 sections 3.2, 4.2.1 and 4.2.2.2
 */
export function judgeByResponse(
  certificate: Certificate,
  issuer: Certificate,
  der: Uint8Array,
  context: {
    readonly time: number;
    readonly verifySignature: VerifySignature;
    readonly work: PathWork;
    readonly readDer: ReadDer;
    readonly hash: Hash;
  },
): ResponseVerdict {
  try {
    const { responses, certificates, ...signature } = readResponse(der, context.readDer);
    const signers = [issuer, ...certificates.filter((each) => isResponder(each, issuer, context))];
    if (!signers.some((signer) => isSignedBy(signature, signer, context))) return unusableResponse;
    for (const node of responses) {
      const { thisUpdate, nextUpdate, status, ...response } = readSingleResponse(node);
      if (!isAbout(response, certificate, issuer, context.hash)) continue;
      // Revoked stays revoked; that something is good is true for a time.
      if (status.tag === revokedTag && thisUpdate <= context.time) return readRevocation(status);
      if (thisUpdate > context.time || nextUpdate === undefined || nextUpdate < context.time) continue;
      return status.tag === goodTag ? { type: "good", thisUpdate, nextUpdate } : { type: "unknown" };
    }
    return unusableResponse;
  } catch (error) {
    if (error instanceof MalformedDer) return unusableResponse;
    throw error;
  }
}

/** Of a response that says nothing. */
export const unusableResponse: ResponseVerdict = { type: "unusable" };

const goodTag = contextTag(0, "primitive");
const revokedTag = contextTag(1, "constructed");

/** Whatever it says of when and why: it is revoked. */
function readRevocation(status: DerNode): ResponseVerdict {
  try {
    const fields = new DerFields(status, revokedTag);
    const revokedAt = readTime(fields.take(derTag.generalizedTime));
    const given = fields.optional(contextTag(0, "constructed"));
    const number = given && readUnsigned(new DerFields(given, given.tag).any(), derTag.enumerated);
    return { type: "revoked", revokedAt, reason: number === undefined ? undefined : reasons[number] };
  } catch (error) {
    if (error instanceof MalformedDer) return { type: "revoked", revokedAt: undefined, reason: undefined };
    throw error;
  }
}

interface Signed {
  readonly signed: Uint8Array;
  readonly algorithm: ReturnType<typeof readAlgorithm>;
  readonly signature: Uint8Array;
}

const basicResponse = "1.3.6.1.5.5.7.48.1.1";
const ocspSigning = "1.3.6.1.5.5.7.3.9";
const hashNames: Readonly<Record<string, "sha1" | "sha256">> = {
  "1.3.14.3.2.26": "sha1",
  "2.16.840.1.101.3.4.2.1": "sha256",
};

/** Certificates in a response that are looked at. */
const maxResponders = 4;

function readResponse(
  der: Uint8Array,
  readDer: ReadDer,
): Signed & { readonly responses: readonly DerNode[]; readonly certificates: readonly Certificate[] } {
  const outer = new DerFields(readDer(der));
  if (readUnsigned(outer.any(), derTag.enumerated) !== 0) throw new MalformedDer("the responder has no answer");
  const typed = new DerFields(new DerFields(outer.take(0xa0), 0xa0).any());
  if (readOid(typed.any()) !== basicResponse) throw new MalformedDer("the response is of another type");
  const basic = new DerFields(readDer(typed.take(derTag.octetString).content));
  const data = basic.take(derTag.sequence);
  const algorithm = readAlgorithm(basic.any());
  const signature = readBytesOfBits(basic.any());
  const certificates = basic.optional(0xa0);
  basic.end();
  const fields = new DerFields(data);
  fields.optional(0xa0);
  fields.any();
  readTime(fields.any());
  const responses = fields.take(derTag.sequence).children;
  const sent = certificates === undefined ? [] : new DerFields(certificates, 0xa0).take(derTag.sequence).children;
  return {
    signed: data.raw,
    algorithm,
    signature,
    responses,
    certificates: sent.slice(0, maxResponders).map(({ raw }) => readCertificate(raw, readDer)),
  };
}

interface SingleResponse {
  readonly hashName: "sha1" | "sha256" | undefined;
  readonly nameHash: string;
  readonly keyHash: string;
  readonly serialNumber: string;
  /** RFC 6960 section 4.2.1: good, revoked and when, or unknown. */
  readonly status: DerNode;
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
}

function readSingleResponse(node: DerNode): SingleResponse {
  const fields = new DerFields(node);
  const id = new DerFields(fields.any());
  const { oid } = readAlgorithm(id.any());
  const nameHash = hex(id.take(derTag.octetString).content);
  const keyHash = hex(id.take(derTag.octetString).content);
  const serialNumber = hex(readInteger(id.any()));
  const status = fields.any();
  const thisUpdate = readTime(fields.any());
  const next = fields.optional(0xa0);
  const nextUpdate = next && readTime(new DerFields(next, 0xa0).any());
  return { hashName: hashNames[oid], nameHash, keyHash, serialNumber, status, thisUpdate, nextUpdate };
}

function isAbout(
  response: Pick<SingleResponse, "hashName" | "nameHash" | "keyHash" | "serialNumber">,
  certificate: Certificate,
  issuer: Certificate,
  hash: Hash,
): boolean {
  const { hashName } = response;
  if (hashName === undefined || response.serialNumber !== hex(certificate.serialNumber)) return false;
  return (
    response.nameHash === hex(hash(hashName, certificate.issuer.raw)) &&
    response.keyHash === hex(hash(hashName, issuer.keyBits))
  );
}

/** Certified for this by the issuer itself, and valid now. */
function isResponder(
  responder: Certificate,
  issuer: Certificate,
  context: { readonly time: number; readonly verifySignature: VerifySignature; readonly work: PathWork },
): boolean {
  const { time } = context;
  if (responder.issuer.key !== issuer.subject.key || time < responder.notBefore || time > responder.notAfter)
    return false;
  if (responder.extensions.extendedKeyUsage?.includes(ocspSigning) !== true) return false;
  const { signed, signatureAlgorithm: algorithm, signature } = responder;
  return isSignedBy({ signed, algorithm, signature }, issuer, context);
}

function isSignedBy(
  { signed, algorithm: identifier, signature }: Signed,
  signer: Certificate,
  { verifySignature, work }: { readonly verifySignature: VerifySignature; readonly work: PathWork },
): boolean {
  const algorithm = signatureAlgorithm(identifier);
  if (algorithm === undefined || !keyFitsSignature(signer.publicKey, algorithm)) return false;
  const check = { algorithm, publicKeyInfo: signer.publicKeyInfo, signed, signature };
  return checkSignature(check, verifySignature, work) === true;
}
