import { createHash } from "node:crypto";
import type { LearnedIntermediate } from "../intermediates/intermediate-memory.ts";
import type { StapleVerdict } from "./staple-verdict.ts";

/** Remembers for a while that a question was answered with trust. */
export interface VerdictMemory {
  /** What was trusted not long ago, and still is within the dates that it was trusted for. */
  find(key: string, now: number): TrustedVerdict | undefined;
  keep(key: string, now: number, verdict: TrustedVerdict): void;
}

/** A path that was verified, of certificates that the peer sent. */
export interface TrustedVerdict {
  /** When the first certificate of the path ends, or what was stapled for it, in milliseconds since 1970. */
  readonly until: number;
  /** What can be learned from it. */
  readonly intermediates: readonly LearnedIntermediate[];
  /** What was stapled; `undefined` where nobody asked. */
  readonly staple: StapleVerdict | undefined;
}

/**
 * Remembers up to `maxVerdicts` answers, the ones that were asked for last, none for longer than `maxAgeMilliseconds`.
 * Refusals are not remembered: whoever is refused may have mended it.
 */
export function verdictMemory({
  maxVerdicts = 1_000,
  maxAgeMilliseconds = 300_000,
}: {
  readonly maxVerdicts?: number;
  readonly maxAgeMilliseconds?: number;
} = {}): VerdictMemory {
  const kept = new Map<string, { readonly since: number; readonly verdict: TrustedVerdict }>();
  return {
    find(key, now) {
      const entry = kept.get(key);
      if (entry === undefined) return undefined;
      kept.delete(key);
      // A clock that was set back knows nothing of what was found later.
      const age = now - entry.since;
      if (age < 0 || age > maxAgeMilliseconds || now > entry.verdict.until) return undefined;
      kept.set(key, entry);
      return entry.verdict;
    },
    keep(key, now, verdict) {
      kept.delete(key);
      kept.set(key, { since: now, verdict });
      const [oldest] = kept.keys();
      if (kept.size > maxVerdicts && oldest !== undefined) kept.delete(oldest);
    },
  };
}

/** Hashes everything that a verdict depends on: equal exactly when the questions are. */
export function verdictKey(words: readonly string[], bytes: readonly Uint8Array[]): string {
  const sha256 = createHash("sha256");
  // Lengths first: where one part ends and the next begins is part of the question.
  sha256.update(JSON.stringify([words, bytes.map(({ length }) => length)]));
  for (const part of bytes) sha256.update(part);
  return sha256.digest("base64");
}
