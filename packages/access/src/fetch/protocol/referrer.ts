/** What a `Referer` field may tell. */
export type ReferrerPolicy =
  | "no-referrer"
  | "no-referrer-when-downgrade"
  | "origin"
  | "origin-when-cross-origin"
  | "same-origin"
  | "strict-origin"
  | "strict-origin-when-cross-origin"
  | "unsafe-url";

/** The policy where none is named. Referrer Policy section 3. */
export const DEFAULT_REFERRER_POLICY: ReferrerPolicy = "strict-origin-when-cross-origin";

const POLICIES: ReadonlySet<string> = new Set<ReferrerPolicy>([
  "no-referrer",
  "no-referrer-when-downgrade",
  "origin",
  "origin-when-cross-origin",
  "same-origin",
  "strict-origin",
  DEFAULT_REFERRER_POLICY,
  "unsafe-url",
]);

/** Longer ones tell the origin only. Referrer Policy section 8.3. */
const REFERRER_LIMIT = 4096;

/**
 * The value of the `Referer` field for a request to `url`, made from `referrer`; `undefined` for none.
 *
 * @see Referrer Policy section 8.3, "determine request's referrer"
 */
export function refererValue(policy: ReferrerPolicy, referrer: URL, url: URL): string | undefined {
  const origin = `${referrer.origin}/`;
  const stripped = withoutSecrets(referrer);
  const whole = stripped.length > REFERRER_LIMIT ? origin : stripped;
  const isSameOrigin = referrer.origin === url.origin;
  const isDowngrade = isTrustworthy(referrer) && !isTrustworthy(url);
  switch (policy) {
    case "no-referrer":
      return undefined;
    case "unsafe-url":
      return whole;
    case "origin":
      return origin;
    case "same-origin":
      return isSameOrigin ? whole : undefined;
    case "origin-when-cross-origin":
      return isSameOrigin ? whole : origin;
    case "no-referrer-when-downgrade":
      return isDowngrade ? undefined : whole;
    case "strict-origin":
      return isDowngrade ? undefined : origin;
    case "strict-origin-when-cross-origin":
      if (isSameOrigin) return whole;
      return isDowngrade ? undefined : origin;
  }
}

/**
 * The last policy of a `Referrer-Policy` field that is known; `undefined` when there is none.
 *
 * @see Referrer Policy section 8.1
 */
export function parseReferrerPolicy(fieldValue: string): ReferrerPolicy | undefined {
  const tokens = fieldValue.split(",").map((token) => token.trim().toLowerCase());
  return tokens.findLast((token): token is ReferrerPolicy => POLICIES.has(token));
}

/** A copy: user information and fragment are nobody's business. */
function withoutSecrets(referrer: URL): string {
  const url = new URL(referrer);
  url.username = "";
  url.password = "";
  url.hash = "";
  return url.href;
}

/** Secure Contexts section 3.1, as far as http and https go. */
function isTrustworthy({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || hostname === "[::1]" || /^(localhost|.*\.localhost|127(\.\d+){3})$/.test(hostname);
}
