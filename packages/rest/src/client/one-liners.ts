import type { Call, RestClient } from "./call.ts";
import type { CallOptions } from "./options.ts";
import { restClient } from "./rest-client.ts";

// Holds options and nothing else; its manager is the process's default one.
const client: RestClient = restClient();

/**
 * Gets by the default manager. The address is whole.
 *
 * @example
 * const repository = await get("https://api.example.com/repositories/{id}", { params: { id: 7 } }).json();
 */
export function get(url: string | URL, options?: CallOptions): Call {
  return client.get(url, options);
}

/** The same as {@link get}, without content. */
export function head(url: string | URL, options?: CallOptions): Call {
  return client.head(url, options);
}

/** Posts by the default manager. */
export function post(url: string | URL, options?: CallOptions): Call {
  return client.post(url, options);
}

/** Puts by the default manager. */
export function put(url: string | URL, options?: CallOptions): Call {
  return client.put(url, options);
}

/** Patches by the default manager. */
export function patch(url: string | URL, options?: CallOptions): Call {
  return client.patch(url, options);
}

/** Deletes by the default manager; `delete` is a word of the language. */
export function del(url: string | URL, options?: CallOptions): Call {
  return client.delete(url, options);
}
