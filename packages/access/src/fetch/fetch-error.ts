import { isCodedError, type CodedError } from "@fairlead/core";

/** What `manager.fetch` rejects with: a TypeError, as the Fetch Standard asks, with the facts of what went wrong. */
export class FetchError extends TypeError implements CodedError {
  override readonly name = "FetchError";
  readonly code: string;
  readonly peer: string | undefined;
  readonly operation: string | undefined;
  readonly remedy: string;

  constructor(cause: CodedError) {
    super(cause.message, { cause });
    this.code = cause.code;
    this.peer = cause.peer;
    this.operation = cause.operation;
    this.remedy = cause.remedy;
  }
}

/** What the application is told of a failure: a TypeError in any case, one with a code where there is one. */
export function fetchFailure(error: unknown): TypeError {
  if (error instanceof FetchError) return error;
  const coded = codedCauseOf(error);
  if (coded === undefined) return new TypeError("fetch failed", { cause: error });
  return coded instanceof TypeError ? coded : new FetchError(coded);
}

/** Finds the error with a code behind an error that has none, such as an engine's own "fetch failed". */
export function codedCauseOf(error: unknown): CodedError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    if (isCodedError(at)) return at;
  }
  return undefined;
}
