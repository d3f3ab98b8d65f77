import type { ProblemCode } from "../rules/problem-code.ts";

/** What is said of a problem: what is wrong, and what to do about it. */
export interface ProblemSentences {
  readonly what: string;
  readonly remedy: string;
}

/** What is said of each problem that a certificate can have. */
export type CertificateProblemMessages = Readonly<Record<ProblemCode, ProblemSentences>>;
