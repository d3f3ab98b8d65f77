/** What a benchmark found; written to bench/results/NAME.json. */
export interface BenchResult {
  /** The file's name without ending. */
  readonly name: string;
  readonly claims: readonly BenchClaim[];
  /** Samples and whatever else a reader may want to check. */
  readonly details: unknown;
}

/** One figure, and what it has to be. */
export interface BenchClaim {
  /** What is measured, as a clause. */
  readonly what: string;
  readonly value: number;
  /** `ms`, `µs`, `ratio`. */
  readonly unit: string;
  /** Left out for a fact that is written down and claims nothing. */
  readonly limit?: number;
  /** On which side of the limit the value has to be; `at most` when left out. */
  readonly bound?: "at most" | "at least" | undefined;
  readonly holds: boolean;
}
