import type { ListedTransaction } from "../../../protocol/index.ts";
import { isFiltering, matchesFilter, noFilter, type RequestFilter } from "./request-filter.ts";

/**
 * The requests that a filter lets through, where the list is asked for again and again: each request is looked at once
 * for each filter, and again when it has changed.
 */
export class FilteredTransactions {
  #filter: RequestFilter = noFilter;
  #matches = new WeakMap<ListedTransaction, boolean>();
  #from: readonly ListedTransaction[] | undefined;
  #result: readonly ListedTransaction[] = [];

  /** The same list as before where nothing has changed. */
  of(transactions: readonly ListedTransaction[], filter: RequestFilter): readonly ListedTransaction[] {
    if (!isFiltering(filter)) return transactions;
    if (filter !== this.#filter) this.#matches = new WeakMap();
    else if (transactions === this.#from) return this.#result;
    this.#filter = filter;
    this.#from = transactions;
    this.#result = transactions.filter((each) => {
      const known = this.#matches.get(each);
      if (known !== undefined) return known;
      const matches = matchesFilter(each, filter);
      this.#matches.set(each, matches);
      return matches;
    });
    return this.#result;
  }
}
