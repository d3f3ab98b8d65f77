import { UsageError } from "@fairlead/core";
import { DEFAULT_REDIRECT_POLICY, dropsField, type RedirectedRequest } from "@fairlead/http/redirects";
import type {
  Dispatch,
  DispatchController,
  DispatchHandler,
  HopOptions,
  ResponseFields,
  Stage,
} from "../../dispatch.ts";
import type { RedirectHandling } from "../../exchange.ts";
import { hopOptions } from "../../hop-options.ts";
import type { EngineBody } from "../../request-body.ts";
import { withoutFields } from "../../request-fields.ts";
import { isHttp } from "../../target.ts";
import { LeavingExchange } from "../leaving-exchange.ts";
import { askAboutRedirect, judgeRedirect, type RedirectJudgement, type RedirectRules } from "./judgement.ts";

/** Follows redirects as the policy says; the response that comes through is the last that is to be followed here. */
export function followRedirects(rules: RedirectRules): Stage {
  return (next) => (options, handler) => {
    const { redirect: handling } = options.exchange;
    // What other schemes answer is no redirect, whatever it looks like.
    if (handling === undefined || handling.follows === "none" || !isHttp(options.target.protocol)) {
      return next(options, handler);
    }
    return next(options, new FollowingExchange(options, handler, handling, rules, next));
  };
}

class FollowingExchange extends LeavingExchange {
  readonly #options: HopOptions;
  readonly #handling: RedirectHandling;
  readonly #rules: RedirectRules;
  readonly #next: Dispatch;

  constructor(
    options: HopOptions,
    handler: DispatchHandler,
    handling: RedirectHandling,
    rules: RedirectRules,
    next: Dispatch,
  ) {
    super(handler);
    this.#options = options;
    this.#handling = handling;
    this.#rules = rules;
    this.#next = next;
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
        super.onResponseStart(controller, status, fields, message);
        return;
      case "stop":
        controller.abort(judgement.error);
        return;
      case "follow":
        this.leave(controller);
        // In a microtask the rest of a short response has been read, and its connection is free again.
        queueMicrotask(() => {
          this.#follow(controller, judgement.next);
        });
        return;
      case "ask":
        this.leave(controller);
        askAboutRedirect(this.#options, judgement.next, this.#handling, this.#rules.ending).then(
          () => {
            this.#follow(controller, judgement.next);
          },
          (error: unknown) => {
            this.handler.onResponseError?.(controller, error as Error);
          },
        );
        return;
    }
  }

  #judge(status: number, fields: ResponseFields): RedirectJudgement {
    const { context } = this.#rules;
    if (this.#handling.follows === "all") {
      return judgeRedirect(this.#options, status, fields, this.#handling, context);
    }
    // A server's own redirect was judged before it came here.
    if (this.#options.hop.reason !== "hsts") return { type: "respond" };
    const upgrading = { ...this.#handling, policy: DEFAULT_REDIRECT_POLICY };
    return judgeRedirect(this.#options, status, fields, upgrading, context);
  }

  /** Goes on, in a turn of its own: whatever the store or the application throws then would end the process. */
  #follow(controller: DispatchController, redirected: RedirectedRequest): void {
    try {
      this.#options.exchange.signal?.throwIfAborted();
      this.#request(redirected);
    } catch (error) {
      this.handler.onResponseError?.(controller, error as Error);
    }
  }

  #request(redirected: RedirectedRequest): void {
    const { exchange, hop, headers, upgrade, mayExtendConnect = false } = this.#options;
    if (hop.reason === "network") hop.reason = "redirect";
    const { url, method } = redirected;
    const following = hopOptions(
      {
        target: this.#rules.targets.find(url.origin),
        path: url.pathname + url.search,
        method,
        headers: withoutFields(headers, (name) => dropsField(name, redirected, this.#handling.originBoundFields)),
        body: redirected.keepsBody ? this.#nextBody() : null,
      },
      exchange,
    );
    following.hop.fragment = url.hash;
    const options = typeof upgrade === "string" ? { ...following, upgrade, mayExtendConnect } : following;
    this.#next(options, new FollowingExchange(options, this.handler, this.#handling, this.#rules, this.#next));
  }

  /** Nobody has read the body of a hop that HSTS answered. @throws UsageError REQUEST_BODY_FAILED */
  #nextBody(): EngineBody {
    const { hop, body, target } = this.#options;
    if (hop.reason === "hsts") return body ?? null;
    try {
      return this.#options.exchange.reopenBody?.() ?? null;
    } catch (cause) {
      throw new UsageError("REQUEST_BODY_FAILED", { peer: target.peer, operation: "redirect", cause });
    }
  }
}
