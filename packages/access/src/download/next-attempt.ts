import { FileError, isCodedError, retryHelps, TimeoutError } from "@fairlead/core";
import { decideRetry, type FailedAttempt } from "@fairlead/http/retries";
import { UnexpectedStatus } from "./outcomes.ts";
import type { DownloadTerms } from "./terms.ts";
import { fieldText } from "./version.ts";

/**
 * When a download that failed is tried again.
 *
 * @param attempt how many brought nothing since the last that did, from 1.
 * @param now milliseconds since the epoch.
 * @returns milliseconds from now; `undefined` when another attempt would not help.
 */
export function nextAttemptAfter(
  error: unknown,
  attempt: number,
  { retry, method, isRepeatable }: Pick<DownloadTerms, "retry" | "method" | "isRepeatable">,
  now: number,
): number | undefined {
  if (retry === undefined || !isCodedError(error) || error instanceof FileError) return undefined;
  const helps = retryHelps(error) && !(error instanceof TimeoutError && error.phase === "total");
  const outcome: FailedAttempt["outcome"] =
    error instanceof UnexpectedStatus
      ? {
          type: "response",
          status: error.response.status,
          retryAfter: fieldText(error.response.headers, "retry-after"),
        }
      : { type: "failure", retryHelps: helps };
  const decision = decideRetry(retry, { method, isRepeatable, attempt, outcome }, Math.random(), now);
  return decision.type === "retry" ? decision.afterMilliseconds : undefined;
}
