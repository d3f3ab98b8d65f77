import type { Happened } from "../rules/what-happened.ts";
import type { TransactionTab } from "../rules/transaction-tab.ts";

/** What the details of a request say. Text with values in it is a function, since languages order them differently. */
export interface TransactionMessages {
  /** The name of the whole, and of the list of its tabs, for those who do not see them. */
  readonly label: string;
  readonly views: string;
  readonly back: string;
  readonly close: string;
  readonly loading: string;
  readonly failed: string;
  readonly tryAgain: string;
  readonly gone: string;
  readonly goneHint: string;
  readonly tabs: Readonly<Record<TransactionTab, string>>;
  readonly copyCurl: string;
  readonly copyCurlWithBody: string;
  readonly giveUp: string;
  /** Has the answer brought as a file. */
  readonly download: string;
  /** Stands in front of the file's name, where the server gives one. */
  readonly attachment: string;
  readonly whatHappened: string;
  /** A sentence; hosts and URLs come isolated, and as text. */
  readonly happened: (happened: Happened, url: string) => string;
  readonly remedy: string;
  readonly facts: Readonly<
    Record<
      | "status"
      | "address"
      | "protocol"
      | "type"
      | "started"
      | "duration"
      | "received"
      | "sent"
      | "decoded"
      | "connection"
      | "route"
      | "security"
      | "error"
      | "reason"
      | "cache"
      | "location"
      | "timing"
      | "hsts",
      string
    >
  >;
  /** Where the answer of a hop came from, by its reason, where that is one that is known. */
  readonly answers: Readonly<Record<string, string>>;
  /** Why a stored answer could be used, and how old it was. */
  readonly cached: (use: string, age: string) => string;
  /** Where it was known from that the host wants https, where that is known. */
  readonly hstsSources: Readonly<Record<string, string>>;
  /** How many hops stand between those above and those below. */
  readonly between: (count: number) => string;
  readonly connection: (id: string, isReused: boolean) => string;
  readonly phases: Readonly<
    Record<"blocked" | "resolve" | "connect" | "secure" | "send" | "response" | "body" | "total", string>
  >;
  readonly hop: string;
  readonly hopOf: (index: number, url: string) => string;
  readonly headers: (count: number) => string;
  readonly noHeaders: string;
  readonly noMessage: string;
  readonly body: string;
  readonly noBody: string;
  readonly noTls: string;
  readonly noTlsHint: string;
  readonly showMore: (more: string) => string;
}
