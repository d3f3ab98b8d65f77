import { parseDictionary } from "../structured-fields/dictionary.ts";

/** The algorithms that say something against whoever wants to deceive. The others of RFC 9530 section 5 are deprecated. */
export const digestAlgorithms = ["sha-512", "sha-256"] as const;
/** One of them. */
export type DigestAlgorithm = (typeof digestAlgorithms)[number];

/** Digests by algorithm. */
export type Digests = ReadonlyMap<DigestAlgorithm, Uint8Array>;

const LENGTHS: Readonly<Record<DigestAlgorithm, number>> = { "sha-512": 64, "sha-256": 32 };

/**
 * Reads `Repr-Digest` or `Content-Digest`: the digests of the algorithms that are known. Members of others, and what cannot
 * be a digest, are left out.
 *
 * @param value the lines of the field, joined by commas.
 * @see RFC 9530 sections 2, 3 and 5
 */
export function parseDigests(value: string | undefined): Digests {
  const digests = new Map<DigestAlgorithm, Uint8Array>();
  const members = parseDictionary(value ?? "");
  for (const algorithm of digestAlgorithms) {
    const member = members?.get(algorithm);
    if (member?.type === "byte-sequence" && member.value.length === LENGTHS[algorithm]) {
      digests.set(algorithm, member.value);
    }
  }
  return digests;
}

/** Formats the value of `Repr-Digest` or `Content-Digest`. */
export function formatDigests(digests: Digests): string {
  return [...digests].map(([algorithm, bytes]) => `${algorithm}=:${encodeBase64(bytes)}:`).join(", ");
}

/**
 * Formats the value of `Want-Repr-Digest` or `Want-Content-Digest`: the first is wanted most.
 *
 * @see RFC 9530 section 4
 */
export function formatWantedDigests(algorithms: readonly DigestAlgorithm[]): string {
  return algorithms.map((algorithm, index) => `${algorithm}=${String(Math.max(1, 10 - index))}`).join(", ");
}

/**
 * Reads a digest as people write it, in hexadecimal or in base64; `undefined` for what is no digest of the algorithm.
 */
export function parseDigestText(algorithm: DigestAlgorithm, text: string): Uint8Array | undefined {
  const length = LENGTHS[algorithm];
  if (text.length === 2 * length && /^[\da-f]+$/i.test(text)) {
    return Uint8Array.from({ length }, (_, index) => Number.parseInt(text.slice(2 * index, 2 * index + 2), 16));
  }
  const bytes = parseDigests(`${algorithm}=:${text}:`).get(algorithm);
  return bytes?.length === length ? bytes : undefined;
}

function encodeBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
