import type { Socket } from "node:net";
import type { DatagramEndpoint } from "@fairlead/transport";
import type { Connection, ConnectionLog } from "../connection-log.ts";
import type { NetworkContext } from "./network-context.ts";

/** What a service is told about itself when it is opened. */
export interface ServiceSelf {
  readonly name: string;
  readonly scheme: string;
  /** Who took note of the connections before the service gets them. */
  readonly connections: ConnectionLog;
}

/** A service that takes connections. */
export interface StreamDriver {
  /**
   * Serves a connection. The socket is the service's own from now on; it has an `error` listener already, and it is
   * destroyed when the network closes.
   */
  readonly accept: (socket: Socket, connection: Connection) => void;
  /** Frees what is no connection, such as timers and listening sockets of its own. */
  readonly close?: () => void | Promise<void>;
}

/** A service that takes datagrams. */
export interface DatagramDriver {
  readonly close?: () => void | Promise<void>;
}

interface Entry<Name extends string> {
  /** Kebab case, unique in the network. */
  readonly name: Name;
  readonly scheme: string;
  /** One line that begins with a verb. */
  readonly does: string;
  /**
   * A command line that shows it, of a client that is not ours. `{host}`, `{port}`, `{origin}`, `{ca}` (the file of the
   * authority) and `{port:NAME}` (the port of another service) are filled in.
   */
  readonly example?: string;
  /** Binds to the port number of this service, which has the other transport. */
  readonly samePortAs?: string;
  /** Is opened anew after each change of the clock: what it shows was made by the time. */
  readonly followsClock?: boolean;
}

/** A service of connections, as its family defines it. Its port is bound at start; it is opened at its first connection. */
export interface StreamServiceEntry<Name extends string = string> extends Entry<Name> {
  readonly transport?: "tcp";
  /** Leaves the half that goes out open when the client has ended its own. */
  readonly halfOpen?: boolean;
  readonly open: (network: NetworkContext, self: ServiceSelf) => StreamDriver | Promise<StreamDriver>;
}

/** A service of datagrams, as its family defines it. Its port is bound at start; it is opened at its first datagram. */
export interface DatagramServiceEntry<Name extends string = string> extends Entry<Name> {
  readonly transport: "udp";
  /** The endpoint is the network's, which closes it. The datagram that opened the service comes right after. */
  readonly open: (
    network: NetworkContext,
    self: ServiceSelf,
    endpoint: DatagramEndpoint,
  ) => DatagramDriver | Promise<DatagramDriver>;
}

/** A service as its family defines it. */
export type ServiceEntry<Name extends string = string> = StreamServiceEntry<Name> | DatagramServiceEntry<Name>;

/** Services that belong together. */
export interface ServiceFamily<Name extends string = string> {
  readonly name: string;
  /** What its members do, as one line that begins with a verb in the plural. */
  readonly line: string;
  readonly services: readonly ServiceEntry<Name>[];
}

/** Makes a family of services, and keeps their names for the type checker. */
export function serviceFamily<const Name extends string>(
  name: string,
  line: string,
  services: readonly ServiceEntry<Name>[],
): ServiceFamily<Name> {
  return { name, line, services };
}
