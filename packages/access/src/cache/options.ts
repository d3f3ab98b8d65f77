import { UsageError } from "@fairlead/core";
import type { CacheType } from "@fairlead/http/cache";
import type { CacheLimits } from "./cache-storage.ts";

/** What responses are kept, and how many. */
export interface CacheSettings extends Partial<CacheLimits> {
  /**
   * Who uses the manager: one user (`private`, the default), or everybody whom a gateway serves (`shared`), so that only
   * what is for everybody is kept. RFC 9111 section 1.1.
   */
  readonly mode?: CacheType;
}

/** Bounds of a cache in memory, and on disk. */
export const DEFAULT_LIMITS: Readonly<Record<"memory" | "disk", CacheLimits>> = {
  memory: { maxBytes: 64 * 1024 * 1024, maxEntries: 10_000, maxResponseBytes: 8 * 1024 * 1024 },
  disk: { maxBytes: 256 * 1024 * 1024, maxEntries: 20_000, maxResponseBytes: 32 * 1024 * 1024 },
};

/** @throws UsageError OPTION_INVALID */
export function cacheLimits(settings: CacheSettings, place: "memory" | "disk"): CacheLimits {
  const defaults = DEFAULT_LIMITS[place];
  const { maxBytes = defaults.maxBytes, maxEntries = defaults.maxEntries } = settings;
  const { maxResponseBytes = Math.min(defaults.maxResponseBytes, Math.floor(maxBytes / 2)) } = settings;
  const limits = { maxBytes, maxEntries, maxResponseBytes };
  for (const [name, limit] of Object.entries(limits)) {
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new UsageError("OPTION_INVALID", { detail: `cache.${name}`, remedy: "give a whole number from 1" });
    }
  }
  return limits;
}
