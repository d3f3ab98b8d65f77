import { PolicyError, UsageError } from "@fairlead/core";
import type { DispatchController, DispatchHandler, HopOptions, ResponseFields, Stage } from "../dispatch.ts";
import { answerError } from "../pipeline/answer.ts";
import { PassingExchange } from "../pipeline/passing-exchange.ts";
import { withField, withoutFields } from "../request-fields.ts";
import { acceptedCodings } from "./fetch-fields.ts";
import { isHttp } from "../target.ts";
import { isBlockedPort } from "./protocol/blocked-ports.ts";
import type { FetchTerms } from "./fetch-terms.ts";
import { parseReferrerPolicy, refererValue } from "./protocol/referrer.ts";

/** Holds each hop of a fetch to what the Fetch Standard says of it. Section 4.1, "main fetch". */
export const fetchHops: Stage = (next) => (options, handler) => {
  const { fetch, transaction } = options.exchange;
  if (fetch === undefined || !isHttp(options.target.protocol)) return next(options, handler);
  const refusal = refuse(options, fetch);
  if (refusal !== undefined) return answerError(handler, refusal);
  const { referrer } = fetch;
  const following = transaction.hops.length === 0 ? options : { ...options, headers: fieldsOf(options, fetch) };
  return next(following, referrer === undefined ? handler : new ReferringExchange(handler, fetch));
};

function refuse({ target, hop, exchange }: HopOptions, { mode }: FetchTerms): Error | undefined {
  if (isBlockedPort(target.port)) return new UsageError("URL_PORT_BLOCKED", { operation: "fetch", peer: target.peer });
  const [first = hop] = exchange.transaction.hops;
  if (mode !== "same-origin" || hop.reason === "hsts" || new URL(first.url).origin === target.origin) return undefined;
  const detail = "the mode is same-origin";
  return new PolicyError("REDIRECT_CROSS_ORIGIN", { operation: "redirect", peer: target.peer, detail });
}

/** The fields of a hop that is not the first. */
function fieldsOf({ headers, hop, target }: HopOptions, terms: FetchTerms): HopOptions["headers"] {
  const { referrer, referrerPolicy, choosesCodings } = terms;
  const referer = referrer && refererValue(referrerPolicy, referrer, new URL(hop.url));
  let fields = withoutFields(
    headers,
    (name) => (referrer !== undefined && name === "referer") || (choosesCodings && name === "accept-encoding"),
  );
  if (choosesCodings) fields = withField(fields, "accept-encoding", acceptedCodings(target));
  return referer === undefined ? fields : withField(fields, "referer", referer);
}

/** Learns how much a redirect lets the next hop tell of where it came from. Referrer Policy section 8.2. */
class ReferringExchange extends PassingExchange {
  readonly #terms: FetchTerms;

  constructor(handler: DispatchHandler, terms: FetchTerms) {
    super(handler);
    this.#terms = terms;
  }

  override onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    const policy = parseReferrerPolicy([fields["referrer-policy"] ?? ""].flat().join(","));
    if (policy !== undefined) this.#terms.referrerPolicy = policy;
    super.onResponseStart(controller, status, fields, message);
  }
}
