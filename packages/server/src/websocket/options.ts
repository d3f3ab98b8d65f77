import type { DeflateWishes, OriginPolicy, WebSocketLimits } from "@fairlead/http/websocket";
import type { WebSocketKeepAlive } from "@fairlead/transport/websocket";

/** On which terms a WebSocket is opened. */
export interface AcceptWebSocketOptions {
  /** Subprotocols that are spoken here; the first of the client's that is among them is agreed to. None by default. */
  readonly protocols?: readonly string[] | undefined;
  /**
   * Whose pages may open one. `same` by default: a page of another site could use the cookies of its visitor here, and is
   * answered by 403. Programs that are no browsers send no Origin and are let in.
   */
  readonly origins?: OriginPolicy | undefined;
  /** Compression by permessage-deflate (RFC 7692): what is wished of it, or `false`. Agreed to by default. */
  readonly deflate?: DeflateWishes | false | undefined;
  /** Messages below this many octets are sent as they are. 1,024 by default. */
  readonly deflateFromBytes?: number | undefined;
  /** Messages of at most 1 MiB by default; a larger one ends the socket with 1009. */
  readonly limits?: Partial<WebSocketLimits> | undefined;
  /** Octets of messages that wait to be read before the client has to wait. 64 KiB by default, and at least one message. */
  readonly readHighWaterBytes?: number | undefined;
  /** Octets that wait to be sent before `send` asks for patience. 64 KiB by default. */
  readonly sendHighWaterBytes?: number | undefined;
  /** Octets that wait to be sent of who is not patient before the socket is cut. 4 MiB by default. */
  readonly sendLimitBytes?: number | undefined;
  /** A ping after 30 seconds of silence, and the end 10 seconds after by default; `false` asks nobody. */
  readonly keepAlive?: WebSocketKeepAlive | false | undefined;
  /** How long the client may take to answer a Close. 10,000 by default. */
  readonly closeTimeoutMilliseconds?: number | undefined;
}
