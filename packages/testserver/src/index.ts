/** A network of servers that behave, and misbehave, on demand. For tests. */
export type { Connection, ConnectionCounts, TlsFacts } from "./connection-log.ts";
export type { Echo } from "./endpoints/echo.ts";
export { createLookup, hostNames, type Lookup } from "./host-names.ts";
export type { Listener } from "./listeners/listener.ts";
export type { Manifest, ManifestEndpoint, ManifestListener } from "./manifest.ts";
export { startTestNetwork, type ListenerName, type TestNetwork, type TestNetworkOptions } from "./network.ts";
export type { RecordedRequest, RequestPredicate } from "./request-log.ts";
