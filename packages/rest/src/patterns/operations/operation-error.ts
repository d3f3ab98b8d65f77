import { ServiceError, type ErrorFacts } from "@fairlead/core";
import type { ServiceProblem } from "../protocol/service-problem.ts";

/** An operation that the service had accepted failed. */
export class OperationError extends ServiceError {
  override readonly code = "OPERATION_FAILED";
  /** What the service says of it. */
  readonly problem: ServiceProblem;

  constructor(problem: ServiceProblem, facts: ErrorFacts) {
    super("OPERATION_FAILED", facts);
    this.problem = problem;
  }

  override get name(): "OperationError" {
    return "OperationError";
  }
}
