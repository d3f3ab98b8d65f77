import type { ApiDefinition } from "../contract/api.ts";
import type { Operations } from "../contract/operation.ts";
import { callOf } from "./contract/call-of.ts";
import type { ApiClient } from "./contract/contract-call.ts";
import type { RestClientOptions } from "./options.ts";
import { restClient } from "./rest-client.ts";

/** How the client of a contract asks. */
export interface ApiClientOptions extends RestClientOptions {
  readonly base: string | URL;
  /**
   * Milliseconds that one call may take in all; 60,000 by default, and no limit by default for an operation that may be
   * answered with lines or events.
   */
  readonly timeout?: number;
}

/** The client of a contract: a function for each operation. `api.client(options)` is the same. */
export function apiClient<Ops extends Operations>(api: ApiDefinition<Ops>, options: ApiClientOptions): ApiClient<Ops> {
  const client = restClient(options);
  const calls = Object.entries(api.operations).map(([name, operation]) => [name, callOf(client, name, operation)]);
  // Each has the types of its operation, which its entry does not say.
  return Object.fromEntries(calls) as ApiClient<Ops>;
}
