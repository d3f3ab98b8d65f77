/** What a peer may fill: more of it ends the connection with close code 1009. RFC 6455 section 10.4. */
export interface WebSocketLimits {
  /** Octets of a message, all its fragments together and decompressed. */
  readonly messageBytes: number;
  /** Octets of one frame as it comes; what the limit for messages leaves by default. */
  readonly frameBytes: number;
  /** Fragments of one message: an empty one costs its sender two octets. */
  readonly fragments: number;
}

/** The limits where none are named. */
export const DEFAULT_WEBSOCKET_LIMITS: WebSocketLimits = {
  messageBytes: 16_777_216,
  frameBytes: Number.POSITIVE_INFINITY,
  fragments: 65_536,
};
