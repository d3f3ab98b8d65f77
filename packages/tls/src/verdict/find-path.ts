import { type PathQuestion, type PathVerdict, verifyPath } from "../certificates/path/verify-path.ts";
import type { Certificate } from "../certificates/path/protocol/certificate.ts";
import { hex } from "../certificates/path/protocol/der-node.ts";
import type { IssuerSource, IssuerSourceName } from "../intermediates/issuer-sources.ts";

/** A verdict, and where the issuer came from that it needed beyond the chain as sent. */
export interface FoundPath {
  readonly verdict: PathVerdict;
  readonly repairedFrom: IssuerSourceName | undefined;
}

/**
 * Verifies a path, and looks for issuers that the peer did not send, in the order of the sources. Where something else is
 * wrong as well nothing is looked for: it would be refused all the same.
 */
export async function findPath(question: PathQuestion, sources: readonly IssuerSource[]): Promise<FoundPath> {
  let verdict = verifyPath(question);
  let repairedFrom: IssuerSourceName | undefined;
  const more = new Map<string, Uint8Array>();
  for (const source of sources) {
    for (let round = 0; round < maxMissing; round++) {
      const child = orphan(verdict);
      if (child === undefined) return { verdict, repairedFrom };
      const before = more.size;
      for (const der of await source.find(child)) if (more.size < maxFound) more.set(hex(der), der);
      if (more.size === before) break;
      repairedFrom = source.name;
      // Before those that were sent: of these only so many are looked at.
      verdict = verifyPath({ ...question, intermediates: [...more.values(), ...question.intermediates] });
    }
  }
  return { verdict, repairedFrom };
}

/** Issuers that can be missing from one path. */
const maxMissing = 6;
const maxFound = 64;

/** The certificate whose issuer is missing, if that is all that is wrong. */
function orphan(verdict: PathVerdict): Certificate | undefined {
  if (verdict.type === "trusted") return undefined;
  const [problem, another] = verdict.problems;
  if (problem === undefined || another !== undefined) return undefined;
  const { index } = problem.certificate;
  // With an invalid signature somebody of the issuer's name was sent, but another.
  if (problem.code === "ISSUER_UNKNOWN" || problem.code === "SIGNATURE_INVALID") return verdict.path[index];
  // A root that nobody trusts may have been certified by one that is trusted.
  return problem.code === "ROOT_UNTRUSTED" ? verdict.path[index - 1] : undefined;
}
