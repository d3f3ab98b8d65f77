import { UsageError } from "@fairlead/core";
import type { RequestContext } from "../fetch-handler.ts";
import type { HealthPolicy } from "./protocol/health.ts";
import type { UpstreamOptions, UpstreamTls } from "./upstream.ts";
import type { UpstreamTimeouts } from "./upstream-request.ts";

/** Which server is asked: `http://host:port`, `https://host` or `unix:/path`. Several share the load. */
export type RelayTarget = string | readonly string[];

/** How requests are passed on. */
export interface ReverseProxyOptions {
  /**
   * The servers, or who names them for each request. A function must not let a request name any server that it likes:
   * whoever sends it would reach all that this machine reaches.
   */
  readonly target: RelayTarget | ((request: Request, context: RequestContext) => RelayTarget | Promise<RelayTarget>);
  /** Says another path, with its query, for the one that came. */
  readonly path?: ((path: string) => string) | undefined;
  /** What Host says: what the client says (`keep`, the default), or the server's own name. */
  readonly host?: "keep" | "target" | undefined;
  /** What this proxy is called in Via and Proxy-Status: a token, `fairlead` by default. */
  readonly via?: string | undefined;
  /**
   * How the server learns who the client is: by Forwarded (RFC 7239), by X-Forwarded-For, -Host and -Proto, `both` by
   * default, or `neither`. What the client itself says there goes no further, unless the server believes it.
   */
  readonly forwarded?: "forwarded" | "x-forwarded" | "both" | "neither" | undefined;
  /**
   * Whether the server is told by Client-Cert (RFC 9440) who the client has proved to be to this one. By default it is. What
   * a client says there itself goes no further in any case.
   */
  readonly clientCert?: boolean | undefined;
  /** Fields of requests that go no further, in lower case, such as `cookie` for a server that is not to know them. */
  readonly withhold?: readonly string[] | undefined;
  /** Whether interim responses of the servers, such as 103 (Early Hints), are passed on; by default they are. */
  readonly interim?: boolean | undefined;
  /** How `https` targets are secured. */
  readonly tls?: UpstreamTls | undefined;
  /** Connections to each server at the same time; 128 by default. */
  readonly connections?: number | undefined;
  /** Requests that may wait for a connection to a server before more are answered by 503; 1,000 by default. */
  readonly waiting?: number | undefined;
  /** 5,000 to connect, 60,000 for the head of a response and between the pieces of its content, 1,000 for 100 (Continue). */
  readonly timeouts?: Partial<UpstreamTimeouts> | undefined;
  /** Two failures in a row leave a server out for 10,000 milliseconds by default, while there are others. */
  readonly health?: Partial<HealthPolicy> | undefined;
  /** Hears why a client was answered by 502, 503 or 504. */
  readonly onError?: ((error: Error, request: Request) => void) | undefined;
}

/** The options with everything that they leave out. */
export interface ResolvedOptions {
  readonly target: ReverseProxyOptions["target"];
  readonly path: ((path: string) => string) | undefined;
  readonly host: "keep" | "target";
  readonly via: string;
  readonly forwarded: NonNullable<ReverseProxyOptions["forwarded"]>;
  readonly clientCert: boolean;
  readonly withhold: ReadonlySet<string>;
  readonly interim: boolean;
  readonly timeouts: UpstreamTimeouts;
  readonly upstream: UpstreamOptions;
  readonly onError: ReverseProxyOptions["onError"];
}

/** @throws UsageError OPTION_INVALID with the name of the first that cannot be. */
export function resolveOptions(options: ReverseProxyOptions): ResolvedOptions {
  const { via = "fairlead", connections = 128, waiting = 1_000 } = options;
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const health = { ...DEFAULT_HEALTH, ...options.health };
  if (!/^[A-Za-z][\w.-]*$/.test(via)) throw invalid("via", "give a name of letters, digits, dots and hyphens");
  for (const [name, value] of Object.entries({ connections, waiting, ...timeouts, ...health })) {
    if (!Number.isSafeInteger(value) || value < 0) throw invalid(name, "give a whole number that is not negative");
  }
  if (connections === 0) throw invalid("connections", "give at least 1");
  return {
    target: options.target,
    path: options.path,
    host: options.host ?? "keep",
    via,
    forwarded: options.forwarded ?? "both",
    clientCert: options.clientCert ?? true,
    withhold: new Set(options.withhold),
    interim: options.interim ?? true,
    timeouts,
    upstream: { tls: options.tls, connections, waiting, connectMilliseconds: timeouts.connectMilliseconds, health },
    onError: options.onError,
  };
}

const DEFAULT_TIMEOUTS: UpstreamTimeouts = {
  connectMilliseconds: 5_000,
  responseMilliseconds: 60_000,
  idleMilliseconds: 60_000,
  continueMilliseconds: 1_000,
};

const DEFAULT_HEALTH: HealthPolicy = { failures: 2, leaveOutMilliseconds: 10_000 };

function invalid(detail: string, remedy: string): UsageError {
  return new UsageError("OPTION_INVALID", { detail, remedy });
}
