import type { ReferrerPolicy } from "./protocol/referrer.ts";

/** What one call of fetch asks of each of its hops. */
export interface FetchTerms {
  readonly mode: Request["mode"];
  /** Whether the application leaves the codings of the response to fetch. */
  readonly choosesCodings: boolean;
  /** What `Referer` is made from; `undefined` for none. */
  readonly referrer: URL | undefined;
  /** A redirect may change it. */
  referrerPolicy: ReferrerPolicy;
}
