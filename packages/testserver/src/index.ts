/** A network of servers that behave, and misbehave, on demand. For tests. */
export type { NetworkClock } from "./clock.ts";
export type { Connection, ConnectionCounts } from "./connection-log.ts";
export type { Echo } from "./endpoints/echo.ts";
export type * from "./faults/fault.ts";
export { type FaultParameter, type FaultType, faultTypes } from "./faults/fault-types.ts";
export type { FaultHandle, Faults } from "./faults/faults.ts";
export { createLookup, hostNames, type Lookup } from "./host-names.ts";
export type { Manifest, ManifestEndpoint, ManifestService } from "./manifest.ts";
export { describeFamilies, type DescribedFamily } from "./describe-families.ts";
export { describeNames, type DescribedName } from "./services/names/describe-names.ts";
export { startTestNetwork, type TestNetwork, type TestNetworkOptions } from "./network.ts";
export type { RecordedRequest, RequestPredicate } from "./request-log.ts";
export type { ServiceName } from "./services/index.ts";
export type { Service } from "./services/service.ts";
export type { TrafficEvent, TrafficOccasion } from "./traffic-log.ts";
export type { TlsFacts } from "./tls-facts.ts";
export type { KerberosOptions } from "./endpoints/authentication/kerberos-options.ts";
