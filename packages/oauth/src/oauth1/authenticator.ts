import type { AuthenticatedRequest, Refusal, RequestAuthenticator } from "@fairlead/access";
import { UsageError } from "@fairlead/core";
import { createHash } from "node:crypto";
import { signingTerms, type OAuth1Credentials, type SigningTerms } from "./credentials.ts";
import { learnSkew } from "./protocol/clock-skew.ts";
import { signRequest } from "./sign-request.ts";

/** What {@link oauth1Authenticator} is made with. */
export interface OAuth1AuthenticatorOptions extends OAuth1Credentials {
  /** Where requests are signed, and nowhere else. */
  readonly origins: readonly (string | URL)[];
  /**
   * Whether content that is no form is signed, too (`oauth_body_hash`); it has to be text or bytes then. Servers that do not
   * know of this take it for any parameter. False by default.
   */
  readonly bodyHash?: boolean;
  /** Milliseconds since the epoch; the clock by default. */
  readonly now?: () => number;
}

/**
 * Signs each request to some origins by OAuth 1.0: method, URL, query and the parameters of a form, anew for each hop. A
 * server that refuses for the time is asked once more, by its own clock.
 *
 * @throws UsageError OPTION_INVALID for credentials that do not go together, an origin that is none, and PLAINTEXT, which
 * sends the secrets themselves, where that is not over https.
 * @see RFC 5849
 * @example
 * const authenticator = oauth1Authenticator({
 *   consumerKey, consumerSecret, token, tokenSecret, origins: ["https://api.example"],
 * });
 * await manager.request("https://api.example/photos", { authenticator });
 */
export function oauth1Authenticator(options: OAuth1AuthenticatorOptions): RequestAuthenticator {
  return new OAuth1Authenticator(options, signingTerms(options));
}

class OAuth1Authenticator implements RequestAuthenticator {
  readonly identity: string;
  readonly #options: OAuth1AuthenticatorOptions;
  readonly #terms: SigningTerms;
  readonly #now: () => number;
  /** Milliseconds that the clock of an origin is ahead of ours. */
  readonly #skews: Map<string, number>;

  constructor(options: OAuth1AuthenticatorOptions, terms: SigningTerms) {
    this.#options = options;
    this.#terms = terms;
    this.#now = options.now ?? Date.now;
    this.#skews = new Map(options.origins.map((origin) => [originOf(origin, terms), 0]));
    const { consumerKey, token = "" } = options;
    this.identity = `oauth1 ${createHash("sha256")
      .update(JSON.stringify([consumerKey, token]))
      .digest("base64url")}`;
  }

  covers({ origin }: URL): boolean {
    return this.#skews.has(origin);
  }

  authenticate({ method, url, fields, content }: AuthenticatedRequest): readonly string[] {
    const skew = this.#skews.get(url.origin) ?? 0;
    const field = signRequest(
      { method, url, content, contentType: fieldOf(fields, "content-type") },
      {
        credentials: this.#options,
        terms: this.#terms,
        timestamp: Math.floor((this.#now() + skew) / 1_000),
        hashesBody: this.#options.bodyHash ?? false,
      },
    );
    return ["authorization", field];
  }

  refused({ url }: AuthenticatedRequest, { status, fields, refusedBefore }: Refusal): boolean {
    const refusal = { status, challenges: listOf(fields["www-authenticate"]), date: listOf(fields["date"])[0] };
    const skew = learnSkew(refusal, this.#skews.get(url.origin) ?? 0, this.#now());
    if (skew === undefined || refusedBefore > 0) return false;
    this.#skews.set(url.origin, skew);
    return true;
  }
}

function originOf(given: string | URL, { method }: SigningTerms): string {
  const url = URL.parse(String(given));
  const isPlain = url?.protocol === "http:";
  if (url === null || (url.protocol !== "https:" && !isPlain)) throw invalid("origins: one of them is none");
  if (isPlain && method === "PLAINTEXT") throw invalid("origins: PLAINTEXT goes over https only");
  return url.origin;
}

function invalid(detail: string): UsageError {
  return new UsageError("OPTION_INVALID", { operation: "sign by OAuth 1", detail });
}

function fieldOf(fields: readonly string[], lowerCaseName: string): string | undefined {
  const at = fields.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === lowerCaseName);
  return at === -1 ? undefined : fields[at + 1];
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}
