import { cacheControl } from "./cache-control.ts";
import { fieldValue, tokens, type FieldLines } from "./fields.ts";
import { hasExplicitLifetime, isHeuristicallyCacheable } from "./freshness.ts";
import { parseContentRange } from "./ranges.ts";
import type { CacheRequest, CacheResponse, CacheType, StoredResponse } from "./stored-response.ts";
import { selectingFields } from "./vary.ts";

/** Whether a response is kept, or why not. */
export type StorageDecision =
  | { readonly type: "store"; readonly response: StoredResponse }
  | { readonly type: "refuse"; readonly reason: StorageRefusal };

/** Why a response is not kept. */
export type StorageRefusal =
  | "method"
  | "status"
  | "no-store"
  | "private"
  | "authorization"
  | "vary"
  | "lifetime"
  | "range";

/**
 * Decides whether a response to a request is stored. What is kept of it leaves out what belonged to the connection.
 *
 * @see RFC 9111 sections 3, 3.1, 3.3 and 3.5
 */
export function decideStorage(request: CacheRequest, response: CacheResponse, type: CacheType): StorageDecision {
  const reason = refusal(request, response, type);
  if (reason !== undefined) return { type: "refuse", reason };
  const selecting = selectingFields(request.fields, response.fields);
  if (selecting === undefined) return { type: "refuse", reason: "vary" };
  const stored = { ...response, fields: storedFields(response.fields), selectingFields: selecting };
  return { type: "store", response: stored };
}

/** The fields of a response that are stored. RFC 9111 section 3.1. */
export function storedFields(fields: FieldLines): FieldLines {
  const named = new Set(tokens(fieldValue(fields, "connection") ?? ""));
  return fields.filter(([name]) => !hopByHopFields.has(name) && !named.has(name));
}

function refusal(request: CacheRequest, response: CacheResponse, type: CacheType): StorageRefusal | undefined {
  const control = cacheControl(response.fields);
  if (request.method !== "GET") return "method";
  if (response.status < 200 || response.status === 304) return "status";
  if (control.has("must-understand")) {
    // Whoever knows the status obeys it, and not the `no-store` for those that do not. RFC 9111 section 5.2.2.3.
    if (!understoodStatuses.has(response.status)) return "status";
  } else if (control.has("no-store")) return "no-store";
  if (cacheControl(request.fields).has("no-store")) return "no-store";
  if (type === "shared" && control.has("private")) return "private";
  if (type === "shared" && fieldValue(request.fields, "authorization") !== undefined) {
    const allowed = control.has("public") || control.has("s-maxage") || control.has("must-revalidate");
    if (!allowed) return "authorization";
  }
  if (response.status === 206 && parseContentRange(fieldValue(response.fields, "content-range")) === undefined) {
    return "range";
  }
  const isAllowed =
    control.has("public") ||
    (type === "private" && control.has("private")) ||
    hasExplicitLifetime(response, type) ||
    isHeuristicallyCacheable(response.status);
  return isAllowed ? undefined : "lifetime";
}

/** Statuses whose rules for caches are kept here: those of RFC 9110 but the ones that no cache may keep. */
const understoodStatuses: ReadonlySet<number> = new Set([
  200, 203, 204, 206, 300, 301, 302, 303, 307, 308, 404, 405, 410, 414, 501,
]);

const hopByHopFields: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
]);
