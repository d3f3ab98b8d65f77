import type { ConnectionCounts } from "../connection-log.ts";
import type { FaultSet } from "../faults/fault-set.ts";
import type { TrafficLog } from "../traffic-log.ts";
import type { RelayTarget } from "./relay-target.ts";

/** A bound port that leads on to the server. */
export interface RelayPort {
  readonly host: string;
  readonly port: number;
  readonly connections: Pick<ConnectionCounts, "accepted" | "open">;
  close(): Promise<void>;
}

/** What a port of a relay is made of. */
export interface RelayPortOptions {
  readonly to: RelayTarget;
  readonly host: string;
  readonly port: number;
  readonly faults: FaultSet;
  readonly traffic: TrafficLog;
  readonly connectTimeoutMilliseconds: number;
}

/** What the relay is called where services have names. */
export const relayName = "relay";
