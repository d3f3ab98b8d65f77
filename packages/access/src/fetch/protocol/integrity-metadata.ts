/** Hashes that count, the weakest first. */
const ALGORITHMS = ["sha256", "sha384", "sha512"] as const;

/** One hash function of Subresource Integrity. */
export type IntegrityAlgorithm = (typeof ALGORITHMS)[number];

/** The strongest hash function that integrity metadata name, and the digests, base64, of which one has to match. */
export interface IntegrityMetadata {
  readonly algorithm: IntegrityAlgorithm;
  readonly digests: readonly string[];
}

/**
 * Parses integrity metadata, `sha384-… sha512-…?options`; `undefined` when nothing in it can be checked, which lets
 * everything pass.
 *
 * @see Subresource Integrity sections 3.2.1 and 3.3.3
 */
export function parseIntegrity(metadata: string): IntegrityMetadata | undefined {
  const found = new Map<IntegrityAlgorithm, string[]>();
  for (const token of metadata.split(/[\t\n\f\r ]+/)) {
    const [expression = ""] = token.split("?");
    const [, name = "", digest = ""] = /^([^-]*)-?(.*)$/s.exec(expression) ?? [];
    const algorithm = ALGORITHMS.find((known) => known === name.toLowerCase());
    if (algorithm === undefined) continue;
    const digests = found.get(algorithm);
    if (digests === undefined) found.set(algorithm, [digest]);
    else digests.push(digest);
  }
  const algorithm = ALGORITHMS.findLast((known) => found.has(known));
  return algorithm && { algorithm, digests: found.get(algorithm) ?? [] };
}

/** Tells whether a digest, base64, is one that the metadata name: in either alphabet, with padding or without. */
export function matchesDigest({ digests }: IntegrityMetadata, digest: string): boolean {
  return digests.some((expected) => withPlainAlphabet(expected) === withPlainAlphabet(digest));
}

function withPlainAlphabet(base64: string): string {
  return base64
    .replaceAll("-", "+")
    .replaceAll("_", "/")
    .replace(/={1,2}$/, "");
}
