import { UsageError } from "@fairlead/core";
import type { Authenticator } from "../authentication/authenticator.ts";
import { SchemeConversation } from "../authentication/scheme-conversation.ts";
import type { DispatchHandler, HopOptions, Stage } from "../dispatch.ts";
import type { OpenStream } from "../route/open-stream.ts";
import type { SchemeHandler } from "../schemes/handler.ts";
import { SchemeExchange } from "../schemes/scheme-exchange.ts";
import type { SchemeRegistry } from "../schemes/scheme-registry.ts";
import { isHttp } from "../target.ts";
import { answerError } from "./answer.ts";

/** What handlers of schemes are given of their manager. */
export interface SchemeRules {
  readonly registry: SchemeRegistry;
  readonly authenticator: Authenticator;
  readonly openStream: OpenStream;
}

/**
 * Lets `http` and `https` pass, and has all else answered by the handler of its scheme: past HSTS, cache, cookies and
 * retries, which are HTTP's.
 */
export function scheme(rules: SchemeRules): Stage {
  return (next) => (options, handler) => {
    const { protocol } = options.target;
    if (isHttp(protocol)) return next(options, handler);
    const own = rules.registry.find(protocol);
    if (own === undefined)
      return answerError(handler, new UsageError("URL_SCHEME_UNKNOWN", { detail: protocol.slice(0, -1) }));
    handle(own, options, handler, rules);
    return true;
  };
}

function handle(own: SchemeHandler, options: HopOptions, handler: DispatchHandler, rules: SchemeRules): void {
  options.hop.reason = "scheme";
  const exchange = new SchemeExchange(options, handler);
  const conversation = new SchemeConversation(rules.authenticator, options, exchange.signal);
  rules.registry.track(exchange);
  void exchange.run(
    own,
    {
      openStream: (host, port) => rules.openStream(options, host, port, exchange.signal),
      authenticate: (question) => conversation.answer(question),
    },
    () => {
      conversation.accepted();
    },
  );
}
