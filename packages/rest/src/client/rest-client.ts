import type { OutputOf, Schema } from "../contract/schema.ts";
import type { PaginateOptions, Pagination } from "../patterns/pagination/options.ts";
import { paginate } from "../patterns/pagination/paginate.ts";
import type { Call, RestClient } from "./call.ts";
import { changedTerms, clientTerms, type ClientTerms } from "./client-terms.ts";
import type { CallOptions, RestClientOptions } from "./options.ts";
import { OutgoingCall } from "./outgoing-call.ts";
import { RestCall } from "./rest-call.ts";

/**
 * A client for calls that have something in common: the address of a service, fields, who asks.
 *
 * @throws UsageError OPTION_INVALID
 * @example
 * const github = restClient({ base: "https://api.github.com/", headers: { "x-github-api-version": "2022-11-28" } });
 * const issue = await github.get("repos/{owner}/{name}/issues/7", { params: { owner: "nodejs", name: "node" } }).json();
 */
export function restClient(options: RestClientOptions = {}): RestClient {
  return new TermedClient(clientTerms(options));
}

class TermedClient implements RestClient {
  readonly #terms: ClientTerms;

  constructor(terms: ClientTerms) {
    this.#terms = terms;
  }

  get options(): RestClientOptions {
    return this.#terms.options;
  }

  request(method: string, address: string | URL, options: CallOptions = {}): Call {
    return new RestCall(new OutgoingCall(this.#terms, method, address, options));
  }

  get(address: string | URL, options?: CallOptions): Call {
    return this.request("GET", address, options);
  }

  head(address: string | URL, options?: CallOptions): Call {
    return this.request("HEAD", address, options);
  }

  post(address: string | URL, options?: CallOptions): Call {
    return this.request("POST", address, options);
  }

  put(address: string | URL, options?: CallOptions): Call {
    return this.request("PUT", address, options);
  }

  patch(address: string | URL, options?: CallOptions): Call {
    return this.request("PATCH", address, options);
  }

  delete(address: string | URL, options?: CallOptions): Call {
    return this.request("DELETE", address, options);
  }

  paginate<S extends Schema>(
    address: string | URL,
    options: PaginateOptions & { readonly schema: S },
  ): Pagination<OutputOf<S>>;
  paginate(address: string | URL, options?: PaginateOptions): Pagination<unknown>;
  paginate(address: string | URL, options?: PaginateOptions): Pagination<unknown> {
    return paginate(this, address, options);
  }

  with(options: RestClientOptions): RestClient {
    return new TermedClient(changedTerms(this.#terms, options));
  }
}
