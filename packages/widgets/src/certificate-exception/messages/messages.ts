import type { ProblemKind } from "../../certificate-viewer/rules/problem-kind.ts";
import type { SeenComparison } from "../rules/compare-with-seen.ts";
import type { ExceptionBarrier } from "../rules/exception-barrier.ts";
import type { ExceptionRisk } from "../rules/exception-risk.ts";

/** What the question about an exception says. Text with values in it is a function, since languages order them differently. */
export interface CertificateExceptionMessages {
  readonly title: string;
  readonly port: (port: number) => string;
  readonly wrong: string;
  /** What is wrong, in a sentence for those who know nothing of certificates. */
  readonly wrongs: Readonly<Record<ProblemKind, string>>;
  readonly risk: string;
  readonly risks: Readonly<Record<ExceptionRisk, string>>;
  readonly harm: string;
  readonly harmed: string;
  readonly compared: string;
  /** @param day when it was last seen. */
  readonly comparisons: Readonly<Record<SeenComparison, (day: string) => string>>;
  readonly barrier: string;
  readonly barriers: Readonly<Record<ExceptionBarrier, string>>;
  readonly advice: string;
  readonly details: string;
  readonly confirm: string;
  readonly typeHost: string;
  /** @param span how long it holds. */
  readonly remember: (span: string) => string;
  /** What is to be done before the button is enabled. */
  readonly missing: Readonly<Record<"details" | "host", string>>;
  /** It is enabled, and Enter does not press it. */
  readonly ready: string;
  readonly goBack: string;
  readonly accept: string;
}
