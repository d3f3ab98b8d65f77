import type { Forgetful } from "../forget/scope.ts";
import { routeKey, type Route } from "./route.ts";

/** How long a route that failed is tried last. Browsers take five minutes for proxies; a server is back sooner. */
const AVOIDED_MILLISECONDS = 60_000;
/** Routes that are kept; past this the oldest is tried again. */
const LIMIT = 256;

/** Routes that led nowhere: for a while they are tried after all others. */
export class FailedRoutes implements Forgetful {
  readonly #until = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(key: string): void {
    const [oldest] = this.#until.size < LIMIT ? [] : this.#until.keys();
    if (oldest !== undefined) this.#until.delete(oldest);
    this.#until.delete(key);
    this.#until.set(key, this.#now() + AVOIDED_MILLISECONDS);
  }

  has(key: string): boolean {
    const until = this.#until.size === 0 ? undefined : this.#until.get(key);
    if (until === undefined) return false;
    if (until > this.#now()) return true;
    this.#until.delete(key);
    return false;
  }

  /** In the order in which they are tried: those that led nowhere after all others. */
  last(routes: readonly Route[]): readonly Route[] {
    const isAvoided = (route: Route): boolean => this.has(routeKey(route));
    if (!routes.some(isAvoided)) return routes;
    return [...routes.filter((route) => !isAvoided(route)), ...routes.filter(isAvoided)];
  }

  /** All: each is tried at its turn again, which costs a moment where it still fails. */
  forgetWithin(): number {
    this.#until.clear();
    return 0;
  }

  /** It led there again. */
  delete(key: string): void {
    if (this.#until.size > 0) this.#until.delete(key);
  }
}
