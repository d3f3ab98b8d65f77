import { UsageError } from "@fairlead/core";
import { createPrivateKey, type KeyObject } from "node:crypto";
import type { SignatureMethod } from "./protocol/signature-method.ts";
import type { SigningKey } from "./signature.ts";

/** Who a client is: an application, and mostly somebody on whose behalf it asks. RFC 5849 section 1.1. */
export interface OAuth1Credentials {
  /** The application, as the service knows it; no secret. */
  readonly consumerKey: string;
  /** Secret. Not with RSA-SHA1. */
  readonly consumerSecret?: string;
  /** With RSA-SHA1: in PEM, or as Node.js has it. */
  readonly privateKey?: string | KeyObject;
  /** On whose behalf; no secret. */
  readonly token?: string;
  /** Secret. */
  readonly tokenSecret?: string;
  /** `HMAC-SHA1` by default, which all services know; `RSA-SHA1` where there is a private key. PLAINTEXT goes over https only. */
  readonly method?: SignatureMethod;
  /** Which area of the server is meant; some want one. */
  readonly realm?: string;
}

/** The method of credentials and the key that it signs with. */
export interface SigningTerms {
  readonly method: SignatureMethod;
  readonly key: SigningKey;
}

/**
 * Checks that credentials go together.
 *
 * @throws UsageError OPTION_INVALID, which quotes none of them.
 */
export function signingTerms(credentials: OAuth1Credentials): SigningTerms {
  const { consumerKey, consumerSecret, privateKey, tokenSecret = "", realm } = credentials;
  if (consumerKey === "") throw invalid("consumerKey");
  if (realm !== undefined && !/^[\x20-\x7e]*$/.test(realm)) throw invalid("realm");
  const { method = privateKey === undefined ? "HMAC-SHA1" : "RSA-SHA1" } = credentials;
  if (method === "RSA-SHA1") {
    if (privateKey === undefined || consumerSecret !== undefined) throw invalid("privateKey: RSA-SHA1 signs with one");
    return { method, key: { type: "private", key: rsaKey(privateKey) } };
  }
  if (consumerSecret === undefined || privateKey !== undefined) {
    throw invalid(`consumerSecret: ${method} signs with one`);
  }
  return { method, key: { type: "shared", consumerSecret, tokenSecret } };
}

function rsaKey(given: string | KeyObject): KeyObject {
  const key = typeof given === "string" ? readKey(given) : given;
  if (key?.type === "private" && key.asymmetricKeyType === "rsa") return key;
  throw invalid("privateKey: no private key of RSA");
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

function invalid(detail: string): UsageError {
  return new UsageError("OPTION_INVALID", { operation: "sign by OAuth 1", detail });
}
