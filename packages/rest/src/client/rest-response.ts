import type { Reply, Transaction } from "@fairlead/access";

/** The response to a call, of whatever status below 400, before its content is read. */
export interface RestResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The address that answered. */
  readonly url: string;
  readonly transaction: Transaction;
  /** What came from the manager; its content is read once, by it or by the call. */
  readonly reply: Reply;
}
