import { ContentError } from "@fairlead/core";
import { inspect } from "node:util";

/** Tells of what a handler failed with where nobody else wants to hear of it. */
export function warnOfFailure(error: unknown, _request: Request, operation: string): void {
  const { message, stack } = error instanceof Error ? error : new Error(inspect(error));
  const issues =
    error instanceof ContentError ? error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`) : [];
  const detail = [...issues, ...(stack === undefined ? [] : [stack])].join("\n");
  process.emitWarning(`operation ${operation} failed: ${message}`, { type: "FairleadRestWarning", detail });
}
