/** Whose pages may open a WebSocket here; see {@link admitsOrigin}. */
export type OriginPolicy = "same" | "any" | readonly string[];

/**
 * Whether a page may open a WebSocket. A browser lets every page ask every server, with the cookies of that server, and
 * says in Origin whose page it is; other programs say nothing, are believed, and may.
 *
 * @param origin as the field says it.
 * @param authority that the request is for: `host` or `host:port`.
 * @param policy `same`: pages of that host and port, whatever the scheme, which a proxy in front may have changed.
 * Otherwise origins as browsers write them: `https://a.example`.
 * @see RFC 6455 sections 4.2.2 and 10.2, RFC 6454 section 7
 */
export function admitsOrigin(origin: string | undefined, authority: string, policy: OriginPolicy): boolean {
  if (origin === undefined || policy === "any") return true;
  if (policy !== "same") return policy.includes(origin);
  const [, scheme = "", host] = /^(https?):\/\/([^/?#@\\]+)$/.exec(origin) ?? [];
  return host !== undefined && hostOf(scheme, host) === hostOf(scheme, authority);
}

/** In the URL standard's spelling: lower case, without the scheme's own port. */
function hostOf(scheme: string, authority: string): string | undefined {
  const url = /[/?#@\\]/.test(authority) ? null : URL.parse(`${scheme}://${authority}/`);
  return url === null ? undefined : url.host;
}
