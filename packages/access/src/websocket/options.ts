import type { ReconnectPolicy } from "@fairlead/http/reconnection";
import type { WebSocketLimits } from "@fairlead/http/websocket";
import type { WebSocketKeepAlive } from "@fairlead/transport/websocket";
import type { ExchangeOptions } from "../open-exchange.ts";
import type { RequestFieldsInput } from "../request-fields.ts";

/**
 * What one WebSocket may say for itself. What is said of an exchange holds for its handshake; `signal` ends the socket,
 * whenever it fires. Redirects are followed only where `redirect` says so, and are an error otherwise, as in browsers.
 */
export interface WebSocketOptions extends Omit<ExchangeOptions, "cache" | "earlyData"> {
  /** Subprotocols, the most wanted first. */
  readonly protocols?: string | readonly string[];
  /** Fields of the handshake beside its own. */
  readonly headers?: RequestFieldsInput;
  /** On whose behalf it is opened, for servers that look at `Origin`: `https://example.com`. None by default. */
  readonly origin?: string;
  /** Whether compression is offered (RFC 7692); true by default. */
  readonly compression?: boolean;
  /** Whether it may be a stream of HTTP/2 where the server offers that (RFC 8441); true by default. */
  readonly http2?: boolean;
  /** What a peer may fill: a message of 16 MiB by default. */
  readonly limits?: Partial<WebSocketLimits>;
  /** Bytes of messages that wait for a reader before the peer is held back; 64 KiB by default. */
  readonly readAheadBytes?: number;
  /** Asks a silent peer whether it is there; by default nobody is asked. */
  readonly keepAlive?: WebSocketKeepAlive;
  /** How long the peer may take over the closing handshake; 10,000 by default. */
  readonly closeTimeoutMilliseconds?: number;
  /**
   * Opens it again when it was lost, and tries again where it could not be opened for a reason that may pass: `true`, or
   * members of a policy. Never by default. What a server closes for good stays closed: see the package's README.
   */
  readonly reconnect?: boolean | Partial<ReconnectPolicy>;
}
