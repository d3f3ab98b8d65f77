import type { Cookie } from "./cookie.ts";

/** Which promise of a cookie's name its attributes do not keep. */
export type PrefixViolation = "secure-prefix" | "host-prefix" | "nameless-prefix";

/**
 * Checks a cookie against the prefix of its name. Prefixes match in any case, because some servers read them so.
 *
 * A nameless cookie is sent as its bare value, so a value that begins like a prefix would pass for a prefixed cookie.
 *
 * @param hasPathAttribute whether the path came from a `Path` attribute; a path of `/` by default is not enough.
 * @returns `undefined` when all is well.
 * @see 6265bis section 5.4; section 5.7 steps 20 to 22
 */
export function prefixViolation(
  cookie: Pick<Cookie, "name" | "value" | "secureOnly" | "hostOnly" | "path">,
  hasPathAttribute: boolean,
): PrefixViolation | undefined {
  if (cookie.name === "")
    return hasSecurePrefix(cookie.value) || hasHostPrefix(cookie.value) ? "nameless-prefix" : undefined;
  if (hasSecurePrefix(cookie.name) && !cookie.secureOnly) return "secure-prefix";
  if (hasHostPrefix(cookie.name)) {
    const keepsPromise = cookie.secureOnly && cookie.hostOnly && hasPathAttribute && cookie.path === "/";
    if (!keepsPromise) return "host-prefix";
  }
  return undefined;
}

function hasSecurePrefix(text: string): boolean {
  return text.slice(0, 9).toLowerCase() === "__secure-";
}

function hasHostPrefix(text: string): boolean {
  return text.slice(0, 7).toLowerCase() === "__host-";
}
