import type { ResponseFields, ResponseHead } from "./response-head.ts";

/**
 * Is told what a response consists of, in order: any number of interim heads, the head, pieces of the body, the end. May
 * pause the parser; must not throw.
 */
export interface Http1ResponseSink {
  /** A head with a status below 200: another follows. */
  onInterim(head: ResponseHead): void;
  onHead(head: ResponseHead): void;
  /** @param piece a part of what was fed, not a copy: whoever keeps it beyond the call copies it, or owns the bytes. */
  onBody(piece: Uint8Array): void;
  /** @param reusable whether the connection may serve another request. */
  onEnd(trailers: ResponseFields, reusable: boolean): void;
  /** The head in whose place nothing more of HTTP comes: a 101, or a success of CONNECT. */
  onUpgrade(head: ResponseHead): void;
}
