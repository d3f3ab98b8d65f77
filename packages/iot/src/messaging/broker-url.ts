import { UsageError } from "@fairlead/core";

/** What the URL of a broker says. */
export interface BrokerUrl {
  /** Scheme, host and port. */
  readonly address: URL;
  /** `host:port`, or `host` where the scheme says the port: for messages. */
  readonly peer: string;
  /** Whether it is reached by TLS. */
  readonly secure: boolean;
  /** Whether it is on this machine, which needs no network. */
  readonly isLocal: boolean;
  /** Who asks, where the URL says it. */
  readonly username: string | undefined;
  /** Behind the first slash, decoded; empty for none. */
  readonly path: string;
}

/**
 * Reads the URL of a broker.
 *
 * @param schemes with their colon: that in the clear, and that by TLS.
 * @throws UsageError URL_INVALID, URL_SCHEME_UNKNOWN; URL_USER_INFORMATION for a password: it would end up in logs.
 */
export function readBrokerUrl(
  input: string | URL,
  { clear, secure }: { readonly clear: string; readonly secure: string },
): BrokerUrl {
  const operation = "connect";
  const remedy = `give it as ${secure}//host or ${clear}//host`;
  const url = URL.parse(String(input));
  if (url === null) throw new UsageError("URL_INVALID", { operation, remedy });
  const { protocol, host, hostname } = url;
  if (protocol !== clear && protocol !== secure) {
    throw new UsageError("URL_SCHEME_UNKNOWN", { operation, detail: protocol.slice(0, -1), remedy });
  }
  if (url.password !== "") {
    const remedy = "take the password out of the URL, and answer the question: onCredentials";
    throw new UsageError("URL_USER_INFORMATION", { operation, peer: host, remedy });
  }
  if (url.search !== "" || url.hash !== "") {
    throw new UsageError("URL_INVALID", { operation, peer: host, detail: "it has a query", remedy: "give options" });
  }
  return {
    address: new URL(`${protocol}//${host}`),
    peer: host,
    secure: protocol === secure,
    isLocal: /^(?:localhost|127(?:\.\d+){1,3}|\[::1\])$/i.test(hostname),
    username: url.username === "" ? undefined : decode(url.username, host),
    path: decode(url.pathname.slice(1), host),
  };
}

function decode(text: string, peer: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    const detail = "what is percent-encoded is no UTF-8";
    throw new UsageError("URL_INVALID", { operation: "connect", peer, detail, cause });
  }
}
