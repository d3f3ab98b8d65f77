import { timingSafeEqual } from "node:crypto";
import { type Challenge, parseChallenges } from "@fairlead/http/authentication";

/**
 * Reads `Authorization` or `Proxy-Authorization`: a scheme with a token or parameters, as challenges have them.
 *
 * @see RFC 9110 section 11.4
 */
export function parseCredentials(fieldValue: string | undefined): Challenge | undefined {
  return fieldValue === undefined ? undefined : parseChallenges([fieldValue])[0];
}

/** Name and password of the scheme Basic; `undefined` where there are none. RFC 7617 section 2. */
export function basicUser(
  fieldValue: string | undefined,
): { readonly username: string; readonly password: string } | undefined {
  const { scheme, token68 } = parseCredentials(fieldValue) ?? {};
  if (scheme !== "basic" || token68 === undefined) return undefined;
  const text = Buffer.from(token68, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon === -1 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Compares secrets; how long it takes says nothing about where they differ. */
export function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
