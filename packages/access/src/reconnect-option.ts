import { UsageError } from "@fairlead/core";
import { DEFAULT_RECONNECT_POLICY, reconnectPolicyFault, type ReconnectPolicy } from "@fairlead/http/reconnection";

/** When what was lost is opened again: `true`, or members of a policy, the defaults for the others. */
export type ReconnectOption = boolean | Partial<ReconnectPolicy>;

/**
 * Reads the option.
 *
 * @returns `undefined` when nothing is opened again.
 * @throws UsageError OPTION_INVALID
 */
export function reconnectPolicy(option: ReconnectOption | undefined): ReconnectPolicy | undefined {
  if (option === undefined || option === false) return undefined;
  const policy = option === true ? DEFAULT_RECONNECT_POLICY : { ...DEFAULT_RECONNECT_POLICY, ...option };
  const fault = reconnectPolicyFault(policy);
  if (fault === undefined) return policy;
  throw new UsageError("OPTION_INVALID", { detail: `reconnect.${fault}` });
}
