import type { DeflateParameters, WebSocketLimits } from "@fairlead/http/websocket";

/** Which side of the handshake this is: a client masks what it sends, a server closes TCP first. */
export type WebSocketRole = "client" | "server";

/** How a WebSocket goes on behind its handshake. */
export interface WebSocketConnectionOptions {
  readonly role: WebSocketRole;
  /** Named in errors: `host:port`. */
  readonly peer?: string | undefined;
  /** The agreed subprotocol; empty, the default, when there is none. */
  readonly protocol?: string | undefined;
  /** The agreed compression; none by default. */
  readonly deflate?: DeflateParameters | undefined;
  /** Messages below this many octets are sent as they are. 1,024 by default. */
  readonly deflateFromBytes?: number | undefined;
  /** What came behind the handshake and belongs to the WebSocket already. */
  readonly head?: Uint8Array | undefined;
  readonly limits?: Partial<WebSocketLimits> | undefined;
  /** Octets that may wait to be sent before {@link WebSocketConnection.send} asks for patience. 64 KiB by default. */
  readonly sendHighWaterBytes?: number | undefined;
  /** Asks a silent peer whether it is there; by default nobody is asked. */
  readonly keepAlive?: WebSocketKeepAlive | undefined;
  /** How long the peer may take to answer a Close, and to close the stream. 10,000 by default. */
  readonly closeTimeoutMilliseconds?: number | undefined;
  /** Ends the connection at once when it fires; its reason is the closure's error. */
  readonly signal?: AbortSignal | undefined;
}

/** Pings of our own, while nothing comes. */
export interface WebSocketKeepAlive {
  /** Silence before a ping. */
  readonly intervalMilliseconds: number;
  /** Silence after a ping before the peer counts as gone. */
  readonly timeoutMilliseconds: number;
}

/** Who hears of a WebSocket. What one of them throws ends the connection, as the closure's error. */
export interface WebSocketEvents {
  /**
   * A whole message: a string is a text, octets are a binary message and the hearer's own. Not called while paused, nor
   * after {@link WebSocketConnection.close}.
   */
  onMessage(data: string | Uint8Array): void;
  /** The connection is over; called once, and last. */
  onClose(closure: WebSocketClosure): void;
  /** There is room again, after `send` returned false. */
  onDrain?(): void;
  /** A ping came; it is answered already. */
  onPing?(payload: Uint8Array): void;
  /** A pong came, asked for or not. */
  onPong?(payload: Uint8Array): void;
}

/** How a WebSocket ended. */
export interface WebSocketClosure {
  /** What the peer's Close says; 1005 when it says nothing, 1006 when none came. RFC 6455 section 7.1.5. */
  readonly code: number;
  /** The peer's own words, for a log and nobody else; empty without any. */
  readonly reason: string;
  /** Whether both sides said Close. */
  readonly wasClean: boolean;
  /** Why it was not clean: what the peer did wrong, how the stream failed, or what `destroy` was told. */
  readonly error: unknown;
}

/** Where a WebSocket stands: `closing` once either side said Close or a rule was broken. */
export type WebSocketState = "open" | "closing" | "closed";

/** One open WebSocket, on either side. */
export interface WebSocketConnection {
  readonly role: WebSocketRole;
  readonly protocol: string;
  /** The agreed compression. */
  readonly deflate: DeflateParameters | undefined;
  readonly state: WebSocketState;
  /** Octets that were given to `send` and have not left to the system. */
  readonly bufferedBytes: number;
  /**
   * Sends a message, a text for a string. Octets must stay as they are until `bufferedBytes` is 0. Once the connection is
   * closing it is dropped.
   *
   * @returns whether there is room for more; when not, `onDrain` tells. More is taken nevertheless.
   */
  send(data: string | Uint8Array): boolean;
  /** Reads nothing more, so that a peer that sends too fast has to wait. */
  pause(): void;
  resume(): void;
  /**
   * @param payload at most 125 octets.
   * @throws UsageError OPTION_INVALID for more.
   */
  ping(payload?: Uint8Array): void;
  /**
   * Says Close behind all that was sent, and hears no more messages; `onClose` tells when it is over. A second call does
   * nothing.
   *
   * @param code 1000 to 1003, 1007 to 1014, or 3000 to 4999; without one the Close says nothing.
   * @param reason at most 123 octets as UTF-8.
   * @throws UsageError OPTION_INVALID for another code, a longer reason, or a reason without a code.
   */
  close(code?: number, reason?: string): void;
  /** Ends the stream at once, without a Close. `error` becomes the closure's. */
  destroy(error?: unknown): void;
}
