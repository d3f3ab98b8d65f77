import type { AuthorizationServer, Client, ClientAuth, DPoPHandle } from "oauth4webapi";
import { explainError, type FaultCodes } from "./explain-error.ts";
import { loadLibrary, type OAuthLibrary } from "./library.ts";
import { managerFetch, type ManagerFetch, type Question } from "./manager-fetch.ts";
import type { OAuthClient } from "./oauth-client.ts";
import type { ClientAuthentication, OAuthClientOptions } from "./options.ts";

/** What the library of the protocol needs to speak with one authorization server. */
export interface Conversation {
  readonly library: OAuthLibrary;
  readonly server: AuthorizationServer;
  readonly client: Client;
  readonly authentication: ClientAuth;
  /** Proves that the client has the key which its tokens are bound to; `undefined` where they are bound to none. */
  readonly proof: DPoPHandle | undefined;
  /** For each of its requests. */
  readonly options: RequestTerms;
  readonly question: Question;
}

/** How the library asks. Its keys are the library's symbols. */
export interface RequestTerms {
  readonly signal?: AbortSignal;
  readonly [way: symbol]: ManagerFetch | boolean;
}

/** What an operation is, and until when. */
export interface ConversationTopic {
  readonly operation: string;
  readonly signal?: AbortSignal | undefined;
  readonly codes?: FaultCodes;
}

/**
 * Has one conversation with the client's authorization server.
 *
 * @throws what {@link explainError} makes of what went wrong; what `request` throws; or the signal's reason.
 */
export async function converse<Outcome>(
  client: OAuthClient,
  { operation, signal, codes }: ConversationTopic,
  talk: (conversation: Conversation) => Promise<Outcome>,
): Promise<Outcome> {
  signal?.throwIfAborted();
  const library = await loadLibrary();
  const { options, server, proofKey } = client;
  const question = questionOf(options, operation);
  const of = clientOf(options, library);
  try {
    return await talk({
      library,
      server,
      client: of,
      authentication: authenticationOf(options.authentication, library),
      proof: proofKey === undefined ? undefined : library.DPoP(of, proofKey),
      options: requestTerms(options, question, signal, library),
      question,
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw explainError(error, question, library, codes);
  }
}

/** What is being asked, and whom. */
export function questionOf({ issuer }: Pick<OAuthClientOptions, "issuer">, operation: string): Question {
  return { peer: new URL(issuer).host, operation, secrets: new Set() };
}

/** How the library is to ask. */
export function requestTerms(
  options: Pick<OAuthClientOptions, "manager" | "timeout" | "issuer" | "dangerous">,
  question: Question,
  signal: AbortSignal | undefined,
  library: OAuthLibrary,
): RequestTerms {
  return {
    ...(signal === undefined ? {} : { signal }),
    [library.customFetch]: managerFetch(options, question),
    // Deprecated for its danger. Metadata is checked, so that nothing but what the options allow is ever asked.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is no other way to speak to a server on this machine
    [library.allowInsecureRequests]: !isHttps(options) || allowsPlainHttp(options),
  };
}

/** Whether all of the server's addresses may be plain, as the application says. */
export function allowsPlainHttp({ dangerous }: Pick<OAuthClientOptions, "dangerous">): boolean {
  return dangerous?.allowPlainHttp === true;
}

function isHttps({ issuer }: Pick<OAuthClientOptions, "issuer">): boolean {
  return new URL(issuer).protocol === "https:";
}

/** Sends a request again, once, with the nonce that the server wants in its proof. RFC 9449 section 8. */
export async function withNonce<Outcome>(
  { library, proof }: Conversation,
  ask: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await ask();
  } catch (error) {
    if (proof === undefined || !library.isDPoPNonceError(error)) throw error;
    return ask();
  }
}

function clientOf(options: OAuthClientOptions, library: OAuthLibrary): Client {
  return {
    client_id: options.clientId,
    use_mtls_endpoint_aliases: options.authentication?.type === "certificate",
    [library.clockTolerance]: options.clockToleranceSeconds ?? 30,
  };
}

function authenticationOf(authentication: ClientAuthentication = { type: "none" }, library: OAuthLibrary): ClientAuth {
  switch (authentication.type) {
    case "none":
      return library.None();
    case "secret-basic":
      return library.ClientSecretBasic(authentication.secret);
    case "secret-post":
      return library.ClientSecretPost(authentication.secret);
    case "private-key": {
      const { key, keyId } = authentication;
      return library.PrivateKeyJwt(keyId === undefined ? key : { key, kid: keyId });
    }
    case "certificate":
      return library.TlsClientAuth();
  }
}
