import type { FlatFields } from "./exchange/index.ts";
import type { ClientIdentity, ConnectionFacts } from "./exchange/connection-facts.ts";

/**
 * What answers requests, in the shape that Hono, h3 and others share: `app.fetch` of any of them is one. What it throws, or
 * rejects with, is told to `onError` and answered with 500.
 */
export type FetchHandler = (request: Request, context: RequestContext) => Response | Promise<Response>;

/** What a handler may know beyond the request. In Hono it is `c.env`, in h3 `event.req.context`. */
export interface RequestContext {
  readonly connection: ConnectionFacts;
  /** Who the client is: by the connection, or by `Forwarded` of trusted proxies. `undefined` for a Unix socket. */
  readonly client: ClientAddress | undefined;
  /**
   * Whose certificate a trusted proxy says it has verified (RFC 9440): its word, where `forwarded.clientCertificates` has
   * it believed. Who has proved it to this server itself is `connection.tls.client`.
   */
  readonly forwardedClient?: ClientIdentity | undefined;
  /** Sends an interim response: 103 with `link` fields, 102. RFC 8297. */
  inform(status: number, fields: FlatFields): void;
  /** What came behind the request's content; empty before all of it was read. */
  readonly requestTrailers: FlatFields;
  /** Has a server that closes wait for this, up to its deadline; what it rejects with is told to `onError`. */
  waitUntil(work: Promise<unknown>): void;
  /** Fires when the server begins to close: what would go on for long, as an open socket, says goodbye then. */
  readonly closing?: AbortSignal | undefined;
}

/** Where a client is. */
export interface ClientAddress {
  /** An IP literal without brackets; or what a trusted proxy calls it in its place (RFC 7239 section 6.3). */
  readonly address: string;
  readonly port: number | undefined;
}
