import type { DispatchController, DispatchHandler, HopOptions, ResponseFields, Stage } from "../../dispatch.ts";
import type { RedirectHandling } from "../../exchange.ts";
import { PassingExchange } from "../passing-exchange.ts";
import { askAboutRedirect, judgeRedirect, type RedirectRules } from "./judgement.ts";

/** Lets redirects pass to a caller that follows them by itself, as WHATWG fetch does, unless the policy stops them. */
export function guardRedirects(rules: RedirectRules): Stage {
  return (next) => (options, handler) => {
    const { redirect: handling } = options.exchange;
    return next(options, handling === undefined ? handler : new GuardedExchange(options, handler, handling, rules));
  };
}

class GuardedExchange extends PassingExchange {
  readonly #options: HopOptions;
  readonly #handling: RedirectHandling;
  readonly #rules: RedirectRules;
  /** What the application's callback ended the request with: its own value, and passed on as it is. */
  #refusal: Error | undefined;

  constructor(options: HopOptions, handler: DispatchHandler, handling: RedirectHandling, rules: RedirectRules) {
    super(handler);
    this.#options = options;
    this.#handling = handling;
    this.#rules = rules;
  }

  override onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    const judgement = judgeRedirect(this.#options, status, fields, this.#handling, this.#rules.context);
    switch (judgement.type) {
      case "respond":
        super.onResponseStart(controller, status, fields, message);
        return;
      case "stop":
        controller.abort(judgement.error);
        return;
      case "follow":
        this.#pass(controller, status, fields, message);
        return;
      case "ask":
        // Paused, the engine delivers nothing more of this response until the application has answered.
        controller.pause();
        askAboutRedirect(this.#options, judgement.next, this.#handling, this.#rules.ending).then(
          () => {
            if (controller.aborted) return;
            try {
              this.#pass(controller, status, fields, message);
              controller.resume();
            } catch (error) {
              controller.abort(error as Error);
            }
          },
          (error: unknown) => {
            this.#refusal = error as Error;
            controller.abort(this.#refusal);
          },
        );
        return;
    }
  }

  override onResponseError(controller: DispatchController, error: Error): void {
    super.onResponseError(controller, this.#refusal ?? error);
  }

  #pass(...response: [DispatchController, number, ResponseFields, string | undefined]): void {
    if (this.#options.hop.reason === "network") this.#options.hop.reason = "redirect";
    this.handler.onResponseStart?.(...response);
  }
}
