import type { DispatchController, DispatchHandler, HopOptions, ResponseFields, Stage } from "../../dispatch.ts";
import type { RedirectHandling } from "../../exchange.ts";
import { HeldResponse } from "../held-response.ts";
import { PassingExchange } from "../passing-exchange.ts";
import { askAboutRedirect, judgeRedirect, type RedirectJudgement, type RedirectRules } from "./judgement.ts";

/**
 * Judges the redirects that the caller follows by itself: one that the policy, or the application when it is asked, refuses
 * ends the request, and all others are handed on as they came.
 *
 * It is not known whether the caller will follow. Who only looks at `Location` sets the policy `manual`.
 */
export function judgeRedirects(rules: RedirectRules): Stage {
  return (next) => (options, handler) => {
    const { redirect: handling } = options.exchange;
    if (handling === undefined || handling.follows === "all") return next(options, handler);
    return next(options, new JudgedExchange(options, handler, handling, rules));
  };
}

class JudgedExchange extends PassingExchange {
  readonly #options: HopOptions;
  readonly #handling: RedirectHandling;
  readonly #rules: RedirectRules;
  /** While the application is asked, and after it has let the response pass. */
  #held: HeldResponse | undefined;
  #isOver = false;
  /** Ends the asking where the caller has no signal. */
  readonly #asking = new AbortController();

  constructor(options: HopOptions, handler: DispatchHandler, handling: RedirectHandling, rules: RedirectRules) {
    super(handler);
    this.#options = options;
    this.#handling = handling;
    this.#rules = rules;
  }

  override onRequestStart(controller: DispatchController, context: unknown): void {
    const isAsked = this.#handling.policy.type === "ask";
    super.onRequestStart(isAsked ? new AskedController(controller, this.#asking) : controller, context);
  }

  override onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    const judgement = this.#judge(status, fields);
    switch (judgement.type) {
      case "respond":
      case "follow":
        super.onResponseStart(controller, status, fields, message);
        return;
      case "stop":
        controller.abort(judgement.error);
        return;
      case "ask": {
        const held = new HeldResponse(controller, status, fields, message);
        this.#held = held;
        const { ending } = this.#rules;
        askAboutRedirect(this.#options, judgement.next, this.#handling, ending, this.#asking.signal).then(
          () => {
            if (!this.#isOver) held.passTo(this.handler, this.#options.exchange.signal);
          },
          (error: unknown) => {
            if (this.#isOver) return;
            this.#end(controller, error as Error);
            controller.abort(error as Error);
          },
        );
        return;
      }
    }
  }

  override onResponseData(controller: DispatchController, chunk: Buffer): void {
    if (this.#held === undefined) super.onResponseData(controller, chunk);
    else this.#held.data(chunk);
  }

  override onResponseEnd(controller: DispatchController, trailers: ResponseFields): void {
    if (this.#held === undefined) super.onResponseEnd(controller, trailers);
    else this.#held.end({ trailers });
  }

  override onResponseError(controller: DispatchController, error: Error): void {
    if (this.#held === undefined) super.onResponseError(controller, error);
    else this.#held.end({ error });
  }

  /** HSTS's own upgrade is none of a server's, and a scheme that no library speaks leads none of them anywhere. */
  #judge(status: number, fields: ResponseFields): RedirectJudgement {
    if (this.#options.hop.reason === "hsts") return { type: "respond" };
    const judgement = judgeRedirect(this.#options, status, fields, this.#handling, this.#rules.context);
    const isSchemeAlone = judgement.type === "stop" && "code" in judgement.error && judgement.error.code === SCHEME;
    return isSchemeAlone ? { type: "respond" } : judgement;
  }

  #end(controller: DispatchController, error: Error): void {
    this.#isOver = true;
    this.handler.onResponseError?.(controller, error);
  }
}

const SCHEME = "REDIRECT_SCHEME_REFUSED";

/** An engine's controller through which a caller ends the asking, too, when all of the response has come. */
class AskedController implements DispatchController {
  readonly #live: DispatchController;
  readonly #asking: AbortController;

  constructor(live: DispatchController, asking: AbortController) {
    this.#live = live;
    this.#asking = asking;
  }

  get rawHeaders(): NonNullable<DispatchController["rawHeaders"]> | null {
    return this.#live.rawHeaders ?? null;
  }

  get rawTrailers(): NonNullable<DispatchController["rawTrailers"]> | null {
    return this.#live.rawTrailers ?? null;
  }

  get aborted(): boolean {
    return this.#live.aborted;
  }

  get paused(): boolean {
    return this.#live.paused;
  }

  get reason(): Error | null {
    return this.#live.reason;
  }

  pause(): void {
    this.#live.pause();
  }

  resume(): void {
    this.#live.resume();
  }

  abort(reason: Error): void {
    this.#live.abort(reason);
    this.#asking.abort(reason);
  }
}
