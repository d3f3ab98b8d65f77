import { PolicyError } from "@fairlead/core";
import { decideReuse, isNotModified, mayAnswerFor, type FieldLines, type StoredResponse } from "@fairlead/http/cache";
import type { CachedHead, CacheEntry } from "../../cache/cache-storage.ts";
import type { Dispatch, DispatchHandler, HopOptions } from "../../dispatch.ts";
import { withFields } from "../../request-fields.ts";
import type { CacheUse } from "../../transaction.ts";
import { answer, answerError } from "../answer.ts";
import type { BackgroundRefreshes } from "./background-refreshes.ts";
import { Delivery } from "./delivery.ts";
import type { Filling } from "./filling.ts";
import type { RequestFacts } from "./request-facts.ts";
import { fieldsOf } from "./response-fields.ts";
import { holdsAsked, storedAnswer } from "./stored-answer.ts";
import { Transfer, type KnownResponse, type TransferWatcher } from "./transfer.ts";

/** What the requests of a manager share to answer from a cache. */
export interface Caching extends Filling {
  readonly refreshes: BackgroundRefreshes;
}

/** One GET or HEAD: answered from the store, from what another request brings, or by its server. */
export class CachedExchange {
  #options: HopOptions;
  readonly #handler: DispatchHandler;
  readonly #caching: Caching;
  readonly #next: Dispatch;
  readonly #facts: RequestFacts;
  #delivery: Delivery | undefined;

  constructor(options: HopOptions, handler: DispatchHandler, facts: RequestFacts, caching: Caching, next: Dispatch) {
    this.#options = options;
    this.#handler = handler;
    this.#facts = facts;
    this.#caching = caching;
    this.#next = next;
  }

  /** @param mayWait whether it may wait for another request that brings the same. */
  send(mayWait: boolean): boolean {
    const { cache, transfers } = this.#caching;
    const facts = this.#facts;
    const candidates = cache.find(facts.key, facts.identity).filter((entry) => holdsAsked(entry, facts));
    const decision = decideReuse(facts, candidates, this.#context());
    switch (decision.type) {
      case "use":
        if (!this.#answerLater(decision.stored, decision.refresh ? "stale" : "fresh")) return this.send(mayWait);
        if (decision.refresh) this.#refresh(decision.stored);
        return true;
      case "gateway-timeout":
        return this.#answerMissing();
      case "validate":
      case "forward": {
        const mayShare = mayWait && transfers.mayShare(facts);
        const transfer = mayShare ? transfers.find(facts) : undefined;
        // The deadlines of a request are its own, and those of the other end what it waits for.
        if (transfer?.timeouts === this.#options.exchange.timeouts) {
          this.#wait(transfer);
          return true;
        }
        if (decision.type === "forward") return this.#forward(mayShare, { asked: undefined, stale: decision.stale });
        const { stored, fields } = decision;
        return facts.isConditional
          ? this.#forward(mayShare, { asked: undefined, stale: undefined })
          : this.#forward(mayShare, { asked: stored, stale: stored }, fields);
      }
    }
  }

  #context(): Parameters<typeof decideReuse>[2] {
    const { cache } = this.#caching;
    return { type: cache.type, mode: this.#facts.mode, now: cache.now() };
  }

  #deliver(): Delivery {
    return (this.#delivery ??= new Delivery(this.#handler, this.#options.exchange.signal));
  }

  /** Asks the server; others may wait for what it says. */
  #forward(isShared: boolean, known: KnownResponse, conditions: FieldLines = []): boolean {
    const { cache, transfers, user, passedOver } = this.#caching;
    const { exchange, headers } = this.#options;
    const facts = this.#facts;
    const delivery = this.#deliver();
    // Its own user's signal must not end what others wait for.
    const abort = isShared && exchange.signal !== undefined ? new AbortController() : undefined;
    const transfer: Transfer = new Transfer({
      cache,
      user,
      facts,
      options: this.#options,
      delivery,
      ...known,
      abort,
      answer: (entry, use, news) => {
        this.#answer(entry, use, news);
      },
      onHead: (isReusable) => {
        if (facts.isShareable) transfers.learn(facts, isReusable);
      },
      onNothingToKeep: () => {
        passedOver.add(facts.key);
      },
      onOver: () => {
        transfers.end(facts, transfer);
      },
    });
    if (isShared) transfers.begin(facts, transfer);
    let options = this.#options;
    if (conditions.length > 0) options = { ...options, headers: withFields(headers, conditions) };
    if (abort !== undefined) options = { ...options, exchange: { ...exchange, signal: abort.signal } };
    return this.#next(options, transfer);
  }

  /** Waits for another request that asks the same. */
  #wait(transfer: Transfer): void {
    const delivery = this.#deliver();
    const round = this.#options.round ?? this.#caching.user.joinRound(this.#options);
    if (round !== undefined) this.#options = { ...this.#options, round };
    const watcher: TransferWatcher = (news) => {
      if (delivery.isDone) return false;
      switch (news.type) {
        case "coming":
          if (!this.#isAnsweredBy(news.head)) break;
          // Without a length it may turn out to be more than is kept, and then there is nothing to go on with.
          if (!news.isLengthKnown) return true;
          delivery.comesFrom(undefined);
          this.#begin(news.head, "fresh");
          transfer.join(delivery);
          return false;
        case "abandoned":
          delivery.comesFrom(undefined);
          this.send(true);
          return false;
        case "stored":
        case "useless":
          break;
      }
      delivery.comesFrom(undefined);
      this.send(false);
      return false;
    };
    delivery.comesFrom({
      changed: () => undefined,
      left: () => {
        transfer.unwatch(watcher);
      },
    });
    transfer.watch(watcher);
  }

  #isAnsweredBy(head: CachedHead): boolean {
    const facts = this.#facts;
    if (!mayAnswerFor(head.identity, facts.identity, head.fields)) return false;
    const decision = decideReuse<StoredResponse>(facts, [head], this.#context());
    return decision.type === "use" && !decision.refresh;
  }

  /** Answers in a microtask, as an engine would; `false` when the bytes are lost. */
  #answerLater(entry: CacheEntry, use: CacheUse, news: FieldLines = []): boolean {
    const body = this.#caching.cache.open(entry);
    if (body === undefined) {
      this.#caching.cache.forget(this.#facts.key, entry);
      return false;
    }
    const delivery = this.#deliver();
    queueMicrotask(() => {
      if (delivery.isDone) {
        body.close();
        return;
      }
      const range = this.#begin(entry, use, news);
      if (range === undefined) body.close();
      delivery.play({
        body,
        position: range?.first ?? 0,
        end: range === undefined ? 0 : range.last + 1,
        complete: true,
      });
    });
    return true;
  }

  #answer(entry: CacheEntry, use: CacheUse, news: FieldLines): void {
    const delivery = this.#deliver();
    if (delivery.isDone) return;
    // Evicted meanwhile: asked again, without conditions.
    if (!this.#answerLater(entry, use, news)) this.#forward(false, { asked: undefined, stale: undefined });
  }

  /**
   * Hands over the head of a stored response; tells which bytes belong to it.
   *
   * @param news what the server said just now, to this request alone.
   */
  #begin(head: CachedHead, use: CacheUse, news: FieldLines = []): ReturnType<typeof storedAnswer>["range"] {
    const facts = this.#facts;
    const { hop } = this.#options;
    const now = this.#caching.cache.now();
    const isUnchanged = facts.isConditional && isNotModified(facts.fields, head);
    const stored = storedAnswer(head, facts, isUnchanged, now);
    hop.reason = "cache";
    hop.cache = { use, ageSeconds: stored.ageSeconds };
    const fields = news.length === 0 ? stored.fields : [...stored.fields, ...news];
    this.#deliver().head({ ...stored, fields: fieldsOf(fields) }, fields);
    return stored.range;
  }

  #refresh(entry: CacheEntry): void {
    this.#caching.refreshes.begin({
      filling: this.#caching,
      options: this.#options,
      facts: this.#facts,
      entry,
      next: this.#next,
    });
  }

  /** Nothing is kept, and the network is not to be asked. */
  #answerMissing(): boolean {
    const { hop, target } = this.#options;
    hop.reason = "cache";
    if (this.#facts.mode === "only-if-cached") {
      // Fetch Standard, "HTTP-network-or-cache fetch", step 10: a network error.
      return answerError(this.#handler, new PolicyError("CACHE_MISS", { peer: target.peer, operation: "request" }));
    }
    // RFC 9111 section 5.2.1.7.
    return answer(this.#handler, { status: 504, message: "Gateway Timeout", fields: { "content-length": "0" } });
  }
}
