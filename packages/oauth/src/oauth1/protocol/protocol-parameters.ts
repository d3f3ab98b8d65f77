import { parameter, parseParameters, type Parameter } from "./parameters.ts";
import type { SignatureMethod } from "./signature-method.ts";

/** What a request says of its sender, beside the signature. */
export interface OAuth1Claims {
  readonly consumerKey: string;
  readonly token?: string | undefined;
  readonly method: SignatureMethod;
  /** Seconds since the epoch; with PLAINTEXT it may be missing. */
  readonly timestamp?: number | undefined;
  /** Never used twice with one timestamp; with PLAINTEXT it may be missing. */
  readonly nonce?: string | undefined;
  /** Where the user comes back to, or `oob`; with the request for temporary credentials. */
  readonly callback?: string | undefined;
  /** What the user came back with; with the request for token credentials. */
  readonly verifier?: string | undefined;
  /** The hash of content that is no form, in base64. */
  readonly bodyHash?: string | undefined;
}

/**
 * Makes the parameters of the protocol, the signature excepted.
 *
 * @see RFC 5849 sections 2.1, 2.3 and 3.1
 */
export function protocolParameters(claims: OAuth1Claims): readonly Parameter[] {
  const pairs: readonly (readonly [string, string | undefined])[] = [
    ["oauth_consumer_key", claims.consumerKey],
    ["oauth_token", claims.token],
    ["oauth_signature_method", claims.method],
    ["oauth_timestamp", claims.timestamp?.toString()],
    ["oauth_nonce", claims.nonce],
    ["oauth_callback", claims.callback],
    ["oauth_verifier", claims.verifier],
    ["oauth_body_hash", claims.bodyHash],
    ["oauth_version", "1.0"],
  ];
  return pairs.flatMap(([name, value]) => (value === undefined ? [] : [parameter(name, value)]));
}

/** Whether content of this type is signed as parameters. RFC 5849 section 3.4.1.3.1. */
export function isForm(contentType: string | undefined): boolean {
  return contentType?.split(";", 1)[0]?.trim().toLowerCase() === "application/x-www-form-urlencoded";
}

/**
 * All parameters of a request that are signed.
 *
 * @param form its content, where that is a form.
 * @see RFC 5849 section 3.4.1.3.1
 */
export function signedParameters(url: URL, ofField: readonly Parameter[], form: string): readonly Parameter[] {
  const all = [...parseParameters(url.search.slice(1)), ...ofField, ...parseParameters(form)];
  return all.filter(([name]) => name !== "oauth_signature");
}
