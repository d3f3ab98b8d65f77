import type { Duplex } from "node:stream";
import type { FairleadError } from "@fairlead/core";
import type { ConnectionFacts } from "./connection-facts.ts";
import type { Exchange } from "./exchange.ts";
import type { HttpLimits } from "./limits.ts";

/** How an exchange came to its end. */
export interface ExchangeEnd {
  /** `undefined` where nothing was answered. 101, or 200 to extended CONNECT, for an upgrade. */
  readonly status: number | undefined;
  /** Octets of content. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Why it was not complete; `undefined` when it was. */
  readonly error: unknown;
}

/** A request that no handler sees, because it breaks a rule or a limit. */
export interface RequestRefusal {
  /** What it was answered with; `undefined` where the connection ended without. */
  readonly status: number | undefined;
  /** REQUEST_MALFORMED, REQUEST_TARGET_TOO_LONG, REQUEST_FIELDS_TOO_LARGE, TIMED_OUT, HTTP2_FLOOD, … */
  readonly error: FairleadError;
}

/** What a driver is given, and who it tells. None of these throw. */
export interface DriverHost {
  readonly facts: ConnectionFacts;
  readonly limits: HttpLimits;
  /** A request has come; it is answered in time or not. */
  onExchange(exchange: Exchange): void;
  /** An exchange is over, once for each, when its answer has left or its client has. */
  onEnd(exchange: Exchange, end: ExchangeEnd): void;
  onRefusal(refusal: RequestRefusal): void;
}

/** One connection that is spoken HTTP on. */
export interface Driver {
  readonly version: "1" | "2";
  /** Requests that are under way. */
  readonly active: number;
  /** Resolves when the connection is gone; never rejects. */
  readonly closed: Promise<void>;
  /** Takes no more requests, and ends when those under way are answered: `Connection: close`, or GOAWAY. */
  drain(): void;
  /** Ends everything at once. */
  destroy(reason: Error): void;
}

/**
 * Speaks a version of HTTP on a connection, which is the driver's from then on. Nothing is told before the call returns.
 *
 * @param first what was read of it already.
 */
export type Speak = (stream: Duplex, first: Uint8Array, host: DriverHost) => Driver;
