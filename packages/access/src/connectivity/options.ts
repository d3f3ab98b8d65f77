import { UsageError } from "@fairlead/core";
import type { NetworkInterfaces } from "@fairlead/http/connectivity";
import { networkInterfaces } from "node:os";
import { requireMilliseconds } from "../deadline.ts";

/** How a manager finds out whether there is an internet. Nothing is asked before somebody listens, waits or checks. */
export interface ConnectivitySettings {
  /**
   * What is asked for in the clear, http, and known to answer with 204 (or an empty 200): the application's own server, or
   * one that is there for this. There is none by default, since whoever runs it learns when and where an application runs.
   */
  readonly probeUrl?: string | URL;
  /**
   * The API of the network's captive portal, https: what DHCP or a router says (RFC 8910), which Node.js does not tell. A
   * function is asked before each check, and says `undefined` on networks without one.
   */
  readonly apiUrl?: string | URL | (() => string | URL | undefined);
  /** How long a check may take; 10 s by default. Without an answer by then there is no verdict. */
  readonly timeoutMilliseconds?: number;
  /** The interfaces that are up, and their addresses; `os.networkInterfaces` by default. */
  readonly interfaces?: () => NetworkInterfaces;
}

/** The settings, checked. */
export interface CheckedSettings {
  readonly probeUrl: URL | undefined;
  /** What it says is checked when it is asked. */
  readonly apiUrl: (() => string | URL | undefined) | undefined;
  readonly timeoutMilliseconds: number;
  readonly interfaces: () => NetworkInterfaces;
}

const TIMEOUT_MILLISECONDS = 10_000;

/**
 * Checks the settings.
 *
 * @throws UsageError OPTION_INVALID
 */
export function connectivitySettings(settings: ConnectivitySettings = {}): CheckedSettings {
  const { probeUrl, apiUrl, timeoutMilliseconds = TIMEOUT_MILLISECONDS, interfaces = networkInterfaces } = settings;
  requireMilliseconds("connectivity.timeoutMilliseconds", timeoutMilliseconds, 1);
  return {
    probeUrl: probeUrl === undefined ? undefined : requireUrl("probeUrl", probeUrl, "http:"),
    apiUrl: typeof apiUrl === "function" || apiUrl === undefined ? apiUrl : constant(apiUrl),
    timeoutMilliseconds,
    interfaces,
  };
}

function constant(apiUrl: string | URL): () => URL {
  const url = requireUrl("apiUrl", apiUrl, "https:");
  return () => url;
}

/** Over TLS a portal could not answer a probe, and in the clear anybody an API. */
function requireUrl(option: string, given: string | URL, protocol: "http:" | "https:"): URL {
  const url = parseCheckUrl(given, protocol);
  if (url !== undefined) return url;
  throw new UsageError("OPTION_INVALID", {
    detail: `connectivity.${option}`,
    remedy: `give the URL as ${protocol}//host/path, without a user name`,
  });
}

/** The URL that a check asks for; `undefined` for one that it must not. */
export function parseCheckUrl(given: string | URL, protocol: "http:" | "https:"): URL | undefined {
  const url = URL.parse(String(given));
  return url?.protocol === protocol && url.username === "" && url.password === "" ? url : undefined;
}
