import { isExempt } from "./no-proxy.ts";
import { parseProxy, type Proxy } from "./proxy.ts";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Which proxy a URL is reached through, and by which word. */
export type ProxyChoice =
  | { readonly type: "direct"; readonly because: string | undefined }
  | { readonly type: "proxy"; readonly proxy: Proxy; readonly because: string }
  /** The variable holds no proxy: better to say so than to go without. */
  | { readonly type: "invalid"; readonly because: string };

/**
 * Chooses the proxy that the environment names for a URL: `http_proxy` or `https_proxy` by its scheme (`sftp_proxy` for what
 * is no HTTP), else `all_proxy`, none where `no_proxy` names the server or the server is this machine. Lower case goes before
 * upper case.
 *
 * `HTTP_PROXY` in upper case is not read where `REQUEST_METHOD` is set: under CGI it is the client's header field (httpoxy,
 * CVE-2016-5385).
 */
export function proxyFromEnvironment(url: URL, environment: Environment): ProxyChoice {
  const scheme = proxiedScheme(url.protocol);
  const port = url.port === "" ? (scheme === "https" ? 443 : 80) : Number(url.port);
  const exempt = first(environment, ["no_proxy", "NO_PROXY"]);
  if (exempt !== undefined && isExempt(exempt.value, url.hostname, port)) {
    return { type: "direct", because: exempt.name };
  }
  if (isExempt(thisMachine, url.hostname, port)) return { type: "direct", because: undefined };
  const isCgi = environment["REQUEST_METHOD"] !== undefined;
  const upperCase = scheme === "http" && isCgi ? [] : [`${scheme.toUpperCase()}_PROXY`];
  const own = [`${scheme}_proxy`, ...upperCase];
  const found = first(environment, [...own, "all_proxy", "ALL_PROXY"]);
  if (found === undefined) return { type: "direct", because: undefined };
  const proxy = parseProxy(found.value);
  return proxy === undefined ? { type: "invalid", because: found.name } : { type: "proxy", proxy, because: found.name };
}

/** A WebSocket begins as the HTTP that it begins with. RFC 6455 section 4.1. */
function proxiedScheme(protocol: string): string {
  switch (protocol) {
    case "wss:":
      return "https";
    case "ws:":
      return "http";
    default:
      return protocol.slice(0, -1);
  }
}

const thisMachine = "localhost,127.0.0.0/8,::1/128";

function first(
  environment: Environment,
  names: readonly string[],
): { readonly name: string; readonly value: string } | undefined {
  for (const name of names) {
    const value = environment[name];
    if (value !== undefined && value.trim() !== "") return { name, value };
  }
  return undefined;
}
