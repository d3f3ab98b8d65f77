/**
 * The fields of a message that go on to the next recipient: without those that belong to one connection, be it by name or
 * because Connection says so, and without those that say where the message ends, since whoever sends it on says that anew.
 *
 * What Connection names is looked for in all of its lines, and `host` cannot be named away.
 *
 * @param fields names in lower case and values in turn.
 * @see RFC 9110 section 7.6.1
 */
export function endToEndFields(fields: readonly string[]): string[] {
  const nominated = nominatedBy(fields);
  const kept: string[] = [];
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index] ?? "";
    if (OF_THE_CONNECTION.has(name) || nominated?.has(name) === true) continue;
    kept.push(name, fields[index + 1] ?? "");
  }
  return kept;
}

/**
 * The same, for a request to HTTP/1.1: cookies that HTTP/2 brought in crumbs become one field again.
 *
 * @see RFC 9113 section 8.2.3
 */
export function endToEndRequestFields(fields: readonly string[]): string[] {
  const kept = endToEndFields(fields);
  const first = kept.findIndex(isCookie);
  if (first === -1 || !kept.some((name, index) => index > first && isCookie(name, index))) return kept;
  const joined: string[] = [];
  const cookies: string[] = [];
  for (let index = 0; index < kept.length; index += 2) {
    if (kept[index] === "cookie") cookies.push(kept[index + 1] ?? "");
    else joined.push(kept[index] ?? "", kept[index + 1] ?? "");
  }
  joined.push("cookie", cookies.join("; "));
  return joined;
}

/**
 * The fields behind a message's content that go on: without those that would change what was made of the message already.
 *
 * @see RFC 9110 section 6.5.1
 */
export function endToEndTrailers(trailers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < trailers.length; index += 2) {
    const name = trailers[index] ?? "";
    if (!OF_THE_CONNECTION.has(name) && !OF_THE_HEAD.has(name)) kept.push(name, trailers[index + 1] ?? "");
  }
  return kept;
}

/** Routing, request modifiers, authentication, control data, and what says how the content is read. */
const OF_THE_HEAD: ReadonlySet<string> = new Set([
  "age",
  "authorization",
  "cache-control",
  "content-encoding",
  "content-range",
  "content-type",
  "cookie",
  "date",
  "expires",
  "forwarded",
  "host",
  "location",
  "retry-after",
  "set-cookie",
  "trailer",
  "vary",
  "www-authenticate",
]);

/**
 * Of the section, and of those before it: Proxy-Connection and Keep-Alive, which nobody should send. Credentials for a
 * proxy are for the one that asked for them, and a gateway asks for none (section 11.7). HTTP2-Settings goes with an
 * upgrade that nobody here passes on.
 */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
]);

function nominatedBy(fields: readonly string[]): ReadonlySet<string> | undefined {
  let nominated: Set<string> | undefined;
  for (let index = 0; index < fields.length; index += 2) {
    if (fields[index] !== "connection") continue;
    for (const option of (fields[index + 1] ?? "").split(","))
      (nominated ??= new Set()).add(option.trim().toLowerCase());
  }
  nominated?.delete("host");
  return nominated;
}

function isCookie(name: string, index: number): boolean {
  return index % 2 === 0 && name === "cookie";
}
