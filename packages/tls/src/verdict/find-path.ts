import { type PathQuestion, type PathVerdict, verifyPath } from "../certificates/path/verify-path.ts";
import type { Certificate } from "../certificates/path/protocol/certificate.ts";
import { hex } from "../certificates/path/protocol/der-node.ts";
import type { CertificateProblem, CertificateProblemCode } from "@fairlead/core";
import type { IssuerSource, IssuerSourceName } from "../intermediates/issuer-sources.ts";

/** A verdict, and what it needed beyond the intermediates in question. */
export interface FoundPath {
  readonly verdict: PathVerdict;
  /** Whether it needed nothing else: then the same question has the same answer. */
  readonly isAsShown: boolean;
  /** Where the issuer came from that was not sent. */
  readonly repairedFrom: IssuerSourceName | undefined;
}

/**
 * Verifies a path: among the intermediates in question, then, if another path could do better, among `withheld`, which is
 * all that was sent. Then it looks for issuers that the peer did not send, in the order of the sources. Where something
 * else is wrong as well nothing is looked for: it would be refused all the same.
 */
export async function findPath(
  question: PathQuestion,
  withheld: (() => readonly Uint8Array[] | undefined) | undefined,
  sources: readonly IssuerSource[],
): Promise<FoundPath> {
  const sent = verifySent(question, withheld);
  const { verdict, repairedFrom } = await repair(sent, sources);
  return { verdict, isAsShown: sent.question === question && repairedFrom === undefined, repairedFrom };
}

interface Verified {
  readonly question: PathQuestion;
  readonly verdict: PathVerdict;
}

function verifySent(shown: PathQuestion, withheld: (() => readonly Uint8Array[] | undefined) | undefined): Verified {
  const verdict = verifyPath(shown);
  const more = couldGoAnotherWay(verdict) ? withheld?.() : undefined;
  if (more === undefined) return { question: shown, verdict };
  // Those that fit the leaf first: of what was sent only so many are looked at.
  const question = { ...shown, intermediates: [...shown.intermediates, ...more] };
  return { question, verdict: verifyPath(question) };
}

async function repair(
  { question, verdict: unrepaired }: Verified,
  sources: readonly IssuerSource[],
): Promise<Omit<FoundPath, "isAsShown">> {
  let verdict = unrepaired;
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

/** Whether the leaf may be good, and all that is wrong is the way from it to an anchor. */
function couldGoAnotherWay(verdict: PathVerdict): boolean {
  return verdict.type === "refused" && verdict.problems.every(isOfTheWay);
}

function isOfTheWay({ code, certificate }: CertificateProblem): boolean {
  return certificate.index > 0 || problemsOfTheWay.has(code);
}

/** What a leaf is blamed for that has the wrong issuers. */
const problemsOfTheWay: ReadonlySet<CertificateProblemCode> = new Set([
  "ISSUER_UNKNOWN",
  "SIGNATURE_INVALID",
  "NAME_EXCLUDED",
  "NAME_NOT_PERMITTED",
  "NAME_FORM_UNSUPPORTED",
  "POLICY_MISSING",
]);

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
