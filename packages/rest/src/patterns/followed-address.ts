import { PolicyError, ProtocolError } from "@fairlead/core";
import type { RestResponse } from "../client/rest-response.ts";

/** Whose word is taken for where to go on. */
export interface FollowOptions {
  /** Origins beside the one that was asked to which the service may lead, as `https://other.example`. */
  readonly otherOrigins?: readonly string[];
}

/**
 * The origins that a response may lead to: the one that was asked, and the secure one that stands for it. Where a redirect
 * went is none of them: fields and credentials were meant for who was asked.
 */
export function followedOrigins(
  { transaction, url }: RestResponse,
  { otherOrigins = [] }: FollowOptions,
): ReadonlySet<string> {
  const origins = new Set(otherOrigins.map((origin) => new URL(origin).origin));
  for (const hop of transaction.hops) {
    origins.add(new URL(hop.url).origin);
    if (hop.reason !== "hsts") return origins;
  }
  return origins.add(new URL(url).origin);
}

/**
 * Where a response leads, made whole.
 *
 * @throws PolicyError FOLLOWED_ORIGIN_REFUSED for another origin; ProtocolError FOLLOWED_ADDRESS_INVALID.
 */
export function followedAddress(response: RestResponse, reference: string, origins: ReadonlySet<string>): URL {
  const peer = new URL(response.url).host;
  const address = URL.parse(reference, response.url);
  if (address === null) throw new ProtocolError("FOLLOWED_ADDRESS_INVALID", { peer, operation: "follow" });
  if (/^https?:$/.test(address.protocol) && origins.has(address.origin)) return address;
  throw new PolicyError("FOLLOWED_ORIGIN_REFUSED", {
    peer,
    operation: "follow",
    detail: `to ${address.protocol}//${address.host}`,
  });
}
