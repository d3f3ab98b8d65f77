import { UsageError } from "@fairlead/core";
import { DEFAULT_RETRY_POLICY, retryPolicyFault, type RetryPolicy } from "@fairlead/http/retries";

/** Which requests are made again when they fail: a policy's members, the defaults for the others. `false` for none. */
export type RetryOption = Partial<RetryPolicy> | false;

/**
 * Reads the option of a manager or a request.
 *
 * @returns `undefined` when nothing is made again.
 * @throws UsageError OPTION_INVALID
 */
export function retryPolicy(option: RetryOption | undefined): RetryPolicy | undefined {
  if (option === undefined || option === false) return undefined;
  const policy = { ...DEFAULT_RETRY_POLICY, ...option };
  const fault = retryPolicyFault(policy);
  if (fault === undefined) return policy;
  throw new UsageError("OPTION_INVALID", { detail: `retry.${fault}` });
}
