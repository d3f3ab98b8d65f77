import { ContentError, type ContentIssue } from "@fairlead/core";

/** An answer that breaks the contract: told to who runs the service, and to nobody else. */
export function contractBreach(
  operation: string,
  status: number | undefined,
  detail: string,
  issues: readonly ContentIssue[] = [],
): ContentError {
  const answer = status === undefined ? "" : `answer ${String(status)}, `;
  return new ContentError("CONTRACT_BROKEN", { operation, detail: answer + detail, issues });
}
