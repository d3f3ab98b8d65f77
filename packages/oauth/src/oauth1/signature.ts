import { createHash, createHmac, sign, timingSafeEqual, verify, type KeyObject } from "node:crypto";
import { hashOf, sharedKey, type SignatureMethod } from "./protocol/signature-method.ts";

/** What a client signs with. */
export type SigningKey =
  | {
      readonly type: "shared";
      readonly consumerSecret: string;
      /** Empty where there is no token. */
      readonly tokenSecret: string;
    }
  | { readonly type: "private"; readonly key: KeyObject };

/** What a server verifies with. */
export type VerificationKey =
  | Extract<SigningKey, { readonly type: "shared" }>
  | { readonly type: "public"; readonly key: KeyObject };

/**
 * Signs a base string.
 *
 * @throws TypeError where the key is not one of the method.
 * @see RFC 5849 section 3.4
 */
export function signBaseString(method: SignatureMethod, baseString: string, key: SigningKey): string {
  switch (key.type) {
    case "shared":
      return sharedSignature(method, baseString, key.consumerSecret, key.tokenSecret);
    case "private":
      if (method !== "RSA-SHA1") throw new TypeError(`${method} does not sign with a private key`);
      return sign("RSA-SHA1", Buffer.from(baseString), key.key).toString("base64");
  }
}

/** Whether a signature is that of a base string, found out in a time that tells nothing of how wrong it is. */
export function isSignedBy(
  method: SignatureMethod,
  baseString: string,
  key: VerificationKey,
  signature: string,
): boolean {
  switch (key.type) {
    case "shared":
      // A public key must not be taken for the key of an HMAC, nor a secret for a key of RSA.
      if (method === "RSA-SHA1") return false;
      return isSame(sharedSignature(method, baseString, key.consumerSecret, key.tokenSecret), signature);
    case "public":
      if (method !== "RSA-SHA1" || key.key.asymmetricKeyType !== "rsa") return false;
      return verify("RSA-SHA1", Buffer.from(baseString), key.key, Buffer.from(signature, "base64"));
  }
}

/** The hash of content that is no form, for `oauth_body_hash`: by the hash of the method that signs it. */
export function bodyHash(method: SignatureMethod, content: string | Uint8Array): string {
  return createHash(hashOf(method)).update(content).digest("base64");
}

/** Compares texts of any length without telling where they differ. */
export function isSame(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => createHash("sha256").update(text).digest());
  return first !== undefined && second !== undefined && timingSafeEqual(first, second);
}

function sharedSignature(
  method: SignatureMethod,
  baseString: string,
  consumerSecret: string,
  tokenSecret: string,
): string {
  if (method === "RSA-SHA1") throw new TypeError("RSA-SHA1 signs with a private key");
  const key = sharedKey(consumerSecret, tokenSecret);
  return method === "PLAINTEXT" ? key : createHmac(hashOf(method), key).update(baseString).digest("base64");
}
