import type { ControlFields } from "./control-fields.ts";
import { malformed, type RequestFault } from "./request-fault.ts";

/** Where a request goes. */
export interface RequestTarget {
  readonly authority: string;
  readonly path: string;
}

/**
 * Reads a request target together with Host, which may not contradict it.
 *
 * @see RFC 9112 sections 3.2 and 3.3
 */
export function readRequestTarget(
  method: string,
  target: string,
  { host, hosts }: Pick<ControlFields, "host" | "hosts">,
  minorVersion: 0 | 1,
): RequestTarget | RequestFault {
  if (hosts > 1) return malformed("more than one Host");
  if (host === undefined && minorVersion === 1) return malformed("no Host");
  if (host !== undefined && !isAuthority(host, minorVersion)) return malformed("an invalid Host");
  if (method === "CONNECT") {
    if (!AUTHORITY_FORM.test(target)) return malformed("a CONNECT whose target is no host with a port");
    return malformed("a CONNECT, which proxies serve", 501);
  }
  if (target.charCodeAt(0) === SLASH) return { authority: host ?? "", path: target };
  if (target === "*") {
    return method === "OPTIONS" ? { authority: host ?? "", path: "*" } : malformed("the target * of another method");
  }
  return readAbsoluteForm(method, target, host);
}

/** Stricter than section 3.2.2, where the target wins: who sends two names means two things by them. */
function readAbsoluteForm(method: string, target: string, host: string | undefined): RequestTarget | RequestFault {
  const [, authority, path = ""] = ABSOLUTE_FORM.exec(target) ?? [];
  if (authority === undefined) return malformed("a request target in no form that there is");
  if (!AUTHORITY.test(authority)) return malformed("an invalid authority in the request target");
  if (host !== undefined && host.toLowerCase() !== authority.toLowerCase()) {
    return malformed("a Host that is not the target's");
  }
  // OPTIONS of a URL without a path asks about the server: section 3.2.4.
  if (path === "" && method === "OPTIONS") return { authority, path: "*" };
  return { authority, path: path.startsWith("/") ? path : `/${path}` };
}

/** HTTP/1.0 may leave it empty. */
function isAuthority(host: string, minorVersion: 0 | 1): boolean {
  return AUTHORITY.test(host) || (host === "" && minorVersion === 0);
}

const SLASH = 0x2f;
const HOST = String.raw`(?:[\w\-.~!$&'()*+,;=%]+|\[[\dA-Fa-f:.]+\])`;
const AUTHORITY = new RegExp(`^${HOST}(?::\\d{0,5})?$`);
const AUTHORITY_FORM = new RegExp(`^${HOST}:\\d{1,5}$`);
const ABSOLUTE_FORM = /^https?:\/\/([^/?]*)([/?].*)?$/i;
