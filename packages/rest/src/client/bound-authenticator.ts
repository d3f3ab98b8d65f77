import type { AuthenticatedRequest, OnAuthenticate, Refusal, RequestAuthenticator } from "@fairlead/access";
import { PresetCredentials } from "./preset-credentials.ts";

/**
 * Keeps whoever says who the client is to one origin.
 *
 * @param origin of `http:` stands for that of `https:` with the same host, too, to which HSTS leads.
 */
export function bindAuthenticator(authenticator: RequestAuthenticator, origin: string): RequestAuthenticator {
  return new BoundAuthenticator(authenticator, origin);
}

/** Has an application asked by one origin, and nobody by any other: proxies are asked about elsewhere. */
export function bindQuestions(onAuthenticate: OnAuthenticate, origin: string): OnAuthenticate {
  return (question) =>
    question.role === "proxy" || isOrLeadsTo(origin, question.origin) ? onAuthenticate(question) : undefined;
}

class BoundAuthenticator implements RequestAuthenticator {
  readonly #authenticator: RequestAuthenticator;
  readonly #origin: string;

  constructor(authenticator: RequestAuthenticator, origin: string) {
    this.#authenticator = authenticator;
    this.#origin = origin;
  }

  get identity(): string {
    return this.#authenticator.identity;
  }

  get mayBeOverheard(): boolean {
    return this.#authenticator.mayBeOverheard ?? false;
  }

  covers(url: URL): boolean {
    if (!isOrLeadsTo(this.#origin, url.origin)) return false;
    const authenticator = this.#authenticator;
    return (authenticator instanceof PresetCredentials && authenticator.isUnbound) || authenticator.covers(url);
  }

  authenticate(request: AuthenticatedRequest): ReturnType<RequestAuthenticator["authenticate"]> {
    return this.#authenticator.authenticate(request);
  }

  refused(request: AuthenticatedRequest, refusal: Refusal): boolean | Promise<boolean> {
    return this.#authenticator.refused?.(request, refusal) ?? false;
  }

  answered(request: AuthenticatedRequest, answer: Pick<Refusal, "status" | "fields">): void {
    this.#authenticator.answered?.(request, answer);
  }
}

function isOrLeadsTo(origin: string, other: string): boolean {
  return other === origin || (origin.startsWith("http:") && other === `https:${origin.slice("http:".length)}`);
}
