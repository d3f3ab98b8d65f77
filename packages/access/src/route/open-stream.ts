import { NO_TERMS } from "../agreement/connection-terms.ts";
import type { HopOptions } from "../dispatch.ts";
import type { Connector } from "../pool/connector.ts";
import { formatPeer } from "@fairlead/transport";
import type { Duplex } from "node:stream";
import type { Target } from "../target.ts";
import type { ChooseRoutes } from "./choose-routes.ts";
import type { FailedRoutes } from "./failed-routes.ts";
import { describeRoute } from "./route.ts";
import { tryRoutes } from "./try-routes.ts";

/**
 * Opens a byte stream for a hop that is no HTTP, by the routes of its manager.
 *
 * @throws TransportError, TlsError, TimeoutError, UsageError OPTION_INVALID; or the signal's reason.
 */
export type OpenStream = (options: HopOptions, host: string, port: number, signal: AbortSignal) => Promise<Duplex>;

/** What opening streams needs of a manager. */
export interface StreamRules {
  readonly connector: Connector;
  readonly choose: ChooseRoutes | undefined;
  readonly failed: FailedRoutes;
}

/** Makes what opens streams by the routes of one manager. */
export function streamOpener({ connector, choose, failed }: StreamRules): OpenStream {
  return async (options, host, port, signal) => {
    const { exchange, hop } = options;
    const { partition, onAuthenticate, timeouts } = exchange;
    const target = streamTarget(options.target.protocol, host, port);
    const { stream, facts } = await tryRoutes(
      { target, partition, signal },
      exchange.chooseRoutes ?? choose,
      failed,
      (route) => {
        hop.route = describeRoute(route);
        return connector({
          ...{ target, route, partition, onAuthenticate, timeouts, signal },
          terms: NO_TERMS,
          unverified: false,
          chooseIdentity: undefined,
          judgeCertificate: undefined,
          mayBeEarly: false,
        });
      },
    );
    hop.markRequest(facts, false);
    return stream;
  };
}

function streamTarget(protocol: string, host: string, port: number): Target {
  const peer = formatPeer(host, port);
  const urlHost = host.includes(":") ? `[${host}]` : host;
  return { origin: `${protocol}//${peer}`, protocol, secure: false, host, urlHost, port, authority: peer, peer };
}
