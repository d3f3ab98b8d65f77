import { cacheControl } from "./cache-control.ts";
import type { FieldLines } from "./fields.ts";

/**
 * On whose behalf a request is made, as far as `Vary` does not tell: each is a name, equal for the same user and empty for
 * nobody. None of them is a secret, or lets one be found.
 */
export interface CacheIdentity {
  /** Who authenticates, by `Authorization` or by the connection. */
  readonly authorization: string;
  /** Whose cookies are sent. */
  readonly cookies: string;
  /** Who the client is by its certificate. */
  readonly certificate: string;
}

/** Nobody in particular. */
export const NOBODY: CacheIdentity = { authorization: "", cookies: "", certificate: "" };

/**
 * Whether a response that was made for one user may answer another: what the server calls public may, and what was made
 * for nobody may answer whoever sends cookies, as `Vary: Cookie` can say otherwise. A private cache follows this rule,
 * too, since an application may speak for several users.
 *
 * @see RFC 9111 sections 3.5 and 7.1
 */
export function mayAnswerFor(made: CacheIdentity, asking: CacheIdentity, fields: FieldLines): boolean {
  if (made.certificate !== asking.certificate) return false;
  const sameUser = made.authorization === asking.authorization;
  const sameCookies = made.cookies === "" || made.cookies === asking.cookies;
  if (sameUser && sameCookies) return true;
  const control = cacheControl(fields);
  return (sameUser || allowsAnyAuthorization(control)) && (sameCookies || control.has("public"));
}

/** Whether a response to a request with credentials may answer requests without. RFC 9111 section 3.5. */
export function allowsAnyAuthorization(control: ReturnType<typeof cacheControl>): boolean {
  return control.has("public") || control.has("s-maxage") || control.has("must-revalidate");
}
