/** A relay that stands before any server, with the faults of a test network. */
export type * from "./faults/fault.ts";
export { type FaultParameter, type FaultType, faultTypes } from "./faults/fault-types.ts";
export type { FaultHandle, Faults } from "./faults/faults.ts";
export { type Relay, type RelayManifest, type RelayOptions, startRelay } from "./relay/relay.ts";
export { formatRelayTarget, parseRelayTarget, type RelayTarget } from "./relay/relay-target.ts";
export type { TrafficEvent } from "./traffic-log.ts";
