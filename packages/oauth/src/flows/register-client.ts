import { AuthenticationError } from "@fairlead/core";
import type { Client, OmitSymbolProperties } from "oauth4webapi";
import { allowsPlainHttp, questionOf, requestTerms } from "../client/conversation.ts";
import { discover, type DiscoveryOptions } from "../client/discover.ts";
import { explainError } from "../client/explain-error.ts";
import { loadLibrary } from "../client/library.ts";
import { managerFetch } from "../client/manager-fetch.ts";
import { metadataProblem } from "../client/protocol/server-metadata.ts";
import type { FlowOptions } from "./flow-options.ts";

/** What a client says of itself, by the names of the standard: `redirect_uris`, `client_name`. RFC 7591 section 2 */
export type ClientMetadata = Partial<OmitSymbolProperties<Client>>;

/** What a server made of it. RFC 7591 section 3.2.1 */
export interface RegisteredClient {
  readonly clientId: string;
  /** Secret; `undefined` where the client has none. */
  readonly clientSecret: string | undefined;
  /** Milliseconds since the epoch; `undefined` where it stays. */
  readonly clientSecretExpiresAt: number | undefined;
  /** How the registration is changed; `undefined` where it cannot be. RFC 7592 section 3 */
  readonly management: RegistrationManagement | undefined;
  /** All that the server said, secrets included. */
  readonly metadata: ClientMetadata;
}

/** Where a registration is, and what lets one in. */
export interface RegistrationManagement {
  readonly uri: string;
  /** Secret. */
  readonly accessToken: string;
}

/** What a registration may need. */
export interface RegisterOptions extends FlowOptions {
  /** Secret: what the server has given to whom it lets register. */
  readonly initialAccessToken?: string;
}

/**
 * Registers a client at a server that lets anybody register, or whoever has a token for it. What comes back is the
 * application's to keep, as a secret.
 *
 * @throws OAuthError OAUTH_REFUSED; AuthenticationError OAUTH_CAPABILITY_MISSING, OAUTH_RESPONSE_INVALID; what
 * `openOAuthClient` throws of metadata; what `request` throws; or the signal's reason.
 * @see RFC 7591
 */
export async function registerClient(
  options: DiscoveryOptions,
  metadata: ClientMetadata,
  { initialAccessToken, signal }: RegisterOptions = {},
): Promise<RegisteredClient> {
  const server = await discover(options, signal);
  const library = await loadLibrary();
  const question = questionOf(options, "register client");
  if (initialAccessToken !== undefined) question.secrets.add(initialAccessToken);
  try {
    const response = await library.dynamicClientRegistrationRequest(server, metadata, {
      ...requestTerms(options, question, signal, library),
      ...(initialAccessToken === undefined ? {} : { initialAccessToken }),
    });
    const registered = await library.processDynamicClientRegistrationResponse(response);
    const expiresAt = registered["client_secret_expires_at"];
    return {
      clientId: registered.client_id,
      clientSecret: typeof registered["client_secret"] === "string" ? registered["client_secret"] : undefined,
      clientSecretExpiresAt: typeof expiresAt === "number" && expiresAt > 0 ? expiresAt * 1_000 : undefined,
      management: managementOf(registered, options),
      metadata: registered,
    };
  } catch (error) {
    signal?.throwIfAborted();
    throw explainError(error, question, library);
  }
}

/**
 * Ends a registration.
 *
 * @throws AuthenticationError OAUTH_RESPONSE_INVALID when the server does not say that it has; what `request` throws; or the
 * signal's reason.
 * @see RFC 7592 section 2.3
 */
export async function unregisterClient(
  options: DiscoveryOptions,
  { uri, accessToken }: RegistrationManagement,
  { signal }: FlowOptions = {},
): Promise<void> {
  const question = questionOf(options, "unregister client");
  const fetch = managerFetch(options, question);
  const { status } = await fetch(uri, {
    method: "DELETE",
    headers: { authorization: `Bearer ${accessToken}` },
    signal,
  });
  if (status === 204) return;
  const { peer, operation } = question;
  throw new AuthenticationError("OAUTH_RESPONSE_INVALID", { peer, operation, detail: `status ${String(status)}` });
}

/** @throws AuthenticationError OAUTH_RESPONSE_INVALID for a place that a token must not be sent to. */
function managementOf(registered: ClientMetadata, options: DiscoveryOptions): RegistrationManagement | undefined {
  const { registration_client_uri: uri, registration_access_token: accessToken } = registered;
  if (typeof uri !== "string" || typeof accessToken !== "string") return undefined;
  const problem = metadataProblem({ issuer: String(options.issuer), client_endpoint: uri }, allowsPlainHttp(options));
  if (problem === undefined) return { uri, accessToken };
  const { peer, operation } = questionOf(options, "register client");
  throw new AuthenticationError("OAUTH_RESPONSE_INVALID", { peer, operation, detail: `registration: ${problem}` });
}
