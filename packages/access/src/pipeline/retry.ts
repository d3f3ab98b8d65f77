import { isCodedError, retryHelps } from "@fairlead/core";
import { decideRetry, type RetryBudget, type FailedAttempt, type RetryPolicy } from "@fairlead/http/retries";
import type { Dispatch, DispatchController, DispatchHandler, HopOptions, ResponseFields, Stage } from "../dispatch.ts";
import type { EngineBody } from "../request-body.ts";
import type { RetryBudgets } from "../memory/retry-budgets.ts";
import { waitFor } from "../until-aborted.ts";
import { LeavingExchange } from "./leaving-exchange.ts";

/** What repeating needs of the manager. */
export interface RetryRules {
  /** Where a request says nothing; `undefined` for none. */
  readonly policy: RetryPolicy | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Fires when the manager is destroyed. */
  readonly ending: AbortSignal;
  readonly budgets: RetryBudgets;
}

/** Makes requests again that failed, as the policy says, within a budget for each origin. */
export function retry(rules: RetryRules): Stage {
  return (next) => (options, handler) => {
    const { retry: policy = rules.policy } = options.exchange;
    // What a foreign library upgrades to is its own business.
    const isForeign = options.upgrade !== undefined && options.mayExtendConnect !== true;
    if (policy === undefined || policy === null || isForeign) return next(options, handler);
    const budget = rules.budgets.of(options.target.origin);
    budget.earn();
    return next(options, new RetriedExchange({ options, handler, rules, policy, budget, next }, 1));
  };
}

/** What stays the same from attempt to attempt. */
interface Retried {
  readonly options: HopOptions;
  readonly handler: DispatchHandler;
  readonly rules: RetryRules;
  readonly policy: RetryPolicy;
  readonly budget: RetryBudget;
  readonly next: Dispatch;
}

/** One attempt. */
class RetriedExchange extends LeavingExchange {
  readonly #retried: Retried;
  readonly #attempt: number;
  #answered = false;

  constructor(retried: Retried, attempt: number) {
    super(retried.handler);
    this.#retried = retried;
    this.#attempt = attempt;
  }

  override onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    const field = fields["retry-after"];
    const retryAfter = Array.isArray(field) ? field[0] : field;
    const wait = status < 200 ? undefined : this.#decide({ type: "response", status, retryAfter });
    if (wait === undefined) {
      this.#answered ||= status >= 200;
      super.onResponseStart(controller, status, fields, message);
      return;
    }
    this.leave(controller);
    this.#repeat(controller, { status, code: undefined, waitMilliseconds: wait });
  }

  override onResponseError(controller: DispatchController, error: Error): void {
    const mayHelp = !this.#answered && !this.hasLeft && isCodedError(error);
    const wait = mayHelp ? this.#decide({ type: "failure", retryHelps: retryHelps(error) }) : undefined;
    if (wait === undefined || !isCodedError(error)) super.onResponseError(controller, error);
    else this.#repeat(controller, { status: undefined, code: error.code, waitMilliseconds: wait });
  }

  /** Milliseconds to wait before the next attempt; `undefined` when this one was the last. */
  #decide(outcome: FailedAttempt["outcome"]): number | undefined {
    const { options, policy, rules, budget } = this.#retried;
    if (options.exchange.signal?.aborted === true || rules.ending.aborted) return undefined;
    const failed = { method: options.method, isRepeatable: isRepeatable(options), attempt: this.#attempt, outcome };
    const decision = decideRetry(policy, failed, rules.random(), rules.now());
    return decision.type === "retry" && budget.spend() ? decision.afterMilliseconds : undefined;
  }

  #repeat(controller: DispatchController, retry: HopOptions["hop"]["retries"][number]): void {
    const { options, handler, rules, next } = this.#retried;
    const { exchange, hop } = options;
    hop.repeats = [...hop.repeats, "retry"];
    hop.retries = [...hop.retries, retry];
    waitFor(retry.waitMilliseconds, [rules.ending, exchange.signal])
      .then(() => {
        next({ ...options, body: bodyAgain(options) }, new RetriedExchange(this.#retried, this.#attempt + 1));
      })
      .catch((error: unknown) => {
        handler.onResponseError?.(controller, error as Error);
      });
  }
}

function isRepeatable({ body, exchange }: HopOptions): boolean {
  if ((body ?? null) === null || typeof body === "string" || body instanceof Uint8Array) return true;
  return exchange.body === "replayable" && exchange.reopenBody !== undefined;
}

function bodyAgain({ body, exchange }: HopOptions): EngineBody {
  if ((body ?? null) === null || typeof body === "string" || body instanceof Uint8Array) return body ?? null;
  return exchange.reopenBody?.() ?? null;
}
