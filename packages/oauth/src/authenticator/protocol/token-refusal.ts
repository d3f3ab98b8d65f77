import { parseChallenges, type Challenge } from "@fairlead/http/authentication";

/** What a service makes of the token that it was sent. */
export type TokenRefusal =
  /** It wants its nonce in the proof. RFC 9449 section 9. */
  | { readonly type: "nonce" }
  /** The token is not good any more, or was never: another may be. RFC 6750 section 3.1. */
  | { readonly type: "token" }
  /** The token does not allow what was asked for. RFC 6750 section 3.1; RFC 9470 section 3. */
  | { readonly type: "scope"; readonly scope: readonly string[]; readonly error: string }
  /** It says nothing about the token. */
  | { readonly type: "other" };

type Fields = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Reads why a service refused a request that brought a token. */
export function readTokenRefusal(status: number, fields: Fields): TokenRefusal {
  if (status !== 401 && status !== 403) return { type: "other" };
  const challenges = parseChallenges([fields["www-authenticate"] ?? []].flat());
  const ofTokens = challenges.filter(({ scheme }) => scheme === "bearer" || scheme === "dpop");
  const said = ofTokens.find((challenge) => errorOf(challenge) !== "");
  const error = said === undefined ? "" : errorOf(said);
  if (error === "insufficient_scope" || error === "insufficient_user_authentication") {
    const scope = said?.parameters.get("scope")?.split(" ") ?? [];
    return { type: "scope", scope: scope.filter((one) => one !== ""), error };
  }
  if (status !== 401) return { type: "other" };
  return error === "use_dpop_nonce" ? { type: "nonce" } : { type: "token" };
}

function errorOf({ parameters }: Challenge): string {
  return parameters.get("error") ?? "";
}

/** The nonce that a server wants in the next proof; `undefined` for none, and for what is none. RFC 9449 section 8.1. */
export function readNonce(fields: Fields): string | undefined {
  const value = fields["dpop-nonce"];
  return typeof value === "string" && /^[\x21\x23-\x5b\x5d-\x7e]{1,1024}$/.test(value) ? value : undefined;
}
