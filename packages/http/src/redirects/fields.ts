import type { RedirectedRequest } from "./decision.ts";

/** Fields that carry a secret to one origin only. `cookie` is made anew from the jar. */
const ORIGIN_BOUND_FIELDS: ReadonlySet<string> = new Set(["authorization", "cookie", "host", "proxy-authorization"]);

/** Fields that describe a body and are not called `content-…`. RFC 9110 section 15.4. */
const BODY_FIELDS: ReadonlySet<string> = new Set(["digest", "expect", "repr-digest", "transfer-encoding", "trailer"]);

/**
 * Tells whether a request field stays behind when a redirect is followed.
 *
 * @param name in lower case.
 * @param originBound further names, in lower case, that the application binds to an origin.
 * @see RFC 9110 section 15.4
 */
export function dropsField(name: string, next: RedirectedRequest, originBound: ReadonlySet<string>): boolean {
  if (next.crossesOrigin && (ORIGIN_BOUND_FIELDS.has(name) || originBound.has(name))) return true;
  return !next.keepsBodyFields && (name.startsWith("content-") || BODY_FIELDS.has(name));
}
