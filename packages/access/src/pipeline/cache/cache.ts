import { invalidatedUrls } from "@fairlead/http/cache";
import { cacheKey, type ResponseCache } from "../../cache/response-cache.ts";
import type { DispatchController, DispatchHandler, HopOptions, ResponseFields, Stage } from "../../dispatch.ts";
import { hasField } from "../../request-fields.ts";
import { PassingExchange } from "../passing-exchange.ts";
import type { BackgroundRefreshes } from "./background-refreshes.ts";
import { CachedExchange } from "./cached-exchange.ts";
import { PassedOver, PassedOverExchange } from "./passed-over.ts";
import { requestFacts, type RequestUser } from "./request-facts.ts";
import { linesOf } from "./response-fields.ts";
import { Transfers } from "./transfers.ts";

/** What the stage works with. */
export interface CacheRules {
  readonly cache: ResponseCache;
  readonly refreshes: BackgroundRefreshes;
  readonly user: RequestUser;
  /** From `cacheScope`. */
  readonly scope: string;
}

/**
 * Answers from what earlier responses left, and keeps what later requests can use.
 *
 * @see RFC 9111
 */
export function cache({ cache, refreshes, user, scope }: CacheRules): Stage {
  const passedOver = new PassedOver();
  const caching = { cache, refreshes, user, transfers: new Transfers(), passedOver };
  return (next) => (options, handler) => {
    const { method, upgrade, body, exchange } = options;
    // A way of its own may lead to another server of the same name. Nobody knows who is behind an excepted certificate.
    if ((upgrade ?? null) !== null || exchange.chooseRoutes !== undefined || user.isExcepted(options)) {
      return next(options, handler);
    }
    if (method !== "GET" && method !== "HEAD") {
      return next(options, new InvalidatingExchange(options, handler, cache, scope));
    }
    // The URL does not say what is asked for where the host is named apart. RFC 9110 section 7.1.
    if (hasField(options.headers, "host")) return next(options, handler);
    // A body of a GET means nothing that a cache would know.
    if ((body ?? null) !== null) return next(options, handler);
    if (exchange.cache === "no-store") return next(options, handler);
    const key = cacheKey(scope, exchange.partition, options.origin + options.path);
    const mayPass = exchange.cache === "default" && passedOver.has(key) && !cache.holds(key);
    if (mayPass && !hasField(options.headers, "cache-control")) {
      return next(options, new PassedOverExchange(handler, key, passedOver));
    }
    const facts = requestFacts(options, user, key);
    return new CachedExchange(options, handler, facts, caching, next).send(true);
  };
}

/** Forgets what a request may have changed. RFC 9111 section 4.4. */
class InvalidatingExchange extends PassingExchange {
  readonly #options: HopOptions;
  readonly #cache: ResponseCache;
  readonly #scope: string;

  constructor(options: HopOptions, handler: DispatchHandler, cache: ResponseCache, scope: string) {
    super(handler);
    this.#options = options;
    this.#cache = cache;
    this.#scope = scope;
  }

  override onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    const { method, hop, exchange } = this.#options;
    // `*` is the server as a whole, of which nothing is stored.
    const url = URL.parse(hop.url);
    if (url !== null && status >= 200 && status < 400) {
      const now = this.#cache.now();
      const response = { status, fields: linesOf(fields), requestTime: now, responseTime: now };
      for (const { origin, pathname, search } of invalidatedUrls({ method, url, fields: [] }, response)) {
        this.#cache.invalidate(cacheKey(this.#scope, exchange.partition, origin + pathname + search));
      }
    }
    super.onResponseStart(controller, status, fields, message);
  }
}
