import type { ConnectionCounts } from "../connection-log.ts";

/** What every service of the network is described by. */
export interface Service {
  /** Its key in the manifest: `http`, `https-expired`, `tcp-silent`. */
  readonly name: string;
  /** The family that it belongs to. */
  readonly family: string;
  readonly transport: "tcp" | "udp";
  /** The scheme of URLs that lead to it: `https`, `smtp`, `coap`; `tcp` and `udp` where there is none. */
  readonly scheme: string;
  /** What it does, as one line that begins with a verb. */
  readonly does: string;
  /** A command that shows it, with a client that is not ours, ready to be pasted. */
  readonly example: string | undefined;
  /** The address that it is bound to. */
  readonly host: string;
  readonly port: number;
  /** `scheme://localhost:port`. Other names of the certificate work too, see `hostNames` in the manifest. */
  readonly origin: string;
  readonly connections: ConnectionCounts;
}
