import { UsageError } from "@fairlead/core";
import { formatPeer } from "@fairlead/transport";

/** The server that a relay stands before. */
export type RelayTarget =
  /** The name is looked up anew for each connection. */
  | { readonly host: string; readonly port: number }
  /** Path of a Unix socket. */
  | { readonly path: string };

/**
 * Reads where a relay leads to: `HOST:PORT`, `[IPv6]:PORT` or `unix:PATH`.
 *
 * @throws UsageError OPTION_INVALID
 */
export function parseRelayTarget(text: string): RelayTarget {
  if (text.startsWith("unix:") && text.length > 5) return { path: text.slice(5) };
  const [, bracketed, plain, digits = ""] = /^(?:\[([0-9a-f:.%\w]+)\]|([^:/\s[\]]+)):(\d{1,5})$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port };
  throw new UsageError("OPTION_INVALID", {
    operation: "start a relay",
    detail: "to",
    remedy: "give HOST:PORT with a port from 1 to 65535, or unix:PATH",
  });
}

/** Writes a target as {@link parseRelayTarget} reads it. */
export function formatRelayTarget(target: RelayTarget): string {
  return "path" in target ? `unix:${target.path}` : formatPeer(target.host, target.port);
}
