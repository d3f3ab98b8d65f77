import { anchorSet, readAnchors } from "./anchor-set.ts";
import { verifyWithNode } from "./node-signatures.ts";
import { type Certificate, readCertificate } from "./protocol/certificate.ts";
import { hex, MalformedDer } from "./protocol/der-node.ts";
import type { Purpose } from "./protocol/extended-key-usage.ts";
import {
  type Anchors,
  type CandidatePath,
  defaultPathLimits,
  findPaths,
  isSelfSigned,
  type PathLimits,
  startPathWork,
  type VerifySignature,
} from "./protocol/path-builder.ts";
import { type ResponseVerdict, unusableResponse } from "./protocol/ocsp-response.ts";
import { judgePath, type PathExpectations, type PathProfile } from "./protocol/path-validation.ts";
import { pathProblem, type PathProblem } from "./protocol/problems.ts";
import { type RevocationEvidence, revocationChecks } from "./protocol/revocation.ts";
import { readDer } from "./read-der.ts";
import { hashWithNode } from "./node-hash.ts";

/** A path to verify, and what for. Certificates are DER. */
export interface PathQuestion {
  readonly leaf: Uint8Array;
  /** Whatever the peer sent besides, in any order; may hold strangers, repetitions and nonsense. */
  readonly intermediates: readonly Uint8Array[];
  /** Certificates that a path may end in, self-signed or not. */
  readonly anchors: readonly (Uint8Array | Certificate)[] | Anchors;
  /** A host name (A-labels) or an IP literal without brackets. `undefined`: names are not compared (clients have none). */
  readonly host: string | undefined;
  /** Milliseconds since 1970; a begun second counts as the second before. */
  readonly time: number;
  readonly purpose: Purpose;
  readonly revocation?: RevocationEvidence | undefined;
  /** `rfc5280` by default. Asked for each path, it may depend on the anchor; without one, `path` holds. */
  readonly profile?: PathProfile | ((anchor: Certificate) => PathProfile) | undefined;
  /** `excused`: the form of an anchor is the business of whoever trusts it. `judged` by default. */
  readonly anchorForm?: "judged" | "excused" | undefined;
  /** Intermediates that may stand between leaf and anchor, self-issued ones not counted. */
  readonly maxDepth?: number | undefined;
  /** For the profile `web`: tells whether independent owners register below a name. */
  readonly isPublicSuffix?: ((name: string) => boolean) | undefined;
  readonly limits?: Partial<PathLimits> | undefined;
  /** `node:crypto` by default. */
  readonly verifySignature?: VerifySignature | undefined;
}

/** What became of it. */
export type PathVerdict =
  | {
      readonly type: "trusted";
      readonly path: readonly Certificate[];
      /** What the stapled response says of the leaf; `undefined` where none was stapled. */
      readonly stapled: ResponseVerdict | undefined;
    }
  | {
      readonly type: "refused";
      /** All problems of the best path, those of the leaf first; never empty. */
      readonly problems: readonly PathProblem[];
      /** That path, leaf first; empty when the leaf cannot be read. */
      readonly path: readonly Certificate[];
      /** As above. Only an issuer with whom nothing is wrong can say `good` or `unknown`; any can revoke. */
      readonly stapled: ResponseVerdict | undefined;
    };

/**
 * Decides whether the leaf can be trusted: looks for a path to an anchor in which no rule is broken. Without one, it
 * reports the best: one that reaches an anchor before one that does not, and of those the one with the fewest problems.
 *
 * Never throws for what the peer sent, and its work is bounded by `limits`. Nothing is fetched.
 *
 * @see RFC 5280 section 6, RFC 9525, RFC 4158
 */
export function verifyPath(question: PathQuestion): PathVerdict {
  const leaf = decode(question.leaf);
  const work = startPathWork({ ...defaultPathLimits, ...question.limits });
  const verifySignature = question.verifySignature ?? verifyWithNode;
  const time = Math.floor(question.time / 1000);
  const revocation = revocationChecks(question.revocation ?? {}, {
    time,
    verifySignature,
    work,
    readDer,
    hash: hashWithNode,
  });
  if (leaf === undefined) {
    const problems = [pathProblem({ code: "CERTIFICATE_MALFORMED" }, 0, "")];
    return { type: "refused", problems, path: [], stapled: revocation.stapled(undefined, undefined) };
  }
  const expectations: Omit<PathExpectations, "profile"> = {
    anchorForm: question.anchorForm ?? "judged",
    host: question.host,
    purpose: question.purpose,
    time,
    maxDepth: question.maxDepth,
    isPublicSuffix: question.isPublicSuffix,
    isSelfSigned: (certificate) => isSelfSigned(certificate, verifySignature, work),
    checkRevocation: revocation.findings,
  };
  const pool = {
    anchors: anchorsOf(question.anchors),
    intermediates: decodeIntermediates(question.intermediates, work.limits),
    time,
    verifySignature,
  };
  let best: { readonly path: CandidatePath; readonly problems: readonly PathProblem[] } | undefined;
  for (const path of findPaths(leaf, pool, work)) {
    const problems = judgePath(path, { ...expectations, profile: profileFor(path, question) });
    if (problems.length === 0) {
      const [first, issuer] = path.certificates;
      return { type: "trusted", path: path.certificates, stapled: revocation.stapled(first, issuer) };
    }
    if (best === undefined || rank(path, problems) < rank(best.path, best.problems)) best = { path, problems };
    if (++work.paths >= work.limits.paths) break;
  }
  const limit = pathProblem({ code: "WORK_LIMIT_REACHED" }, 0, leaf.subject.text);
  if (best === undefined) {
    return { type: "refused", problems: [limit], path: [leaf], stapled: revocation.stapled(leaf, undefined) };
  }
  const { path, problems } = best;
  const said = revocation.stapled(leaf, path.certificates[1]);
  const isIssuerSound = path.end === "anchor" && problems.every(({ certificate }) => certificate.index === 0);
  const stapled = said === undefined || isIssuerSound || said.type === "revoked" ? said : unusableResponse;
  return { type: "refused", problems, path: path.certificates, stapled };
}

/** Reads a certificate of DER; `undefined` when it is none. Reading anchors once saves reading them for each path. */
export function parseCertificate(der: Uint8Array): Certificate | undefined {
  return decode(der);
}

function profileFor({ certificates, end }: CandidatePath, { profile = "rfc5280" }: PathQuestion): PathProfile {
  if (typeof profile === "string") return profile;
  const anchor = end === "anchor" ? certificates.at(-1) : undefined;
  return anchor === undefined ? "path" : profile(anchor);
}

/** Lower is better. Fewer problems cannot outweigh an anchor. */
function rank({ end }: CandidatePath, problems: readonly PathProblem[]): number {
  return (end === "anchor" ? 0 : 1_000_000) + problems.length;
}

function decode(der: Uint8Array): Certificate | undefined {
  try {
    return readCertificate(der, readDer);
  } catch (error) {
    if (error instanceof MalformedDer) return undefined;
    throw error;
  }
}

/** An anchor that cannot be read anchors nothing, and is no fault of the path. */
function anchorsOf(anchors: PathQuestion["anchors"]): Anchors {
  if ("named" in anchors) return anchors;
  if (anchors.every((each) => each instanceof Uint8Array)) return anchorSet(anchors);
  return readAnchors(anchors.flatMap((each) => (each instanceof Uint8Array ? (decode(each) ?? []) : each)));
}

function decodeIntermediates(sent: readonly Uint8Array[], limits: PathLimits): readonly Certificate[] {
  const distinct = new Map(sent.slice(0, limits.intermediates).map((der) => [hex(der), der]));
  return [...distinct.values()].flatMap((der) => decode(der) ?? []);
}
