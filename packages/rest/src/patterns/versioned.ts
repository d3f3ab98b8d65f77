import { UsageError } from "@fairlead/core";
import type { Call, RestClient } from "../client/call.ts";
import type { CallOptions } from "../client/options.ts";
import { fieldRecord } from "../client/field-record.ts";
import type { PaginateOptions } from "./pagination/options.ts";
import { paginate } from "./pagination/paginate.ts";

/** Where a service wants to be told which version of it is asked. */
export type VersionPlace =
  /** `X-GitHub-Api-Version: 2022-11-28`, `Stripe-Version: 2025-01-27`. */
  | { readonly header: string; readonly version: string }
  /** `Accept: application/vnd.example.v3+json`, the whole type. */
  | { readonly mediaType: string }
  /** `/v1/`, below the client's base. */
  | { readonly path: string }
  /** `?api-version=2024-05-01`. */
  | { readonly parameter: string; readonly version: string };

/** The same client, which asks for one version of its service. */
export function versioned(client: RestClient, place: VersionPlace): RestClient {
  if ("header" in place) return withFields(client, { [place.header]: place.version });
  if ("mediaType" in place) return withFields(client, { accept: place.mediaType });
  if ("path" in place) return client.with({ base: `${place.path.replace(/^\/+|\/+$/g, "")}/` });
  return withParameter(client, place.parameter, place.version);
}

function withFields(client: RestClient, fields: Readonly<Record<string, string>>): RestClient {
  return client.with({ headers: { ...fieldRecord(client.options.headers), ...fieldRecord(fields) } });
}

/** An address that has the parameter already, as that of a next page has, keeps its own. */
function withParameter(client: RestClient, parameter: string, version: string): RestClient {
  if (parameter === "") throw new UsageError("OPTION_INVALID", { detail: "parameter" });
  const request = (method: string, address: string | URL, options: CallOptions = {}): Call => {
    const [, query = ""] = String(address).split("?", 2);
    if (new URLSearchParams(query).has(parameter)) return client.request(method, address, options);
    return client.request(method, address, { ...options, query: { [parameter]: version, ...options.query } });
  };
  const versionedClient: RestClient = {
    options: client.options,
    request,
    get: (address, options) => request("GET", address, options),
    head: (address, options) => request("HEAD", address, options),
    post: (address, options) => request("POST", address, options),
    put: (address, options) => request("PUT", address, options),
    patch: (address, options) => request("PATCH", address, options),
    delete: (address, options) => request("DELETE", address, options),
    paginate: (address: string | URL, options?: PaginateOptions) => paginate(versionedClient, address, options),
    with: (options) => withParameter(client.with(options), parameter, version),
  };
  return versionedClient;
}
