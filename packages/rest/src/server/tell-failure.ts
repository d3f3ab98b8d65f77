import { inspect } from "node:util";
import { ContentError } from "@fairlead/core";

/** Hears what a handler failed with, and of answers that break the contract. */
export type OnOperationError = (error: unknown, request: Request, operation: string) => unknown;

/** Tells of a failure. What it fails with in hearing of it is a warning of the process: no answer depends on that. */
export function tellFailure(onError: OnOperationError, error: unknown, request: Request, operation: string): void {
  try {
    const hearing = onError(error, request, operation);
    if (hearing instanceof Promise) hearing.catch((failure: unknown) => warn(failure, operation));
  } catch (failure) {
    warn(failure, operation);
  }
}

/** Hears where nobody else wants to. */
export function warnOfFailure(error: unknown, _request: Request, operation: string): void {
  warn(error, operation);
}

function warn(error: unknown, operation: string): void {
  const { message, stack = "" } = error instanceof Error ? error : new Error(inspect(error));
  const issues = error instanceof ContentError ? error.issues : [];
  const detail = [
    ...issues.map(({ path, message: said }) => (path.length === 0 ? said : `${path.join(".")}: ${said}`)),
    stack,
  ].join("\n");
  process.emitWarning(`operation ${operation} failed: ${message}`, { type: "FairleadRestWarning", detail });
}
