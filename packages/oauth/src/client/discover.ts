import { AuthenticationError, UsageError } from "@fairlead/core";
import type { AuthorizationServer } from "oauth4webapi";
import { allowsPlainHttp, questionOf, requestTerms } from "./conversation.ts";
import { explainError } from "./explain-error.ts";
import { loadLibrary, type OAuthLibrary } from "./library.ts";
import type { Question } from "./manager-fetch.ts";
import type { OAuthClientOptions } from "./options.ts";
import { isSecured, metadataProblem } from "./protocol/server-metadata.ts";

/** Whose metadata is looked for, and how. */
export type DiscoveryOptions = Pick<OAuthClientOptions, "issuer" | "server" | "manager" | "timeout" | "dangerous"> &
  Partial<Pick<OAuthClientOptions, "scope">>;

/**
 * Finds out what an authorization server says of itself, and whether it may.
 *
 * @throws UsageError OPTION_INVALID; AuthenticationError OAUTH_ISSUER_MISMATCH, OAUTH_RESPONSE_INVALID,
 * OAUTH_CAPABILITY_MISSING where it publishes nothing, OAUTH_UNAVAILABLE; what `request` throws; or the signal's reason.
 *
 * @see RFC 8414 section 3, OpenID Connect Discovery section 4
 */
export async function discover(options: DiscoveryOptions, signal?: AbortSignal): Promise<AuthorizationServer> {
  signal?.throwIfAborted();
  const issuer = issuerUrl(options);
  const question: Question = { ...questionOf(options, "discover"), cache: "default" };
  const library = await loadLibrary();
  const server = options.server ?? (await published(issuer, options, { library, question, signal }));
  const { peer, operation } = question;
  if (URL.parse(server.issuer)?.href !== issuer.href) {
    throw new AuthenticationError("OAUTH_ISSUER_MISMATCH", { peer, operation });
  }
  const problem = metadataProblem(server, allowsPlainHttp(options));
  if (problem === undefined) return server;
  throw new AuthenticationError("OAUTH_RESPONSE_INVALID", { peer, operation, detail: `metadata: ${problem}` });
}

/** @throws UsageError OPTION_INVALID */
function issuerUrl(options: DiscoveryOptions): URL {
  const url = URL.parse(String(options.issuer));
  const detail =
    url === null
      ? "issuer is no URL"
      : !isSecured(url, url, allowsPlainHttp(options))
        ? "issuer is not https"
        : url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== ""
          ? "issuer has more than a host and a path"
          : undefined;
  if (url !== null && detail === undefined) return url;
  throw new UsageError("OPTION_INVALID", {
    operation: "discover",
    ...(detail === undefined ? {} : { detail }),
    remedy: "give the https URL that the authorization server is known by",
  });
}

interface Discovery {
  readonly library: OAuthLibrary;
  readonly question: Question;
  readonly signal: AbortSignal | undefined;
}

/** Where metadata is published: the place of the standard that is asked for first, and the other where there is none. */
async function published(
  issuer: URL,
  options: DiscoveryOptions,
  { library, question, signal }: Discovery,
): Promise<AuthorizationServer> {
  const terms = requestTerms(options, question, signal, library);
  const places =
    options.scope?.includes("openid") === false ? (["oauth2", "oidc"] as const) : (["oidc", "oauth2"] as const);
  try {
    for (const algorithm of places) {
      const response = await library.discoveryRequest(issuer, { ...terms, algorithm });
      if (response.status < 400) return await library.processDiscoveryResponse(issuer, response);
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw explainError(error, question, library);
  }
  throw new AuthenticationError("OAUTH_CAPABILITY_MISSING", {
    peer: question.peer,
    operation: question.operation,
    detail: "it publishes no metadata",
    remedy: "give its metadata as `server`",
  });
}
