import type {
  ConsoleEvent,
  ConsoleHello,
  ListedTransaction,
  ShownQuestion,
  ShownTransfer,
} from "../../protocol/index.ts";

/** What the page knows of the inspected program: never changed, only replaced. */
export interface ConsoleState {
  readonly connection: "connecting" | "live" | "lost";
  /** `undefined` until the server has said it once. */
  readonly hello: ConsoleHello | undefined;
  /** By id, the oldest first. */
  readonly transactions: readonly ListedTransaction[];
  /** The first is asked first. */
  readonly questions: readonly ShownQuestion[];
  /** By id, the oldest first. */
  readonly transfers: readonly ShownTransfer[];
  readonly connectivity: Connectivity;
  /** How many faults of the test network act now. */
  readonly faults: number;
}

/** The way to the network. */
export type Connectivity = Extract<ConsoleEvent, { type: "connectivity" }>["state"];

/** What changes the state: what the server tells, and that it went away. */
export type ConsoleHappening = ConsoleEvent | { readonly type: "connection-lost" };

/** Before anything was told. */
export const emptyState: ConsoleState = {
  connection: "connecting",
  hello: undefined,
  transactions: [],
  questions: [],
  transfers: [],
  connectivity: "unknown",
  faults: 0,
};
