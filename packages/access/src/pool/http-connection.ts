import type { DispatchHandler, HopOptions } from "../dispatch.ts";
import type { HttpProtocol } from "./connect-request.ts";

/** A connection on which HTTP is spoken, by either version. Its stream was opened by the pool. */
export interface HttpConnection {
  readonly protocol: HttpProtocol;
  /** Requests that may be started now: 0 while busy (HTTP/1.1), at the peer's limit of streams (HTTP/2), closing or lost. */
  readonly capacity: number;
  /** Sends one request. Never throws: what happens is told to the handler. */
  start(options: HopOptions, handler: DispatchHandler): void;
  /** Starts nothing more, lets what is under way end, then closes. */
  close(): Promise<void>;
  /** Ends all at once; what is under way fails with `reason` as it is. */
  destroy(reason: Error): void;
}

/** What a connection tells its pool. */
export interface HttpConnectionEvents {
  /** Its capacity may have grown. */
  onFree(): void;
  /** Nothing more may be started on it; what is under way goes on until `onClosed`. */
  onDraining(): void;
  onClosed(): void;
}

/** What a request fails with when its connection was lost. The pool repeats it where that is safe, or names the error. */
export class ConnectionLoss extends Error {
  override readonly name = "ConnectionLoss";
  /**
   * Whether the peer may have acted on the request: `no` for one that was not written, that HTTP/2 refused
   * (REFUSED_STREAM), or that GOAWAY excluded. RFC 9113 sections 6.8 and 8.7.
   */
  readonly processed: "no" | "unknown";

  constructor(processed: "no" | "unknown", cause: unknown) {
    super("the connection was lost", { cause });
    this.processed = processed;
  }
}
