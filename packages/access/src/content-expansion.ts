import { UsageError } from "@fairlead/core";

/** How far a body may grow while its content codings are undone: what grows further is a decompression bomb. */
export interface ContentExpansion {
  /** Decoded bytes for each byte of the wire, at the most; 200 by default. `Infinity` for no limit. */
  readonly ratio?: number;
  /** Decoded bytes that are let through at any ratio; 10 MiB by default. */
  readonly freeBytes?: number;
}

/** The limit that holds for one body. */
export type ExpansionLimit = Required<ContentExpansion>;

/** Text and markup shrink to a tenth, monotonous logs to a hundredth; gzip can do a thousandth, the others far less. */
export const DEFAULT_EXPANSION: ExpansionLimit = { ratio: 200, freeBytes: 10 * 1024 * 1024 };

/**
 * The limit of a manager or a request: what it says, and `others` where it says nothing.
 *
 * @throws UsageError OPTION_INVALID
 */
export function expansionLimit(said: ContentExpansion | undefined, others: ExpansionLimit): ExpansionLimit {
  if (said === undefined) return others;
  const limit = { ratio: said.ratio ?? others.ratio, freeBytes: said.freeBytes ?? others.freeBytes };
  if (limit.ratio >= 1 && limit.freeBytes >= 0) return limit;
  const remedy = "give a ratio from 1, and free bytes from 0";
  throw new UsageError("OPTION_INVALID", { detail: "contentExpansion", remedy });
}

/** Whether a body has grown further than it may. */
export function isBeyond({ ratio, freeBytes }: ExpansionLimit, decodedBytes: number, wireBytes: number): boolean {
  return decodedBytes > freeBytes && decodedBytes > ratio * wireBytes;
}
