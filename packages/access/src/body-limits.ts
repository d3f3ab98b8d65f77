import type { ExpansionLimit } from "./content-expansion.ts";

/** What the body of a response may grow to. */
export interface BodyLimits {
  /** Bytes of one that is read whole, decoded. */
  readonly bodyLimitBytes: number;
  readonly contentExpansion: ExpansionLimit;
}
