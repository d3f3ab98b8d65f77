import { PolicyError, ProtocolError } from "@fairlead/core";
import {
  decideRedirect,
  isRedirectStatus,
  type RedirectContext,
  type RedirectDecision,
  type RedirectedRequest,
} from "@fairlead/http/redirects";
import type { HopOptions, ResponseFields } from "../../dispatch.ts";
import type { RedirectHandling } from "../../exchange.ts";
import type { TargetCache } from "../../target.ts";
import { untilAborted } from "../../until-aborted.ts";

/** What deciding about redirects needs besides the exchange. */
export interface RedirectRules {
  readonly context: RedirectContext;
  readonly targets: TargetCache;
  /** Fires when the manager is destroyed. */
  readonly ending: AbortSignal;
}

/** A decision that the driver still has to act on. */
export type RedirectJudgement = Exclude<RedirectDecision, { type: "stop" }> | { type: "stop"; error: Error };

/** Judges the response to one hop. */
export function judgeRedirect(
  { hop, exchange, target }: HopOptions,
  status: number,
  fields: ResponseFields,
  handling: RedirectHandling,
  context: RedirectContext,
): RedirectJudgement {
  if (!isRedirectStatus(status)) return { type: "respond" };
  const decision = decideRedirect(
    handling.policy,
    {
      url: new URL(hop.url + hop.fragment),
      method: hop.method,
      status,
      location: locationOf(fields),
      isHstsUpgrade: hop.reason === "hsts",
      // Nobody has read the body of a hop that HSTS answered, and who follows by itself sends its own.
      body:
        (hop.reason === "hsts" || handling.follows !== "all") && exchange.body === "used"
          ? "replayable"
          : exchange.body,
    },
    exchange.transaction.hops.map((earlier) => new URL(earlier.url)),
    context,
  );
  if (decision.type !== "stop") return decision;
  const { reason, detail } = decision;
  const facts = { peer: target.peer, operation: "redirect", detail };
  return {
    type: "stop",
    error: reason === "REDIRECT_LOCATION_INVALID" ? new ProtocolError(reason, facts) : new PolicyError(reason, facts),
  };
}

/** Puts one redirect to the application. @throws PolicyError REDIRECT_REFUSED, or what the callback threw. */
export async function askAboutRedirect(
  { hop, exchange, target }: HopOptions,
  next: RedirectedRequest,
  { onRedirect }: RedirectHandling,
  ...endings: readonly AbortSignal[]
): Promise<void> {
  const accepted =
    onRedirect !== undefined &&
    (await untilAborted([...endings, exchange.signal], () =>
      onRedirect({
        from: new URL(hop.url + hop.fragment),
        to: next.url,
        status: hop.status ?? 0,
        method: next.method,
        crossesOrigin: next.crossesOrigin,
        isLessSafe: next.isLessSafe,
        signal: exchange.signal,
      }),
    ));
  if (!accepted) {
    const detail = `to ${next.url.origin}${next.url.pathname}`;
    throw new PolicyError("REDIRECT_REFUSED", { peer: target.peer, operation: "redirect", detail });
  }
}

/** The first `Location`, its bytes read as UTF-8 where they are, as browsers do. */
function locationOf(fields: ResponseFields): string | undefined {
  const value = fields["location"];
  const location = Array.isArray(value) ? value[0] : value;

  return location === undefined || /^[\0-\x7f]*$/.test(location)
    ? location
    : Buffer.from(location, "latin1").toString("utf8");
}
