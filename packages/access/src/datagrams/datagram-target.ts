import { UsageError } from "@fairlead/core";
import { formatPeer } from "@fairlead/transport";
import type { Target } from "../target.ts";

/**
 * Finds where the URL of a protocol over datagrams points: `coap:` and, secured, `coaps:`. Its path is of no interest here.
 *
 * @throws UsageError URL_INVALID, URL_SCHEME_UNKNOWN, or URL_USER_INFORMATION: credentials in a URL end up in logs.
 * @see RFC 7252 sections 6.1 and 6.2
 */
export function datagramTarget(input: string | URL): Target {
  const url = typeof input === "string" ? URL.parse(input) : input;
  // Without its text, which may hold what is secret.
  if (url === null) throw new UsageError("URL_INVALID", { operation: "connect" });
  const scheme = schemes.get(url.protocol);
  if (scheme === undefined) {
    throw new UsageError("URL_SCHEME_UNKNOWN", { operation: "connect", detail: url.protocol.slice(0, -1) });
  }
  // The URL Standard reads names and addresses in the URLs of the schemes that it knows, and of no others.
  const read = URL.parse(`https://${url.host}`);
  if (read === null || url.host === "") throw new UsageError("URL_INVALID", { operation: "connect", detail: "host" });
  if (url.username !== "" || url.password !== "") {
    throw new UsageError("URL_USER_INFORMATION", { operation: "connect", peer: read.host });
  }
  const urlHost = read.hostname;
  const host = urlHost.startsWith("[") ? urlHost.slice(1, -1) : urlHost;
  const port = url.port === "" ? scheme.port : Number(url.port);
  if (port === 0) throw new UsageError("URL_INVALID", { operation: "connect", detail: "port 0" });
  const peer = formatPeer(host, port);
  return {
    // With its port always, as of a stream: whoever compares origins meets one form of each.
    origin: `${url.protocol}//${peer}`,
    protocol: url.protocol,
    secure: scheme.secure,
    host,
    urlHost,
    port,
    authority: peer,
    peer,
  };
}

const schemes: ReadonlyMap<string, { readonly secure: boolean; readonly port: number }> = new Map([
  ["coap:", { secure: false, port: 5683 }],
  ["coaps:", { secure: true, port: 5684 }],
]);
