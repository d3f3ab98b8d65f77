/** An authorization server as it describes itself, before anything of it is known to hold. */
export interface ServerMetadata {
  readonly issuer: string;
  readonly [name: string]: unknown;
}

/** What is wrong with a server's metadata; `undefined` where nothing is. A lower-case clause, which quotes none of it. */
export type MetadataProblem = string | undefined;

/**
 * Checks what an authorization server says of itself: each address that it names is https, or on this machine as the server
 * is, and none leads to this machine where the server is not there.
 *
 * Other hosts are no problem by themselves: servers have their parts on several.
 *
 * @see RFC 8414 section 2, RFC 6749 sections 3.1 and 3.2
 */
export function metadataProblem(server: ServerMetadata, isPlainAllowed: boolean): MetadataProblem {
  const issuer = new URL(server.issuer);
  for (const [name, value] of addressesOf(server)) {
    if (typeof value !== "string") return `${name} is no text`;
    const url = URL.parse(value);
    if (url === null) return `${name} is no URL`;
    if (!isSecured(url, issuer, isPlainAllowed)) return `${name} is not https`;
    if (url.username !== "" || url.password !== "") return `${name} has user information`;
    if (url.hash !== "") return `${name} has a fragment`;
    if (!isLoopback(issuer) && isLoopback(url)) return `${name} leads to this machine`;
  }
  const methods = server["code_challenge_methods_supported"];
  if (methods !== undefined && !Array.isArray(methods)) return "code_challenge_methods_supported is no list";
  return undefined;
}

/** Whether nobody on the way reads what goes to an address: it is https, or the server and it are on this machine. */
export function isSecured(url: URL, issuer: URL, isPlainAllowed: boolean): boolean {
  if (url.protocol === "https:") return true;
  return url.protocol === "http:" && (isPlainAllowed || (isLoopback(issuer) && isLoopback(url)));
}

/** The addresses that are asked, or that a browser is sent to; those for people to read are none of them. */
function* addressesOf(server: ServerMetadata): Iterable<readonly [name: string, value: unknown]> {
  yield* Object.entries(server).filter(([name]) => name.endsWith("_endpoint") || name === "jwks_uri");
  const aliases = server["mtls_endpoint_aliases"];
  if (aliases === undefined) return;
  if (typeof aliases !== "object" || aliases === null) yield ["mtls_endpoint_aliases", null];
  else for (const [name, value] of Object.entries(aliases)) yield [`mtls_endpoint_aliases.${name}`, value];
}

/** Whether a URL leads to this machine, by an address or by a name that always does. RFC 6761 section 6.3. */
export function isLoopback({ hostname }: URL): boolean {
  const name = hostname.replace(/\.$/, "");
  return (
    name === "localhost" ||
    name.endsWith(".localhost") ||
    /^(?:127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|\[::ffff:(?:7f..:.*|0:0)\])$/.test(name)
  );
}
