/** When a connection that was lost is opened again. */
export {
  askedDelay,
  DEFAULT_RECONNECT_POLICY,
  reconnectAfter,
  reconnectPolicyFault,
  type ReconnectPolicy,
} from "./policy.ts";
