import type { TlsPsk } from "@fairlead/tls";
import type { RouteSettings } from "../route/options.ts";
import type { RequestTimeouts } from "../timeouts.ts";

/** What a byte stream is opened with. */
export interface ConnectOptions extends RouteSettings {
  /** Gives up the opening; has no effect on a stream that is open. */
  readonly signal?: AbortSignal | undefined;
  /** Offered in this order; none by default. RFC 7301. */
  readonly alpnProtocols?: readonly string[] | undefined;
  /** Proves both sides by a key that both know, instead of certificates. No session is resumed or kept then. */
  readonly psk?: TlsPsk | undefined;
  /** Deadlines of its own for `resolve`, `connect` and `secure`; the manager's by default. */
  readonly timeouts?: Pick<RequestTimeouts, "resolve" | "connect" | "secure"> | undefined;
  /**
   * The URL of the top-level page on whose behalf it is opened: TLS sessions, client certificates and addresses of one
   * top-level site are used for no other. None by default: it is the application's own.
   */
  readonly partition?: string | URL | undefined;
}
