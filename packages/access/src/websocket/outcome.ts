import type { ResponseFields } from "../dispatch.ts";
import type { Transaction } from "../transaction.ts";

/** What became of a handshake. */
export interface WebSocketFacts {
  /** The subprotocol; empty for none. */
  readonly protocol: string;
  readonly extensions: string;
  /** Fields of the server's answer. */
  readonly headers: ResponseFields;
  readonly transaction: Transaction;
}

/** How a WebSocket ended. */
export interface WebSocketEnd {
  /** 1005 when the peer said nothing, 1006 without a closing handshake. RFC 6455 section 7.1.5. */
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}
