import type { ShownProblem, ShownStaple } from "./transaction.ts";

/** What the manager asks the person in front of the page; only the requests that need it wait. */
export type ShownQuestion =
  | {
      readonly type: "credentials";
      readonly id: number;
      /** Who asks: an origin, or a proxy. */
      readonly origin: string;
      readonly isProxy: boolean;
      readonly scheme: string;
      readonly realm: string;
      /** Whether what is sent to it can be read on the way. */
      readonly isPlain: boolean;
      /** What was requested. */
      readonly url: string;
      /** Who it has to be; `undefined` where the answer says. */
      readonly username: string | undefined;
      /** The accounts that were answered before and refused, the latest last; empty names for those without. */
      readonly refused: readonly string[];
      /** Whether the answer may be kept over restarts. */
      readonly canStore: boolean;
    }
  | {
      readonly type: "client-certificate";
      readonly id: number;
      readonly origin: string;
      /** Names of authorities that the server trusts. */
      readonly authorities: readonly string[];
      readonly identities: readonly OfferedIdentity[];
    }
  | {
      readonly type: "certificate-error";
      readonly id: number;
      readonly origin: string;
      readonly problems: readonly ShownProblem[];
      /** Leaf first, PEM. */
      readonly chain: readonly string[];
      /** What was stapled; `undefined` where nobody looked. */
      readonly staple: ShownStaple | undefined;
      /** For how long an exception is remembered, where that is asked for. */
      readonly rememberMilliseconds: number;
    }
  | {
      readonly type: "redirect";
      readonly id: number;
      readonly from: string;
      readonly to: string;
      readonly status: number;
      readonly isLessSafe: boolean;
    };

/** A client certificate that could be shown. */
export interface OfferedIdentity {
  /** SHA-256 in hexadecimal. */
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  /** ISO 8601. */
  readonly notAfter: string;
}

/** What the person answers, to the question of that id. */
export type QuestionAnswer =
  | {
      readonly type: "credentials";
      readonly username: string;
      readonly password: string;
      /** For the requests that wait; for as long as the manager lives; over restarts. */
      readonly remember: "once" | "memory" | "store";
    }
  | { readonly type: "identity"; readonly fingerprint: string; readonly remember: boolean }
  | { readonly type: "accept"; readonly remember: boolean }
  /** Goes on without: no credentials, no certificate, no exception, no redirect. */
  | { readonly type: "refuse" };
