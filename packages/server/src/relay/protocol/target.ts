import { UsageError } from "@fairlead/core";

/** Where a server is. */
export type UpstreamTarget =
  | {
      readonly type: "tcp";
      readonly host: string;
      readonly port: number;
      readonly isSecure: boolean;
      readonly authority: string;
    }
  | { readonly type: "unix"; readonly path: string; readonly authority: string };

/**
 * Reads `http://host:port`, `https://host:port` or `unix:/path`.
 *
 * @throws UsageError OPTION_INVALID for anything else; a URL with a path, a query or credentials among it, since each of
 * them would have to mean something for every request.
 */
export function parseTarget(text: string): UpstreamTarget {
  if (text.startsWith("unix:/")) return { type: "unix", path: text.slice("unix:".length), authority: "localhost" };
  const url = URL.parse(text);
  const isSecure = url?.protocol === "https:";
  const isPlainOrigin = url !== null && (isSecure || url.protocol === "http:") && `${url.origin}/` === url.href;
  if (!isPlainOrigin) {
    throw new UsageError("OPTION_INVALID", {
      detail: "target",
      remedy: "give http://host:port, https://host or unix:/path, and nothing behind it",
    });
  }
  const host = url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
  const port = url.port === "" ? (isSecure ? 443 : 80) : Number(url.port);
  return { type: "tcp", host, port, isSecure, authority: url.host };
}
