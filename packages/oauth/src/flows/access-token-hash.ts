import { createHash } from "node:crypto";

/** The hash that goes with each algorithm of signatures; none is known for others. */
const hashes: ReadonlyMap<string, string> = new Map([
  ...["RS", "PS", "ES"].flatMap((kind) =>
    ["256", "384", "512"].map((size) => [`${kind}${size}`, `sha${size}`] as const),
  ),
  ["EdDSA", "sha512"],
  ["Ed25519", "sha512"],
]);

/**
 * Tells whether an ID token was made for the access token that came with it: `at_hash` is the left half of the token's hash.
 * One that has no `at_hash` makes no such claim.
 *
 * @see OpenID Connect Core section 3.1.3.6
 */
export function accessTokenHashMatches(accessToken: string, claimed: unknown, idToken: string): boolean {
  if (claimed === undefined) return true;
  const hash = hashes.get(algorithmOf(idToken));
  if (hash === undefined) return true;
  const digest = createHash(hash).update(accessToken, "ascii").digest();
  return claimed === digest.subarray(0, digest.length / 2).toString("base64url");
}

/** Of a token whose signature was verified by it. */
function algorithmOf(idToken: string): string {
  const [head = ""] = idToken.split(".");
  // Verified, so it is JSON with an `alg`.
  return (JSON.parse(Buffer.from(head, "base64url").toString()) as { readonly alg: string }).alg;
}
