import { UsageError } from "@fairlead/core";
import { formatPeer } from "@fairlead/transport";
import { quoteInput } from "../request-url.ts";
import type { Target } from "../target.ts";
import { findStreamScheme } from "./protocol/stream-schemes.ts";

/**
 * Parses where a byte stream is to lead. Path, query and fragment say nothing here.
 *
 * @throws UsageError URL_INVALID, URL_SCHEME_UNKNOWN, or URL_USER_INFORMATION: credentials in a URL end up in logs.
 */
export function parseStreamUrl(input: string | URL): Target {
  const operation = "connect";
  const url = typeof input === "string" ? URL.parse(input) : input;
  if (url === null) throw new UsageError("URL_INVALID", { operation, detail: quoteInput(String(input)) });
  const { protocol, host } = url;
  const scheme = findStreamScheme(protocol);
  if (scheme === undefined) {
    throw new UsageError("URL_SCHEME_UNKNOWN", {
      operation,
      detail: protocol.slice(0, -1),
      remedy: "say by tls: or tcp: how the server is reached; http, https, ws and wss have methods of their own",
    });
  }
  if (url.username !== "" || url.password !== "") {
    const remedy = "take it out of the URL, and tell the server in its own protocol who asks";
    throw new UsageError("URL_USER_INFORMATION", { operation, peer: host, remedy });
  }
  // Only a URL of the web has its host brought into the form that is resolved and verified. URL Standard section 3.5.
  const hostname = URL.parse(`https://${url.hostname}`)?.hostname ?? "";
  const port = url.port === "" ? scheme.defaultPort : Number(url.port);
  if (hostname === "" || port === undefined || port === 0) {
    const detail = hostname === "" ? "it has no host" : "it needs a port";
    throw new UsageError("URL_INVALID", { operation, detail, remedy: "give it as mqtts://host or tls://host:port" });
  }
  const name = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  const peer = formatPeer(name, port);
  return {
    origin: `${protocol}//${peer}`,
    ...{ protocol, secure: scheme.secure, host: name, urlHost: hostname, port, authority: peer, peer },
  };
}
