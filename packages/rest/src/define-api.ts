import { apiClient, type ApiClientOptions } from "./client/api-client.ts";
import type { ApiClient } from "./client/contract/contract-call.ts";
import type { ApiDefinition, Handlers } from "./contract/api.ts";
import type { Operations, WithPathNames } from "./contract/operation.ts";
import { requireContract } from "./contract/require-contract.ts";
import { describeApi } from "./openapi/describe-api.ts";
import type { OpenApiDocument, OpenApiOptions } from "./openapi/document.ts";
import { apiServer, type ApiServerOptions } from "./server/api-server.ts";
import type { FetchHandler } from "@fairlead/server";

/** A contract, and both of its ends. */
export interface Api<Ops extends Operations = Operations> extends ApiDefinition<Ops> {
  /** Asks such a service: a function for each operation, typed by the contract, which holds for what comes back. */
  client(options: ApiClientOptions): ApiClient<Ops>;
  /** Is such a service: calls that keep to the contract reach the handlers, and so do their answers the client. */
  server(handlers: Handlers<Ops>, options?: ApiServerOptions): FetchHandler;
  /** Describes it for everybody else, as OpenAPI 3.1. */
  openapi(options?: OpenApiOptions): OpenApiDocument;
}

/**
 * Defines a service once, for those who ask it and for those who are it, with the schemas of any library that keeps to
 * Standard Schema.
 *
 * @throws UsageError OPTION_INVALID for a method, a path or a response that cannot be.
 *
 * @example
 * export const pets = defineApi({
 *   title: "Pets",
 *   version: "1.0.0",
 *   operations: {
 *     getPet: { method: "GET", path: "/pets/{petId}", responses: { 200: z.object({ name: z.string() }) } },
 *   },
 * });
 *
 * const client = pets.client({ base: "https://pets.example/" });
 * const { name } = await client.getPet({ params: { petId: 7 } });
 *
 * await serve({ fetch: pets.server({ getPet: ({ params }) => ({ name: `pet ${params.petId}` }) }), port: 8080 });
 */
export function defineApi<const Ops extends Operations>(definition: ApiDefinition<Ops> & WithPathNames<Ops>): Api<Ops> {
  const api: ApiDefinition<Ops> = definition;
  requireContract(api.operations);
  return {
    ...api,
    client: (options: ApiClientOptions): ApiClient<Ops> => apiClient(api, options),
    server: (handlers: Handlers<Ops>, options?: ApiServerOptions): FetchHandler => apiServer(api, handlers, options),
    openapi: (options?: OpenApiOptions): OpenApiDocument => describeApi(api, options),
  };
}
