import { createRouter } from "../../endpoints/router.ts";
import { httpbinEndpoints } from "../../endpoints/httpbin/index.ts";
import type { NetworkContext } from "../network-context.ts";

/** The network, as services see it whose routes are those of httpbin alone. */
export function asHttpbin(network: NetworkContext): NetworkContext {
  const router = createRouter(httpbinEndpoints);
  return { ...network, serveHttp: (source) => network.serveHttp({ ...source, router }) };
}
