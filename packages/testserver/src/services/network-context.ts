import type { Authorities } from "../authority/authorities.ts";
import type { MintedIdentity } from "../authority/authority.ts";
import type { NetworkClock } from "../clock.ts";
import type { Surroundings } from "../endpoints/exchange.ts";
import type { FaultRegistry } from "../faults/faults.ts";
import type { SocketPairs } from "../faults/socket-pairs.ts";
import type { Lookup } from "../host-names.ts";
import type { HttpService, HttpSource } from "../http-service.ts";
import type { Manifest } from "../manifest.ts";
import type { NetworkTickets } from "../network-tickets.ts";
import type { TrafficLog } from "../traffic-log.ts";
import type { FileTree } from "./files/file-tree.ts";
import type { MailStore } from "./mail/mail-store.ts";
import type { Service } from "./service.ts";

/** What the services of a network share. */
export interface NetworkContext {
  readonly clock: NetworkClock;
  /** The address that services are bound to; those that open further ports bind these to it too. */
  readonly host: string;
  readonly authorities: Authorities;
  /** A certificate that is right in every way at the network's time; made once until the clock is changed. */
  readonly goodIdentity: () => Promise<MintedIdentity>;
  /** Tickets of TLS, by the network's clock. */
  readonly tickets: NetworkTickets;
  /** Resolves names under `.test` to the network. */
  readonly lookup: Lookup;
  readonly traffic: TrafficLog;
  readonly faults: FaultRegistry;
  /** Makes the second half of a connection that goes through faults. */
  readonly socketPairs: SocketPairs;
  readonly surroundings: Surroundings;
  /** What was sent, and can be fetched. */
  readonly mail: MailStore;
  /** What FTP and SFTP serve. */
  readonly files: FileTree;
  /** Another service. Ports are known when the first service is opened, not before. */
  readonly service: (name: string) => Service;
  /** What is where, at this moment. */
  readonly manifest: () => Manifest;
  /** Answers requests with all endpoints of the network, whatever they came through. */
  readonly serveHttp: (source: HttpSource) => HttpService;
}
