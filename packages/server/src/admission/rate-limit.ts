import { PolicyError, UsageError } from "@fairlead/core";
import { withFields } from "../content/with-fields.ts";
import type { FlatFields } from "../exchange/index.ts";
import { LeanResponse } from "../fetch/index.ts";
import type { RequestContext } from "../fetch-handler.ts";
import type { Plugin } from "../plugin.ts";
import { Buckets } from "./buckets.ts";
import { hostOf } from "./protocol/host-of.ts";
import type { Draw, Rate } from "./protocol/token-bucket.ts";

/** How often one client may ask. */
export interface RateLimitOptions {
  /** Requests in `seconds`, on average. */
  readonly requests: number;
  readonly seconds: number;
  /** Requests at once, after a rest; as many as `requests` by default. */
  readonly burst?: number;
  /**
   * Who the client is; `undefined` for one that is not limited. By default the IPv4 address, or the /64 of an IPv6 address,
   * of `context.client`; whoever comes by a Unix socket is not limited.
   */
  readonly key?: (request: Request, context: RequestContext) => string | undefined;
  /** The policy's name in the `RateLimit` fields, printable ASCII without quotes; `default` by default. */
  readonly name?: string;
  /** Clients that are remembered at the same time, 100,000 by default; beyond, whoever asked longest ago begins anew. */
  readonly keys?: number;
  /** Is told, with a PolicyError RATE_LIMITED, of each request that is refused. */
  readonly onRefusal?: (error: PolicyError, request: Request) => void;
  /** Milliseconds of a clock that does not go back; that of the process by default. */
  readonly now?: () => number;
}

/**
 * Makes a plug-in that answers 429 with `Retry-After` to clients that ask too often: each has a bucket of tokens that fills
 * at the rate, and takes one out with each request. Every answer says by `RateLimit` and `RateLimit-Policy` what is left.
 *
 * It counts in one process: with workers, each has its own buckets.
 *
 * @throws UsageError OPTION_INVALID
 * @see RFC 6585 section 4, draft-ietf-httpapi-ratelimit-headers-10
 */
export function rateLimit(options: RateLimitOptions): Plugin {
  const { key = clientOf, name = "default", keys = 100_000, now = () => performance.now(), onRefusal } = options;
  const rate: Rate = { requests: options.requests, seconds: options.seconds, burst: options.burst ?? options.requests };
  check(rate, keys, name);
  const buckets = new Buckets(rate, keys);
  const standings = new WeakMap<RequestContext, FlatFields>();
  const policy = `"${name}";q=${rate.burst};w=${Math.ceil((rate.burst * rate.seconds) / rate.requests)}`;

  return {
    name: "rate-limit",
    request: (request, context) => {
      const client = key(request, context);
      if (client === undefined) return undefined;
      const at = now();
      const drawn = buckets.draw(client, at);
      const standing = standingFields(name, policy, drawn, at);
      if (drawn.isAllowed) {
        standings.set(context, standing);
        return undefined;
      }
      onRefusal?.(new PolicyError("RATE_LIMITED", { peer: context.client?.address, operation: "request" }), request);
      const retryAfter = String(Math.ceil(drawn.waitMilliseconds / 1_000));
      const fields = ["content-type", "text/plain", "retry-after", retryAfter, ...standing];
      return new LeanResponse("too many requests\n", { status: 429, fields });
    },
    response: (response, _request, context) => {
      const standing = standings.get(context);
      return standing === undefined ? response : withFields(response, standing);
    },
  };
}

function clientOf(_request: Request, { client }: RequestContext): string | undefined {
  return client && hostOf(client.address);
}

/** What an answer says of the client's bucket. */
function standingFields(name: string, policy: string, { remaining, fullAt }: Draw, now: number): FlatFields {
  const seconds = Math.ceil((fullAt - now) / 1_000);
  return ["ratelimit-policy", policy, "ratelimit", `"${name}";r=${remaining};t=${seconds}`];
}

function check({ requests, seconds, burst }: Rate, keys: number, name: string): void {
  const isName = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/.test(name);
  if (
    requests > 0 &&
    seconds > 0 &&
    burst >= 1 &&
    keys >= 1 &&
    isName &&
    [requests, seconds, burst].every(Number.isFinite)
  )
    return;
  throw new UsageError("OPTION_INVALID", {
    operation: "rateLimit",
    remedy: "give requests and seconds above 0, burst and keys from 1, and a name in printable ASCII without quotes",
  });
}
