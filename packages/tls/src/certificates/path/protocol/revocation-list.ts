import { type AlgorithmIdentifier, keyFitsSignature, readAlgorithm, signatureAlgorithm } from "./algorithms.ts";
import type { Certificate } from "./certificate.ts";
import { keyUsageBit, type RawExtension, readExtensionList } from "./certificate-extensions.ts";
import {
  DerFields,
  type DerNode,
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
import { checkSignature, type PathWork, type VerifySignature } from "./path-builder.ts";

/** A certificate revocation list, read but not judged. */
export interface RevocationList {
  readonly signed: Uint8Array;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  readonly issuer: DistinguishedName;
  /** Seconds since 1970. */
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
  /** Serial numbers in hexadecimal. */
  readonly revoked: ReadonlySet<string>;
  readonly extensions: ReadonlyMap<string, RawExtension>;
  /** Whether an entry has a critical extension: it may be about a certificate of another issuer. */
  readonly hasCriticalEntries: boolean;
}

/**
 * Reads a list of version 1 or 2.
 *
 * @throws MalformedDer
 * @see RFC 5280 section 5.1
 */
export function readRevocationList(der: Uint8Array, readDer: ReadDer): RevocationList {
  const outer = new DerFields(readDer(der));
  const list = outer.take(derTag.sequence);
  const outerAlgorithm = readAlgorithm(outer.any());
  const signature = readBytesOfBits(outer.any());
  outer.end();
  const fields = new DerFields(list);
  const version = fields.optional(derTag.integer);
  if (version !== undefined && readUnsigned(version) !== 1) throw new MalformedDer("there is no such version");
  const algorithm = readAlgorithm(fields.any());
  if (hex(algorithm.raw) !== hex(outerAlgorithm.raw)) throw new MalformedDer("the signature algorithms differ");
  const issuer = readDistinguishedName(fields.any());
  const thisUpdate = readTime(fields.any());
  const next = fields.optional(derTag.utcTime) ?? fields.optional(derTag.generalizedTime);
  const entries = (fields.optional(derTag.sequence)?.children ?? []).map(readEntry);
  const extensions = readExtensionList(fields.optional(0xa0));
  fields.end();
  return {
    signed: list.raw,
    signatureAlgorithm: algorithm,
    signature,
    issuer,
    thisUpdate,
    nextUpdate: next && readTime(next),
    revoked: new Set(entries.map(({ serialNumber }) => serialNumber)),
    extensions,
    hasCriticalEntries: entries.some(({ critical }) => critical),
  };
}

/** What the lists of an issuer say about a certificate. */
export type ListVerdict =
  | { readonly type: "good" | "revoked" }
  /** No list is of this issuer. */
  | { readonly type: "unknown" }
  | { readonly type: "unusable"; readonly detail: string };

/**
 * Judges one certificate by the lists that its issuer signed. One usable list is enough; where there are lists of the
 * issuer's name and none is usable, that is said.
 *
 * @see RFC 5280 section 6.3.3; distribution points, indirect and delta lists are refused by their critical extensions
 */
export function judgeByLists(
  certificate: Certificate,
  issuer: Certificate,
  lists: readonly RevocationList[],
  context: { readonly time: number; readonly verifySignature: VerifySignature; readonly work: PathWork },
): ListVerdict {
  let verdict: ListVerdict = { type: "unknown" };
  for (const list of lists) {
    if (list.issuer.key !== certificate.issuer.key) continue;
    const detail = listFault(list, issuer, context.time) ?? signatureFault(list, issuer, context);
    if (detail !== undefined) {
      if (verdict.type === "unknown") verdict = { type: "unusable", detail };
      continue;
    }
    if (list.revoked.has(hex(certificate.serialNumber))) return { type: "revoked" };
    verdict = { type: "good" };
  }
  return verdict;
}

const crlNumber = "2.5.29.20";

function listFault(list: RevocationList, issuer: Certificate, time: number): string | undefined {
  const usage = issuer.extensions.keyUsage;
  if (usage !== undefined && !usage.has(keyUsageBit.cRLSign)) return "its issuer's key may not sign lists";
  if (list.thisUpdate > time) return "it is not valid yet";
  if (list.nextUpdate === undefined) return "it does not say how long it is valid";
  if (list.nextUpdate < time) return "it has expired";
  // RFC 5280 section 5.2.3. A critical one is refused like every critical extension.
  if (!list.extensions.has(crlNumber)) return "it has no number";
  const critical = [...list.extensions.values()].some((extension) => extension.critical);
  return critical || list.hasCriticalEntries ? "it has a critical extension that is not understood" : undefined;
}

function signatureFault(
  { signed, signature, signatureAlgorithm: identifier }: RevocationList,
  issuer: Certificate,
  { verifySignature, work }: { readonly verifySignature: VerifySignature; readonly work: PathWork },
): string | undefined {
  const algorithm = signatureAlgorithm(identifier);
  if (algorithm === undefined || !keyFitsSignature(issuer.publicKey, algorithm)) return "its signature is weak";
  const check = { algorithm, publicKeyInfo: issuer.publicKeyInfo, signed, signature };
  return checkSignature(check, verifySignature, work) === true ? undefined : "its signature is not its issuer's";
}

function readEntry(node: DerNode): { readonly serialNumber: string; readonly critical: boolean } {
  const fields = new DerFields(node);
  const serialNumber = hex(readInteger(fields.any()));
  readTime(fields.any());
  const extensions = fields.optional(derTag.sequence);
  fields.end();
  const critical = (extensions?.children ?? []).some((extension) => {
    const parts = new DerFields(extension);
    parts.any();
    return parts.optional(derTag.boolean)?.content[0] === 0xff;
  });
  return { serialNumber, critical };
}
