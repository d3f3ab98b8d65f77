import { encodeText } from "./percent-encoding.ts";

/**
 * How a request is signed. RFC 5849 section 3.4 has all but HMAC-SHA256, which is HMAC-SHA1 with a hash of today; with
 * PLAINTEXT the secrets themselves go along.
 */
export type SignatureMethod = (typeof signatureMethods)[number];

/** All methods, the best first. */
export const signatureMethods = ["HMAC-SHA256", "HMAC-SHA1", "RSA-SHA1", "PLAINTEXT"] as const;

/** The hash of a method; SHA-1 where it has none. */
export function hashOf(method: SignatureMethod): "sha1" | "sha256" {
  return method === "HMAC-SHA256" ? "sha256" : "sha1";
}

/**
 * The key of HMAC, which with PLAINTEXT is the signature itself.
 *
 * @param tokenSecret empty where there is no token yet.
 * @see RFC 5849 sections 3.4.2 and 3.4.4
 */
export function sharedKey(consumerSecret: string, tokenSecret: string): string {
  return `${encodeText(consumerSecret)}&${encodeText(tokenSecret)}`;
}
