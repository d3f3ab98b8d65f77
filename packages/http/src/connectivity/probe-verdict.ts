import { parseRetryAfter } from "../retries/retry-after.ts";

/** The response to a probe: a GET in the clear for what is known to be a 204. */
export interface ProbeResponse {
  readonly status: number;
  /** Of `Location`. */
  readonly location: string | undefined;
  readonly retryAfter: string | undefined;
  /** Whether there was at least one byte of content; asked for with status 200 alone. */
  readonly hasContent: boolean;
}

/** What a probe says. */
export type ProbeVerdict =
  /** It came back as it was sent out. */
  | { readonly type: "online" }
  /** Somebody on the way answered in the server's place. */
  | {
      readonly type: "portal";
      /** Where it leads users to: http or https, without credentials; `undefined` when it does not say. */
      readonly portalUrl: string | undefined;
      readonly source: "redirect" | "response";
    }
  /** Nothing, either way. */
  | {
      readonly type: "none";
      /** How long the server asks to be left alone. */
      readonly retryAfterMilliseconds: number | undefined;
    };

/** The verdict of a probe that got no response. */
export const NO_VERDICT: ProbeVerdict = { type: "none", retryAfterMilliseconds: undefined };

/**
 * Judges the response to a probe, as Chromium does: 204 is the internet, and so is an empty 200, into which some proxies
 * turn it; 511, a redirect and everything else with content is a portal; errors say nothing, and 503 when to ask again.
 *
 * @param probeUrl what was asked for: a `Location` may be relative.
 * @param now milliseconds since the epoch.
 * @see RFC 6585 section 6, for 511; RFC 9110 sections 10.2.3 and 15
 */
export function judgeProbe(response: ProbeResponse, probeUrl: URL, now: number): ProbeVerdict {
  const { status, location, retryAfter, hasContent } = response;
  if (status === 204 || (status === 200 && !hasContent)) return { type: "online" };
  if (status === 511) return { type: "portal", portalUrl: undefined, source: "response" };
  if (status === 503) return { type: "none", retryAfterMilliseconds: parseRetryAfter(retryAfter, now) };
  if (status < 200 || status >= 400) return NO_VERDICT;
  if (status < 300) return { type: "portal", portalUrl: undefined, source: "response" };
  return { type: "portal", portalUrl: portalUrlOf(location, probeUrl), source: "redirect" };
}

/** Whoever is on the way wrote it: a user name in it would only make it look like another host's. */
function portalUrlOf(location: string | undefined, probeUrl: URL): string | undefined {
  const url = location === undefined ? null : URL.parse(location, probeUrl.href);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) return undefined;
  url.username = "";
  url.password = "";
  return url.href;
}
