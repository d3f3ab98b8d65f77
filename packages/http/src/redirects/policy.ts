/** Which redirects are followed. */
export type RedirectPolicy =
  /** Every redirect but one from https to http. The default. */
  | { readonly type: "no-less-safe" }
  /** None: the redirect is the response. */
  | { readonly type: "manual" }
  /** None: a redirect is an error. */
  | { readonly type: "error" }
  /** Those that stay within scheme, host and port. */
  | { readonly type: "same-origin" }
  /** Those that stay within the scheme and the registrable domain. */
  | { readonly type: "same-site" }
  /** Those that stay within the origin, leave a site of `from` or go to a site of `to`. */
  | { readonly type: "trusted"; readonly from: readonly string[]; readonly to: readonly string[] }
  /** Those that the application accepts, asked for each hop; also asked about hops from https to http. */
  | { readonly type: "ask" };

/** The policy where none is named. */
export const DEFAULT_REDIRECT_POLICY: RedirectPolicy = { type: "no-less-safe" };

/** Redirects that are followed for one request at the most. */
export const REDIRECT_LIMIT = 20;
