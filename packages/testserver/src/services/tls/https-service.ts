import type { Server, TlsOptions } from "node:tls";
import type { Authorities } from "../../authority/authorities.ts";
import { openHttps, type ShownIdentity } from "../http/https-driver.ts";
import type { NetworkContext } from "../network-context.ts";
import type { StreamServiceEntry } from "../service-entry.ts";

/** An https service that differs from the ordinary in its certificate or in the settings of node:tls. */
export interface HttpsServiceTerms<Name extends string> {
  readonly name: Name;
  /** One line that begins with a verb. */
  readonly does: string;
  readonly example?: string;
  /** Makes the certificate, for the network's time in milliseconds since the epoch; the good one by default. */
  readonly mint?: (authorities: Authorities, now: number, network: NetworkContext) => Promise<ShownIdentity>;
  readonly tls?: (authorities: Authorities, network: NetworkContext) => TlsOptions | Promise<TlsOptions>;
  /** What else the server is told, before its first connection. */
  readonly prepare?: (server: Server) => void;
}

/** Makes the service: all endpoints, for clients that get so far. */
export function httpsService<const Name extends string>(terms: HttpsServiceTerms<Name>): StreamServiceEntry<Name> {
  const { name, does, example, mint, tls, prepare } = terms;
  return {
    name,
    scheme: "https",
    does,
    example: example ?? "curl --cacert {ca} {origin}/echo",
    followsClock: true,
    open: async (network, self) => {
      const { authorities, clock } = network;
      const identity = await (mint === undefined ? network.goodIdentity() : mint(authorities, clock.now(), network));
      return openHttps(network, self, { identity, tls: await tls?.(authorities, network), prepare });
    },
  };
}
