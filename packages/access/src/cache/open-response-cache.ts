import type { SealedPlace, Store } from "@fairlead/store";
import type { LostLessons } from "../memory/lost-lessons.ts";
import type { CacheLimits, CacheStorage } from "./cache-storage.ts";
import { MemoryCacheStorage } from "./memory-storage.ts";
import { cacheLimits, type CacheSettings } from "./options.ts";
import { RedirectStorage } from "./redirect-storage.ts";
import { ResponseCache } from "./response-cache.ts";

/** A storage that was opened before the manager that uses it. */
export type OpenedStorage = CacheStorage | undefined;

/**
 * Opens what keeps responses: a database beside that of the store, or memory where the store keeps nothing for long, or
 * the database cannot be used. It is encrypted where the store is.
 *
 * @returns `undefined` when nothing is to be kept.
 * @throws UsageError OPTION_INVALID
 */
export async function openCacheStorage(
  store: Store,
  settings: CacheSettings | false,
  now: () => number,
): Promise<OpenedStorage> {
  if (settings === false) return undefined;
  const path = /^sqlite:(.+)$/s.exec(store.url)?.[1];
  if (path === undefined) return new MemoryCacheStorage(cacheLimits(settings, "memory"));
  return (
    (await openDatabase(`${path}.cache`, cacheLimits(settings, "disk"), now, store.sealBeside("response cache"))) ??
    new MemoryCacheStorage(cacheLimits(settings, "memory"))
  );
}

/** Joins a storage and the memory of permanent redirects. */
export function responseCache(
  storage: CacheStorage,
  store: Store,
  { mode = "private" }: CacheSettings,
  now: () => number,
  lessons: LostLessons,
): ResponseCache {
  return new ResponseCache({
    type: mode,
    storage,
    redirects: new RedirectStorage(store, mode, now, lessons),
    now,
  });
}

async function openDatabase(
  path: string,
  limits: CacheLimits,
  now: () => number,
  place: SealedPlace | undefined,
): Promise<OpenedStorage> {
  const { SqliteCacheStorage } = await import("./sqlite/sqlite-storage.ts");
  const { sealedRows } = await import("./sqlite/row-form.ts");
  try {
    return new SqliteCacheStorage(path, limits, now, place && sealedRows(place));
  } catch (error) {
    const what = error instanceof Error ? error.message : typeof error;
    process.emitWarning(`responses are kept in memory: ${what}`, {
      type: "FairleadStoreWarning",
      code: "cache-closed",
    });
    return undefined;
  }
}
