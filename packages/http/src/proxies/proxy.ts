/** How a proxy is spoken to. */
export type ProxyScheme = "http" | "https" | "socks4a" | "socks5";

/** A proxy on the way to a server. */
export interface Proxy {
  readonly scheme: ProxyScheme;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  /** As the application wrote them into the URL, decoded. Never logged. */
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
}

/**
 * Reads the URL of a proxy, `scheme://[name[:password]@]host[:port]`; without a scheme it is `http`, as in the environment
 * variables of curl. `socks` and `socks5h` are `socks5`, `socks4` is `socks4a`: names are always resolved by the proxy.
 * `undefined` for anything else.
 */
export function parseProxy(text: string): Proxy | undefined {
  const trimmed = text.trim();
  const [, scheme = "http", rest = trimmed] = /^([a-z][a-z\d+.-]*):\/\/(.*)$/is.exec(trimmed) ?? [];
  const known = schemes.get(scheme.toLowerCase());
  // As https, because of all schemes the URL standard lets only its own have a port that is left out when it is usual.
  const url = known === undefined ? null : URL.parse(`https://${rest}`);
  if (known === undefined || url?.pathname !== "/" || url.search !== "" || url.hash !== "") return undefined;
  const username = decode(url.username);
  const password = decode(url.password);
  if (username === undefined || password === undefined) return undefined;
  return {
    scheme: known,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: portOf(rest, url) ?? defaultPorts[known],
    credentials: username === "" && password === "" ? undefined : { username, password },
  };
}

/** Names a proxy for messages and transactions, without its credentials. */
export function formatProxy({ scheme, host, port }: Proxy): string {
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${String(port)}`;
}

const schemes: ReadonlyMap<string, ProxyScheme> = new Map([
  ["http", "http"],
  ["https", "https"],
  ["socks", "socks5"],
  ["socks5", "socks5"],
  ["socks5h", "socks5"],
  ["socks4", "socks4a"],
  ["socks4a", "socks4a"],
]);

/** 1080 for SOCKS (IANA); for http what curl takes, because 80 is where no proxy listens. */
const defaultPorts: Readonly<Record<ProxyScheme, number>> = { http: 1080, https: 443, socks4a: 1080, socks5: 1080 };

/** The URL parser drops the port 443 that somebody wrote. */
function portOf(rest: string, url: URL): number | undefined {
  if (url.port !== "") return Number(url.port);
  return /:0*443\/?$/.test(rest) ? 443 : undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
