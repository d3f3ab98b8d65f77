import type { AuthenticationScheme, ConnectionBoundScheme } from "@fairlead/http/authentication";

/** How a manager authenticates. */
export interface AuthenticationSettings {
  /** Schemes that are never used, whoever asks for them. */
  readonly refuse?: readonly AuthenticationScheme[];
  /** Schemes that authenticate a connection, each from its package; none by default. */
  readonly connectionBound?: readonly ConnectionBoundScheme[];
  readonly dangerous?: {
    /**
     * Sends passwords (Basic) and tokens (Bearer) where everybody on the way can read them: over http, or to a proxy that
     * is not spoken to by TLS. What an authenticator has goes over http to loopback in any case, and by this also to servers
     * whose certificates are let in by exception.
     */
    readonly sendSecretsInTheClear?: boolean;
  };
}
