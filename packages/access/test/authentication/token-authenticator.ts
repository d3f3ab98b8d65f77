import type { AuthenticatedRequest, Refusal, RequestAuthenticator } from "@fairlead/access";

/** An authenticator with a token for some origins, and what it was asked and told. */
export interface TokenAuthenticator extends RequestAuthenticator {
  identity: string;
  /** What it sends; a refusal makes it the next. `undefined` for nobody. */
  token: string | undefined;
  readonly asked: AuthenticatedRequest[];
  readonly refusals: Refusal[];
  readonly answers: number[];
}

/** Makes one. @param tokens each of which is taken for the one before when that is refused. */
export function tokenAuthenticator(
  origins: readonly string[],
  ...tokens: readonly [string, ...string[]]
): TokenAuthenticator {
  const left = [...tokens];
  return {
    identity: "me",
    token: left.shift(),
    asked: [],
    refusals: [],
    answers: [],
    covers: ({ origin }) => origins.includes(origin),
    authenticate(request) {
      this.asked.push(request);
      return this.token === undefined ? undefined : ["Authorization", `Bearer ${this.token}`];
    },
    refused(_request, refusal) {
      this.refusals.push(refusal);
      const next = refusal.status === 401 ? left.shift() : undefined;
      if (next !== undefined) this.token = next;
      return next !== undefined;
    },
    answered(_request, { status }) {
      this.answers.push(status);
    },
  };
}
