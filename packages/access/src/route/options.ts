import type { ConnectTcp } from "@fairlead/transport";

/** A request for which a way is chosen. */
export interface ProxyQuestion {
  /** Without user information and fragment. */
  readonly url: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * One way: the URL of a proxy (`http:`, `https:`, `socks4a:`, `socks5:`, with name and password if it wants them), several
 * that lead from one to the next, nearest first, or `none`.
 */
export type ProxyWay = "none" | (string & {}) | readonly string[];

/** Where a proxy auto-configuration script comes from: a URL (`http:`, `https:`, `file:`), or its text. */
export type PacSource = { readonly pac: string | URL } | { readonly pacScript: string };

/**
 * Which way requests go: one, or that which the environment (`https_proxy`, `http_proxy`, `all_proxy`, `no_proxy`), a
 * script or a function of the application's names. A function that rejects ends its request with that error.
 */
export type ProxyOption =
  | "environment"
  | ProxyWay
  | PacSource
  | ((question: ProxyQuestion) => ProxyWay | Promise<ProxyWay>);

/** What opens the connections on which all others stand; `connectTcp` by default. What it rejects with is wrapped no more. */
export interface TcpSettings {
  /**
   * Connects with the servers to which no proxy leads: `multipathTcp().connect` has these connections take several paths. It
   * is given the signal of the deadline, and how names are resolved.
   */
  readonly connect?: ConnectTcp;
  /** Connects with the nearest proxy; `connect` has no part in that. */
  readonly connectProxy?: ConnectTcp;
}

/** By which way requests go: of a manager, or of one request, where it goes before the manager's. */
export interface RouteSettings {
  /** `environment` by default, which leaves loopback alone. */
  readonly proxy?: ProxyOption;
  /** The Unix socket on which the server listens, whatever host the URL names. No proxy is used then. */
  readonly unix?: string;
}
