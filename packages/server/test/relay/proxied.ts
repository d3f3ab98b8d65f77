import type { RequestContext } from "../../src/fetch-handler.ts";
import { reverseProxy, type ReverseProxy, type ReverseProxyOptions } from "../../src/relay/index.ts";
import { type PlainServer, startPlainServer } from "../plain-server.ts";

/** A proxy served on a loopback port. */
export interface Proxied extends PlainServer {
  readonly proxy: ReverseProxy;
  /** What it answered with 502, 503 and 504 for. */
  readonly failures: Error[];
}

/** Starts one. */
export async function startProxy(
  options: ReverseProxyOptions,
  serverOptions?: { client?: RequestContext["client"] },
): Promise<Proxied> {
  const failures: Error[] = [];
  const proxy = reverseProxy({ onError: (error) => failures.push(error), ...options });
  const server = await startPlainServer(proxy, serverOptions);
  const stop = server[Symbol.asyncDispose].bind(server);
  return Object.assign(server, {
    proxy,
    failures,
    [Symbol.asyncDispose]: async () => {
      await stop();
      await proxy.close();
    },
  });
}
