import { conditionalFields } from "@fairlead/http/cache";
import type { CacheEntry } from "../../cache/cache-storage.ts";
import type { Dispatch, DispatchHandler, HopOptions } from "../../dispatch.ts";
import { withFields } from "../../request-fields.ts";
import { Hop, OpenTransaction } from "../../transaction.ts";
import { Delivery } from "./delivery.ts";
import type { Filling } from "./filling.ts";
import type { RequestFacts } from "./request-facts.ts";
import { Transfer } from "./transfer.ts";

/** Refreshes that may be under way; further ones wait for the next request that finds their response stale. */
const REFRESHES_LIMIT = 16;

/** What a refresh is begun with. */
export interface RefreshTask {
  readonly filling: Filling;
  /** Of the request that was answered. */
  readonly options: HopOptions;
  readonly facts: RequestFacts;
  readonly entry: CacheEntry;
  readonly next: Dispatch;
}

/** Requests that nobody waits for: they renew what was served stale. RFC 5861 section 3. */
export class BackgroundRefreshes {
  readonly #underWay = new Set<Refresh>();
  #closed = false;

  begin(task: RefreshTask): void {
    const { transfers } = task.filling;
    if (this.#closed || this.#underWay.size >= REFRESHES_LIMIT || transfers.find(task.facts) !== undefined) return;
    const refresh = new Refresh(() => {
      this.#underWay.delete(refresh);
    });
    this.#underWay.add(refresh);
    refresh.send(task);
  }

  /** Ends all, and lets none begin. */
  async close(reason: Error): Promise<void> {
    this.#closed = true;
    const refreshes = [...this.#underWay];
    for (const { abort } of refreshes) abort.abort(reason);
    await Promise.all(refreshes.map(({ over }) => over));
  }
}

class Refresh {
  readonly abort = new AbortController();
  readonly over: Promise<void>;
  readonly #finish: () => void;

  constructor(onOver: () => void) {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.over = promise.then(onOver);
    this.#finish = (): void => {
      resolve(undefined);
    };
  }

  send({ filling, options, facts, entry, next }: RefreshTask): void {
    const { exchange, origin, path, method } = options;
    const nobody: DispatchHandler = {
      onRequestStart: () => undefined,
      onResponseEnd: this.#finish,
      onResponseError: this.#finish,
    };
    const delivery = new Delivery(nobody, this.abort.signal);
    const { cache, transfers, user, passedOver } = filling;
    const transfer: Transfer = new Transfer({
      cache,
      user,
      facts,
      options,
      delivery,
      asked: entry,
      stale: undefined,
      abort: this.abort,
      answer: this.#finish,
      onHead: () => undefined,
      onNothingToKeep: () => {
        passedOver.add(facts.key);
      },
      onOver: () => {
        transfers.end(facts, transfer);
      },
    });
    transfers.begin(facts, transfer);
    const hop = new Hop(method, origin, path);
    next(
      {
        ...options,
        hop,
        headers: withFields(options.headers, conditionalFields(entry)),
        exchange: { ...exchange, transaction: new OpenTransaction(), signal: this.abort.signal },
      },
      transfer,
    );
  }
}
