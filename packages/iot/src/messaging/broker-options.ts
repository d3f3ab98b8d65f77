import type { ReconnectPolicy } from "@fairlead/http/reconnection";

/** A broker that is told who connects. */
export interface CredentialsQuestion {
  /** `host:port`, or `host` where its scheme says the port. */
  readonly peer: string;
  /** Whether what is answered goes by TLS. */
  readonly secure: boolean;
  /** What the URL says. */
  readonly username: string | undefined;
  /** Connections to this broker before, those that failed included. */
  readonly attempt: number;
  /** Fires when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** Who connects. */
export type BrokerCredentials =
  /** A token stands where the password does, as the broker wants it. */
  | { readonly type: "password"; readonly username: string; readonly password: string }
  /** The certificate that TLS has shown says it (SASL EXTERNAL); an MQTT broker is told nothing more. */
  | { readonly type: "certificate" };

/** Answers a broker; `undefined` says nothing. Asked for each connection, so that a token may be a new one. */
export type OnCredentials = (
  question: CredentialsQuestion,
) => BrokerCredentials | undefined | Promise<BrokerCredentials | undefined>;

/** A connection that was lost, or could not be opened, and is opened again. */
export interface Reconnecting {
  /** Counts from 1 since a connection has lasted. */
  readonly attempt: number;
  readonly afterMilliseconds: number;
  /** What it was lost to; `undefined` where the broker ended it without a word. */
  readonly error: Error | undefined;
}

/** How a broker is reached, and again. */
export interface BrokerOptions {
  /** Ends it with its reason, at any time: the opening, the connection, and that it is opened again. */
  readonly signal?: AbortSignal | undefined;
  /** Says who connects. Without it the broker is told nothing, and the URL must not name anybody. */
  readonly onCredentials?: OnCredentials | undefined;
  /**
   * When a connection that was lost is opened again: `true`, the default, after a wait that grows from one second to a
   * minute, and without end; or members of a policy. The first one is never: its error is the caller's.
   */
  readonly reconnect?: boolean | Partial<ReconnectPolicy> | undefined;
  /**
   * Before each connection it waits for the internet, where the manager can tell; by default for any network at all, and
   * for none where the broker is on this machine.
   */
  readonly waitFor?: "online" | undefined;
  /** Told before each wait. What it throws ends the connection for good. */
  readonly onReconnecting?: ((reconnecting: Reconnecting) => void) | undefined;
  /** Offered in this order; none by default. RFC 7301. */
  readonly alpnProtocols?: readonly string[] | undefined;
  /** How long the broker may take for its own greeting, once there is a connection; 10,000 by default. */
  readonly timeoutMilliseconds?: number | undefined;
  readonly dangerous?: {
    /** Sends passwords without TLS to other machines, where anybody on the way reads them. */
    readonly sendSecretsInTheClear?: boolean | undefined;
  };
}
