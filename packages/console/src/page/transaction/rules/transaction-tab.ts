/** What of a request is looked at, in the order of the tabs. */
export const transactionTabs = ["overview", "response", "request", "hops", "timeline", "security"] as const;

/** One tab. */
export type TransactionTab = (typeof transactionTabs)[number];

/** The tab of a part of the route; the overview where it names none. */
export function readTab(name: string | undefined): TransactionTab {
  return transactionTabs.find((each) => each === name) ?? "overview";
}
