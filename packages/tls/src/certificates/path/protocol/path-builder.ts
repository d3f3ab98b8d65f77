import { keyFitsSignature, signatureAlgorithm, type SignatureAlgorithm } from "./algorithms.ts";
import { type Certificate, isSelfIssued } from "./certificate.ts";
import { hex } from "./der-node.ts";
import type { DistinguishedName } from "./distinguished-name.ts";

/** One signature to check. */
export interface SignatureCheck {
  readonly algorithm: SignatureAlgorithm;
  /** The issuer's SubjectPublicKeyInfo in DER. */
  readonly publicKeyInfo: Uint8Array;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

/** Tells whether the key made the signature. Does not throw: what cannot be checked is not made by the key. */
export type VerifySignature = (check: SignatureCheck) => boolean;

/** What one verification may cost, whatever the peer sends. */
export interface PathLimits {
  /** Certificates in a path, leaf and anchor included. */
  readonly pathCertificates: number;
  /** Intermediates that are looked at; the rest of what a peer sends is not. */
  readonly intermediates: number;
  /** Signatures of certificates and revocation lists. Each is checked at most once. */
  readonly signatureChecks: number;
  /** Issuers tried, over all paths. */
  readonly steps: number;
  /** Paths that are judged, complete or not. */
  readonly paths: number;
}

/** The limits that hold unless others are given. The longest real paths have 6 certificates. */
export const defaultPathLimits: PathLimits = {
  pathCertificates: 12,
  intermediates: 128,
  signatureChecks: 128,
  steps: 2048,
  paths: 64,
};

/** What has been spent. */
export interface PathWork {
  readonly limits: PathLimits;
  signatureChecks: number;
  steps: number;
  paths: number;
  /** Answers so far, by key and signature. */
  readonly signatures: Map<string, boolean>;
}

/** Begins to count. */
export function startPathWork(limits: PathLimits): PathWork {
  return { limits, signatureChecks: 0, steps: 0, paths: 0, signatures: new Map() };
}

/** A path from the leaf upward, and why it ends. */
export interface CandidatePath {
  /** Leaf first. With `anchor` the last one is the anchor. */
  readonly certificates: readonly Certificate[];
  readonly end:
    | "anchor"
    /** Nobody of the issuer's name is there, or only certificates that the path has already. */
    | "issuer-unknown"
    | "root-untrusted"
    /** There is somebody of the issuer's name, and the signature is none of theirs. */
    | "signature-invalid"
    | "signature-weak"
    | "work-limit";
}

/** Certificates that a path may end in, found by their subject. */
export interface Anchors {
  named(name: DistinguishedName): readonly Certificate[];
}

/** Where issuers are looked for. */
export interface IssuerPool {
  readonly anchors: Anchors;
  readonly intermediates: readonly Certificate[];
  /** Seconds since 1970. Certificates that are valid then are tried first. */
  readonly time: number;
  readonly verifySignature: VerifySignature;
}

/**
 * Finds the paths from the leaf to an anchor, the likeliest first, and those that lead nowhere. Depth first with
 * backtracking: the caller judges each path, and asks for the next while none is good.
 *
 * No subject appears with the same key twice in a path, which cuts the loops of cross-certificates.
 *
 * @see RFC 4158 section 2.4, RFC 5280 section 6.1
 */
export function* findPaths(leaf: Certificate, pool: IssuerPool, work: PathWork): Generator<CandidatePath> {
  const bySubject = new Map<string, Issuer[]>();
  for (const each of pool.intermediates) addIssuer(bySubject, { certificate: each, anchor: false });
  const twins = pool.anchors.named(leaf.subject);
  if (twins.some(({ der }) => hex(der) === hex(leaf.der))) yield { certificates: [leaf], end: "anchor" };
  yield* extend([leaf], bySubject, pool, work);
}

/** Checks a signature once; `undefined` when the work is used up. */
export function checkSignature(check: SignatureCheck, verify: VerifySignature, work: PathWork): boolean | undefined {
  const key = `${hex(check.publicKeyInfo)} ${hex(check.signature)} ${hex(check.signed)}`;
  const known = work.signatures.get(key);
  if (known !== undefined) return known;
  if (work.signatureChecks >= work.limits.signatureChecks) return undefined;
  work.signatureChecks++;
  const good = verify(check);
  work.signatures.set(key, good);
  return good;
}

/**
 * Tells whether the certificate's own key made its signature. Looked at only where it can be so: under its own name, or
 * where no other key is named.
 */
export function isSelfSigned(certificate: Certificate, verify: VerifySignature, work: PathWork): boolean {
  const { signatureAlgorithm: identifier, publicKey, publicKeyInfo, signed, signature, extensions } = certificate;
  const algorithm = signatureAlgorithm(identifier);
  // Roots may be signed with SHA-1, which is not looked at: their name must do.
  if (isSelfIssued(certificate)) return true;
  if (algorithm === undefined || extensions.authorityKeyIdentifier?.keyIdentifier !== undefined) return false;
  if (!keyFitsSignature(publicKey, algorithm)) return false;
  return checkSignature({ algorithm, publicKeyInfo, signed, signature }, verify, work) === true;
}

interface Issuer {
  readonly certificate: Certificate;
  readonly anchor: boolean;
}

function addIssuer(bySubject: Map<string, Issuer[]>, issuer: Issuer): void {
  const same = bySubject.get(issuer.certificate.subject.key);
  if (same === undefined) bySubject.set(issuer.certificate.subject.key, [issuer]);
  else same.push(issuer);
}

function* extend(
  path: readonly Certificate[],
  bySubject: ReadonlyMap<string, readonly Issuer[]>,
  pool: IssuerPool,
  work: PathWork,
): Generator<CandidatePath> {
  const last = path.at(-1);
  if (last === undefined) return;
  const algorithm = signatureAlgorithm(last.signatureAlgorithm);
  const anchors = pool.anchors.named(last.issuer).map((certificate) => ({ certificate, anchor: true }));
  const issuers = sortIssuers(last, [...anchors, ...(bySubject.get(last.issuer.key) ?? [])], pool.time);
  let tried = false;
  let extended = false;
  for (const { certificate: issuer, anchor } of issuers) {
    if (path.some(({ identity }) => identity === issuer.identity)) continue;
    if (++work.steps > work.limits.steps || path.length >= work.limits.pathCertificates) {
      yield { certificates: path, end: "work-limit" };
      return;
    }
    // One of the name whose key is not the one that is named is another issuer, and no forger.
    tried ||= keyIdentifiers(last, issuer) !== "differ";
    if (algorithm === undefined) continue;
    if (!keyFitsSignature(issuer.publicKey, algorithm)) continue;
    const { signed, signature } = last;
    const check = { algorithm, publicKeyInfo: issuer.publicKeyInfo, signed, signature };
    const good = checkSignature(check, pool.verifySignature, work);
    if (good === undefined) {
      yield { certificates: path, end: "work-limit" };
      return;
    }
    if (!good) continue;
    extended = true;
    if (anchor) yield { certificates: [...path, issuer], end: "anchor" };
    else yield* extend([...path, issuer], bySubject, pool, work);
    if (work.steps > work.limits.steps || work.paths >= work.limits.paths) return;
  }
  if (extended) return;
  if (algorithm === undefined && tried) yield { certificates: path, end: "signature-weak" };
  else if (tried) yield { certificates: path, end: "signature-invalid" };
  else yield { certificates: path, end: isSelfIssued(last) ? "root-untrusted" : "issuer-unknown" };
}

/** Anchors first, then who has the key that is named, then who is valid at the time; otherwise in the order sent. */
function sortIssuers(child: Certificate, issuers: readonly Issuer[], time: number): readonly Issuer[] {
  const score = ({ certificate, anchor }: Issuer): number => {
    const keyFits = keyIdentifiers(child, certificate) === "agree";
    const valid = certificate.notBefore <= time && time <= certificate.notAfter;
    return (anchor ? 4 : 0) + (keyFits ? 2 : 0) + (valid ? 1 : 0);
  };
  return issuers
    .map((issuer) => ({ issuer, score: score(issuer) }))
    .sort((a, b) => b.score - a.score)
    .map(({ issuer }) => issuer);
}

/** Whether the child names the key of this issuer. RFC 5280 sections 4.2.1.1 and 4.2.1.2. */
function keyIdentifiers(child: Certificate, issuer: Certificate): "agree" | "differ" | "unknown" {
  const wanted = child.extensions.authorityKeyIdentifier?.keyIdentifier;
  const own = issuer.extensions.subjectKeyIdentifier;
  if (wanted === undefined || own === undefined) return "unknown";
  return hex(wanted) === hex(own) ? "agree" : "differ";
}
