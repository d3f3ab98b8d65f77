import { RetryBudget } from "@fairlead/http/retries";
import { UNKNOWN_TIME, type Forgetful, type ForgetScope } from "../forget/scope.ts";
import { hostsOfUrls } from "./readers/hosts.ts";

/** Origins whose budget is kept; past this the oldest begins with a full one again. */
const BUDGETS_LIMIT = 1_024;

/** What may be spent on retries, for each origin. */
export class RetryBudgets implements Forgetful {
  readonly #budgets = new Map<string, RetryBudget>();

  of(origin: string): RetryBudget {
    const known = this.#budgets.get(origin);
    if (known !== undefined) return known;
    const [oldest] = this.#budgets.size < BUDGETS_LIMIT ? [] : this.#budgets.keys();
    if (oldest !== undefined) this.#budgets.delete(oldest);
    const budget = new RetryBudget();
    this.#budgets.set(origin, budget);
    return budget;
  }

  forgetWithin(scope: ForgetScope): number {
    for (const origin of [...this.#budgets.keys()]) {
      if (scope.covers(hostsOfUrls(origin), UNKNOWN_TIME)) this.#budgets.delete(origin);
    }
    return 0;
  }
}
