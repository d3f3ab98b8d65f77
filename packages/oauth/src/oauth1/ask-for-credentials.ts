import type { Reply } from "@fairlead/access";
import { AuthenticationError, UsageError } from "@fairlead/core";
import { isLoopback } from "../client/protocol/server-metadata.ts";
import { signingTerms, type OAuth1Credentials } from "./credentials.ts";
import { readCredentials, type GivenCredentials } from "./protocol/token-response.ts";
import type { OAuth1Service } from "./service.ts";
import { signRequest, type SigningFacts } from "./sign-request.ts";

/** What is asked for, where and by what right. */
export interface CredentialQuestion extends Pick<SigningFacts, "callback" | "verifier"> {
  readonly operation: string;
  readonly endpoint: string | URL;
  /** The temporary ones, once there are any. */
  readonly temporary?: Pick<OAuth1Credentials, "token" | "tokenSecret">;
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_TIMEOUT_MILLISECONDS = 30_000;
/** Octets that an answer may have: a token, its secret and a name. */
const ANSWER_LIMIT_BYTES = 65_536;

/**
 * Asks a service for credentials, by a request that is signed: without cookies or redirects, and for no more than is allowed.
 *
 * @throws UsageError OPTION_INVALID; AuthenticationError OAUTH_REFUSED, OAUTH_UNAVAILABLE, OAUTH_RESPONSE_INVALID; what
 * `request` throws; or the signal's reason.
 */
export async function askForCredentials(
  service: OAuth1Service,
  { operation, endpoint, temporary, signal, callback, verifier }: CredentialQuestion,
): Promise<GivenCredentials> {
  const { manager, consumerKey, consumerSecret, privateKey, method, realm, timeout } = service;
  const credentials: OAuth1Credentials = {
    consumerKey,
    ...(consumerSecret === undefined ? {} : { consumerSecret }),
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(method === undefined ? {} : { method }),
    ...(realm === undefined ? {} : { realm }),
    ...temporary,
  };
  const terms = signingTerms(credentials);
  const url = endpointUrl(endpoint, service, operation, terms.method === "PLAINTEXT");
  const authorization = signRequest(
    { method: "POST", url, contentType: undefined, content: undefined },
    { credentials, terms, timestamp: Math.floor(Date.now() / 1_000), hashesBody: false, callback, verifier },
  );
  const reply = await manager.request(url, {
    method: "POST",
    headers: { authorization, accept: "application/x-www-form-urlencoded" },
    body: "",
    ...(signal === undefined ? {} : { signal }),
    cache: "no-store",
    cookies: false,
    onAuthenticate: false,
    authenticator: false,
    redirect: { type: "manual" },
    retry: false,
    timeoutMilliseconds: timeout ?? DEFAULT_TIMEOUT_MILLISECONDS,
  });
  const facts = { peer: url.host, operation };
  requireSuccess(reply, facts);
  const given = readCredentials(await boundedText(reply, facts));
  if (given !== undefined) return given;
  throw new AuthenticationError("OAUTH_RESPONSE_INVALID", { ...facts, detail: "it has no token and secret" });
}

/**
 * Checks where secrets go.
 *
 * @throws UsageError OPTION_INVALID
 */
export function endpointUrl(
  given: string | URL,
  { dangerous }: Pick<OAuth1Service, "dangerous">,
  operation: string,
  needsTls = false,
): URL {
  const url = URL.parse(String(given));
  const isPlain = url?.protocol === "http:" && !needsTls && (dangerous?.allowPlainHttp === true || isLoopback(url));
  if (url !== null && (url.protocol === "https:" || isPlain)) return url;
  throw new UsageError("OPTION_INVALID", {
    operation,
    detail: url === null ? "an endpoint is no URL" : `the endpoint at ${url.host} is not https`,
  });
}

const decoder = new TextDecoder("utf-8", { fatal: true });

interface Facts {
  readonly peer: string;
  readonly operation: string;
}

function requireSuccess(reply: Reply, facts: Facts): void {
  const { status } = reply;
  if (status === 200) return;
  reply.discard();
  const detail = `status ${status.toString()}`;
  if (status === 429 || status >= 500) throw new AuthenticationError("OAUTH_UNAVAILABLE", { ...facts, detail });
  const code = status >= 400 ? "OAUTH_REFUSED" : "OAUTH_RESPONSE_INVALID";
  throw new AuthenticationError(code, { ...facts, detail, remedy: "check the consumer's keys and the clock" });
}

async function boundedText(reply: Reply, facts: Facts): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of reply) {
    length += chunk.length;
    if (length > ANSWER_LIMIT_BYTES) {
      throw new AuthenticationError("OAUTH_RESPONSE_INVALID", { ...facts, detail: "more than 64 KiB" });
    }
    chunks.push(chunk);
  }
  try {
    return decoder.decode(Buffer.concat(chunks, length));
  } catch (cause) {
    throw new AuthenticationError("OAUTH_RESPONSE_INVALID", { ...facts, detail: "it is no UTF-8", cause });
  }
}
