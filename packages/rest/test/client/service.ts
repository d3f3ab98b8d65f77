import {
  openNetworkAccessManager,
  type NetworkAccessManager,
  type NetworkAccessManagerOptions,
} from "@fairlead/access";
import { restClient, type RestClient, type RestClientOptions } from "@fairlead/rest/client";
import { serve, type FetchHandler } from "@fairlead/server";

/** A service on a loopback port, and a manager that asks it. */
export interface Service extends AsyncDisposable {
  /** `http://localhost:port`. */
  readonly origin: string;
  readonly manager: NetworkAccessManager;
  client(options?: RestClientOptions): RestClient;
}

/** Starts a service. Nothing is kept, so that each call reaches it. */
export async function startService(fetch: FetchHandler, options: NetworkAccessManagerOptions = {}): Promise<Service> {
  const running = await serve({ fetch, host: "127.0.0.1", onError: () => undefined });
  const manager = await openNetworkAccessManager({ cache: false, ...options });
  const origin = running.url ?? "";
  return {
    origin,
    manager,
    client: (own = {}) => restClient({ base: origin, manager, ...own }),
    async [Symbol.asyncDispose]() {
      await manager.close();
      await running.close();
    },
  };
}
