/** Retries that may be made at once, before requests have earned any. */
const RESERVE = 10;
/** What each request earns: in the long run a tenth more requests than there would be without retries. */
const EARNED_BY_REQUEST = 0.1;

/**
 * Limits the retries to one server to a share of the requests to it. Without one, clients multiply the load of a server
 * that fails because of its load.
 */
export class RetryBudget {
  #tokens = RESERVE;

  /** A request begins. */
  earn(): void {
    this.#tokens = Math.min(RESERVE, this.#tokens + EARNED_BY_REQUEST);
  }

  /** Takes what one retry costs; false when there is not enough. */
  spend(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
