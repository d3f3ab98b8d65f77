import { AuthenticationError } from "@fairlead/core";
import { randomBytes } from "node:crypto";
import type { OAuth1Credentials, SigningTerms } from "./credentials.ts";
import { formatAuthorization } from "./protocol/authorization-field.ts";
import { signatureBaseString } from "./protocol/base-string.ts";
import { parameter } from "./protocol/parameters.ts";
import { isForm, protocolParameters, signedParameters, type OAuth1Claims } from "./protocol/protocol-parameters.ts";
import { bodyHash, signBaseString } from "./signature.ts";

/** A request before it is signed. */
export interface UnsignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly contentType: string | undefined;
  /** `undefined` for none, and for content that is not known before it is sent. */
  readonly content: string | Uint8Array | undefined;
}

/** What is signed beside the request. */
export interface SigningFacts extends Pick<OAuth1Claims, "callback" | "verifier"> {
  readonly credentials: OAuth1Credentials;
  readonly terms: SigningTerms;
  /** Seconds since the epoch, by the server's clock. */
  readonly timestamp: number;
  /** Whether content that is no form is signed, too, by its hash. */
  readonly hashesBody: boolean;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Signs a request. @returns the value of its `Authorization` field.
 *
 * @throws AuthenticationError AUTHENTICATION_FAILED for content that has to be signed and is not known, or no text.
 */
export function signRequest(request: UnsignedRequest, facts: SigningFacts): string {
  const { method, url } = request;
  const { credentials, terms, timestamp, callback, verifier } = facts;
  const parameters = protocolParameters({
    consumerKey: credentials.consumerKey,
    token: credentials.token,
    method: terms.method,
    timestamp,
    nonce: newNonce(),
    callback,
    verifier,
    bodyHash: facts.hashesBody ? hashOfContent(request, terms) : undefined,
  });
  const baseString = signatureBaseString(method, url, signedParameters(url, parameters, formOf(request)));
  const signature = signBaseString(terms.method, baseString, terms.key);
  return formatAuthorization({
    realm: credentials.realm,
    parameters: [...parameters, parameter("oauth_signature", signature)],
  });
}

/** 96 bits, as 24 letters and digits: there are servers that take nothing else, and by default oauthlib's no more than 30. */
function newNonce(): string {
  return randomBytes(12).toString("hex");
}

function formOf({ contentType, content, url }: UnsignedRequest): string {
  if (!isForm(contentType)) return "";
  if (content === undefined) throw failed(url, "a form is signed, so it has to be text or bytes");
  if (typeof content === "string") return content;
  try {
    return decoder.decode(content);
  } catch (cause) {
    throw failed(url, "a form has to be UTF-8", cause);
  }
}

function hashOfContent({ contentType, content, url }: UnsignedRequest, { method }: SigningTerms): string | undefined {
  // The Request Body Hash extension has none for forms, whose parameters are signed themselves.
  if (isForm(contentType)) return undefined;
  if (content !== undefined) return bodyHash(method, content);
  if (contentType === undefined) return undefined;
  throw failed(url, "content is signed, so it has to be text or bytes");
}

function failed({ host }: URL, detail: string, cause?: unknown): AuthenticationError {
  return new AuthenticationError("AUTHENTICATION_FAILED", { peer: host, operation: "sign by OAuth 1", detail, cause });
}
