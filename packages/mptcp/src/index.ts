/** Multipath TCP (RFC 8684), on Linux: connections that take several paths at once, and outlive each of them. */
export {
  multipathTcp,
  type ConnectMultipathOptions,
  type ListenMultipathOptions,
  type MultipathSupport,
  type MultipathTcp,
} from "./multipath-tcp.ts";
export type { Multipath } from "./multipath-of.ts";
export type { MultipathCounters } from "./protocol/connection-info.ts";
export type { Subflow, SubflowAddress, SubflowState } from "./protocol/subflows.ts";
