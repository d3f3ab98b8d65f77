import type { ProblemKind } from "../../certificate-viewer/rules/problem-kind.ts";

/**
 * What could happen to somebody who goes on: `interception`, anyone on the way may be the other end; `lapsed`, it was the
 * right certificate once; `unproven`, it is the right one, but it could be broken or revoked.
 */
export type ExceptionRisk = "interception" | "lapsed" | "unproven";

/** The worst that the problems allow. */
export function exceptionRisk(kinds: readonly ProblemKind[]): ExceptionRisk {
  const risks = kinds.map(riskOf);
  return worstFirst.find((risk) => risks.includes(risk)) ?? "interception";
}

const worstFirst: readonly ExceptionRisk[] = ["interception", "unproven", "lapsed"];

function riskOf(kind: ProblemKind): ExceptionRisk {
  switch (kind) {
    case "expired":
      return "lapsed";
    case "weak":
    case "revocation-unknown":
    case "not-yet-valid":
      return "unproven";
    case "other-host":
    case "unknown-issuer":
    case "forged":
    case "revoked":
    case "changed-key":
    case "misused":
    case "malformed":
      return "interception";
  }
}
