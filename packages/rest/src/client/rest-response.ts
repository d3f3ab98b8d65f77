import type { Reply, Transaction } from "@fairlead/access";
import type { ContentReader } from "./content-reader.ts";

/**
 * The response to a call, of whatever status below 400, before its content is read. That is read once, by it or by the call;
 * what is not wanted is given up by `discard`, or at the end of an `await using`.
 */
export interface RestResponse extends ContentReader, AsyncDisposable {
  readonly status: number;
  readonly headers: Headers;
  /** The address that answered. */
  readonly url: string;
  readonly transaction: Transaction;
  /** What came from the manager. */
  readonly reply: Reply;
  /** Gives up the content, and the connection with it where it has not all come. Harmless when it was read. */
  discard(): void;
}
