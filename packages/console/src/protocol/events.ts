import type { ShownQuestion } from "./question.ts";
import type { ListedTransaction } from "./transaction.ts";
import type { ShownTransfer } from "./transfer.ts";

/**
 * What the page is told, as JSON messages of the WebSocket `api/events`, in order. It begins with `hello`; what was before
 * is told right behind it, in the same way, up to `told-all`.
 */
export type ConsoleEvent =
  | ConsoleHello
  /** All was told that was there at the `hello`. */
  | { readonly type: "told-all" }
  /** New ones, and changes of those that were told: many in one message, at most once in 50 ms. */
  | { readonly type: "transactions"; readonly transactions: readonly ListedTransaction[] }
  /** Those below this id are kept no longer. */
  | { readonly type: "transactions-gone"; readonly below: number }
  | { readonly type: "question"; readonly question: ShownQuestion }
  /** It was answered, or nobody waits for it any more. */
  | { readonly type: "question-gone"; readonly id: number }
  | { readonly type: "transfer"; readonly transfer: ShownTransfer }
  | { readonly type: "transfer-gone"; readonly id: number }
  /** How many faults of the test network act now; 0 until it is told. */
  | { readonly type: "faults"; readonly count: number }
  | { readonly type: "connectivity"; readonly state: "unknown" | "online" | "local" | "captive" | "offline" };

/** Who is looked at, and what can be done there. */
export interface ConsoleHello {
  readonly type: "hello";
  readonly version: string;
  readonly program: { readonly name: string; readonly processId: number };
  /** Whether it is another program's manager, whose questions are its own to answer. */
  readonly isAttached: boolean;
  readonly canTestNetwork: boolean;
  readonly canDownload: boolean;
}
