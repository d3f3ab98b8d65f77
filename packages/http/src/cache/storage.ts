import { cacheControl } from "./cache-control.ts";
import { fieldValue, tokens, type FieldLines } from "./fields.ts";
import { freshnessLifetime, hasExplicitLifetime, isHeuristicallyCacheable } from "./freshness.ts";
import { allowsAnyAuthorization } from "./identity.ts";
import { parseContentRange } from "../range/byte-range.ts";
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
  | "set-cookie"
  | "vary"
  | "lifetime"
  | "useless"
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

/**
 * The fields of a response that are stored: without those of the connection (RFC 9111 section 3.1), and without those that
 * were for the one who asked, where the RFC leaves the choice: a cookie that is set again with each use of a stored
 * response undoes what happened since, and a challenge was for a request that had failed.
 */
export function storedFields(fields: FieldLines): FieldLines {
  const named = new Set(tokens(fieldValue(fields, "connection") ?? ""));
  return fields.filter(([name]) => !hopByHopFields.has(name) && !onceOnlyFields.has(name) && !named.has(name));
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
  if (type === "shared" && isAuthenticated(request) && !allowsAnyAuthorization(control)) return "authorization";
  if (type === "shared" && fieldValue(response.fields, "set-cookie") !== undefined && !control.has("public")) {
    // Not a rule of the RFC: a response that begins a session was hardly made for everybody.
    return "set-cookie";
  }
  if (response.status === 206 && parseContentRange(fieldValue(response.fields, "content-range")) === undefined) {
    return "range";
  }
  const isAllowed =
    control.has("public") ||
    (type === "private" && control.has("private")) ||
    hasExplicitLifetime(response, type) ||
    isHeuristicallyCacheable(response.status);
  if (!isAllowed) return "lifetime";
  return mayBeOfUse(response, type) ? undefined : "useless";
}

/** What is stale at once, and cannot be validated, is not worth its place. Most answers of programs are so. */
function mayBeOfUse(response: CacheResponse, type: CacheType): boolean {
  return (
    fieldValue(response.fields, "etag") !== undefined ||
    fieldValue(response.fields, "last-modified") !== undefined ||
    freshnessLifetime(response, type) > 0
  );
}

function isAuthenticated({ fields, isAuthenticated = false }: CacheRequest): boolean {
  return isAuthenticated || fieldValue(fields, "authorization") !== undefined;
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

/** Fields that were for the one who asked. */
export const onceOnlyFields: ReadonlySet<string> = new Set(["set-cookie", "www-authenticate", "authentication-info"]);
