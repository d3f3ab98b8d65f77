import { keyFitsSignature, readAlgorithm, signatureAlgorithm } from "./algorithms.ts";
import { type Certificate, readCertificate } from "./certificate.ts";
import {
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

/** What a response says about a certificate; `unknown` also when it cannot be used. */
export type ResponseVerdict = "good" | "revoked" | "unknown";

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
    if (!signers.some((signer) => isSignedBy(signature, signer, context))) return "unknown";
    for (const node of responses) {
      const response = readSingleResponse(node);
      if (!isAbout(response, certificate, issuer, context.hash)) continue;
      // Revoked stays revoked; that something is good is true for a time.
      if (response.status === "revoked" && response.thisUpdate <= context.time) return "revoked";
      const current = response.thisUpdate <= context.time && context.time <= (response.nextUpdate ?? -Infinity);
      if (current) return response.status;
    }
    return "unknown";
  } catch (error) {
    if (error instanceof MalformedDer) return "unknown";
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
  readonly status: ResponseVerdict;
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
  const { tag } = fields.any();
  const status = tag === 0x80 ? "good" : tag === 0xa1 ? "revoked" : "unknown";
  const thisUpdate = readTime(fields.any());
  const next = fields.optional(0xa0);
  const nextUpdate = next && readTime(new DerFields(next, 0xa0).any());
  return { hashName: hashNames[oid], nameHash, keyHash, serialNumber, status, thisUpdate, nextUpdate };
}

function isAbout(response: SingleResponse, certificate: Certificate, issuer: Certificate, hash: Hash): boolean {
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
