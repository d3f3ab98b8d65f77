import type { OutputOf, Schema } from "../contract/schema.ts";
import type { PaginateOptions, Pagination } from "../patterns/pagination/options.ts";
import type { ContentReader } from "./content-reader.ts";
import type { CallOptions, RestClientOptions } from "./options.ts";
import type { RestResponse } from "./rest-response.ts";

/**
 * Calls that have address, fields and policy in common.
 *
 * An address is relative to `base`, or whole; it may be a template (RFC 6570).
 */
export interface RestClient {
  readonly options: RestClientOptions;
  /** @throws UsageError for an address or an option that cannot be. */
  request(method: string, address: string | URL, options?: CallOptions): Call;
  get(address: string | URL, options?: CallOptions): Call;
  head(address: string | URL, options?: CallOptions): Call;
  post(address: string | URL, options?: CallOptions): Call;
  put(address: string | URL, options?: CallOptions): Call;
  patch(address: string | URL, options?: CallOptions): Call;
  delete(address: string | URL, options?: CallOptions): Call;
  /** Items of a list that comes in pages, page after page: see `paginate`. */
  paginate<S extends Schema>(
    address: string | URL,
    options: PaginateOptions & { readonly schema: S },
  ): Pagination<OutputOf<S>>;
  paginate(address: string | URL, options?: PaginateOptions): Pagination<unknown>;
  /**
   * The same client with some of its options changed; fields are added to its own, and `base` may be relative to the one
   * that there is. Fields and credentials stay behind where that has another origin.
   */
  with(options: RestClientOptions): RestClient;
}

/**
 * A call on its way. It is sent in a microtask, so that what is done with it at once still says what it is asked for in
 * (`Accept`). Awaited, it gives the response, of whatever status below 400, and the methods read the content of a response
 * whose status is 200 to 299. Any other is an error, a `StatusError`, which has what came.
 *
 * A call that fails and that nobody has awaited or read is an unhandled rejection, as that of any promise.
 */
export interface Call extends Promise<RestResponse>, ContentReader {}
