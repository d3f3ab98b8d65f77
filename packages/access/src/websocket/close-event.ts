/** A WebSocket is over, as `CloseEvent` has it, which Node 22 lacks. */
export class WebSocketCloseEvent extends Event {
  /** What the peer said; 1005 when it said nothing, 1006 when there was no closing handshake. RFC 6455 section 7.1.5. */
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;

  constructor(code: number, reason: string, wasClean: boolean) {
    super("close");
    this.code = code;
    this.reason = reason;
    this.wasClean = wasClean;
  }
}
