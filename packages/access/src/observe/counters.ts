import type { RepeatReason } from "../transaction.ts";

/** What a manager has done since it was opened. Plain values: they go through `JSON.stringify` and to other threads. */
export interface Counters {
  readonly requests: {
    /** Begun by the application, in whatever way. */
    readonly started: number;
    /** Those whose last byte is still to come. */
    readonly active: number;
    /** Ended with a response, by the class of its status. */
    readonly responses: Readonly<Record<StatusClass, number>>;
    /** Ended with an error, by its code; `ABORTED` by the application itself, `OTHER` without a code. */
    readonly errors: Readonly<Record<string, number>>;
    /** From the call to the last byte of the response. */
    readonly duration: Histogram;
  };
  readonly hops: {
    /** A server was asked. */
    readonly network: number;
    readonly redirects: number;
    /** Turned to https because the host is known to want it. */
    readonly hstsUpgrades: number;
    /** Times that one was sent again, by the reason. */
    readonly repeats: Readonly<Record<RepeatReason, number>>;
  };
  /** Of what a cache may answer, where the manager has one. */
  readonly cache: {
    readonly fresh: number;
    readonly validated: number;
    readonly stale: number;
    readonly misses: number;
  };
  readonly connections: {
    readonly opened: number;
    readonly failed: number;
    readonly closed: number;
    /** Hops that took one which had served before. */
    readonly reused: number;
  };
  /** Connections to origins; those to proxies are not among them. */
  readonly tlsHandshakes: { readonly full: number; readonly resumed: number };
  /** Of bodies, over the wire, as far as they went before a request had ended. */
  readonly bytes: { readonly sent: number; readonly received: number };
}

/** A class of final statuses, or `1xx` for a connection that was upgraded. */
export type StatusClass = "1xx" | "2xx" | "3xx" | "4xx" | "5xx";

/** How often what took how long. */
export interface Histogram {
  /** Each with how many took at most `seconds`; those that took longer are only in `count`. */
  readonly buckets: readonly { readonly seconds: number; readonly count: number }[];
  readonly sumSeconds: number;
  readonly count: number;
}
