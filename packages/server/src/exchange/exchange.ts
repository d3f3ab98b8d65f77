import type { Duplex } from "node:stream";
import type { BodySource, FlatFields } from "./body-source.ts";
import type { ConnectionFacts } from "./connection-facts.ts";

/** A request, without its content, as any version of HTTP says it. RFC 9110 sections 6.2 and 7. */
export interface RequestHead {
  readonly version: "1.0" | "1.1" | "2";
  /** Any token but CONNECT to another host, which is refused; case matters. */
  readonly method: string;
  /** Of the connection, never what the client claims. */
  readonly scheme: "http" | "https";
  /** `host` or `host:port`, by the target or the Host field; empty where HTTP/1.0 names none. RFC 9110 section 7.2. */
  readonly authority: string;
  /** Path and query as they came, beginning with a slash; or `*`. */
  readonly path: string;
  /** As they came, in order; Host is among them in every version, as `host`. */
  readonly fields: FlatFields;
  /** What it asks to change to: the Upgrade field of HTTP/1.1, `:protocol` of HTTP/2 (RFC 8441). */
  readonly upgrade: string | undefined;
}

/** An answer, without its content. */
export interface ResponseHead {
  /** 200 to 599. */
  readonly status: number;
  /**
   * Names in lower case. Those that frame it (`connection`, `transfer-encoding`, `keep-alive`) are the driver's alone and
   * refused; `content-length` is checked against the content where that is known.
   */
  readonly fields: FlatFields;
}

/** Takes the content of a response, piece by piece. */
export interface BodySink {
  /**
   * @param bytes not changed before they are written.
   * @returns whether there is room for more; where not, {@link drained} tells. More is taken nevertheless.
   */
  write(bytes: Uint8Array): boolean;
  /** Resolves when there is room, rejects with the signal's reason when the client has left. */
  drained(): Promise<void>;
  /** Ends it; trailers are left out where they cannot be sent. */
  end(trailers?: FlatFields): void;
}

/**
 * One request and its answer, whatever the version: what a driver makes of its bytes, and what everything above it works
 * with. Whoever has it answers it once, by `respond`, `begin`, `upgrade` or `abort`. Nothing of it throws because the
 * client has left: `signal` says so, and what is sent to it is dropped.
 */
export interface Exchange {
  readonly head: RequestHead;
  readonly connection: ConnectionFacts;
  /**
   * The request's content; `undefined` where it has none. Its first `read` sends 100 (Continue) to a client that waits for
   * it. What nobody has read when the answer ends is dropped, and more than a little ends a connection of HTTP/1.
   */
  readonly body: BodySource | undefined;
  /** Fires, with a TransportError CLIENT_GONE, when the client leaves before the answer is complete. Made when asked for. */
  readonly signal: AbortSignal;
  /** Whether an answer has begun. */
  readonly isAnswered: boolean;
  /** Sends an interim response, 100 or 102 to 199, before the answer; dropped for HTTP/1.0. RFC 9110 section 15.2. */
  inform(status: number, fields: FlatFields): void;
  /**
   * Answers with content that is there. HEAD, 204 and 304 are sent without it; its length is the driver's to say.
   *
   * @throws UsageError HEADER_INVALID, OPTION_INVALID for what cannot be sent.
   */
  respond(head: ResponseHead, content: Uint8Array | string | undefined): void;
  /**
   * Begins an answer whose content comes by and by.
   *
   * @returns where it goes; it takes and drops everything for HEAD.
   * @throws UsageError HEADER_INVALID, OPTION_INVALID for what cannot be sent.
   */
  begin(head: ResponseHead): BodySink;
  /**
   * Gives the connection, or the stream of HTTP/2, to another protocol: answers with 101, or 200 for HTTP/2.
   *
   * @param fields of the answer; `upgrade` and `connection` are the driver's.
   * @throws UsageError OPTION_INVALID when the request did not ask for it.
   */
  upgrade(fields: FlatFields): Duplex;
  /** Ends it without more: HTTP/1 loses its connection, HTTP/2 this stream. */
  abort(reason: unknown): void;
}
