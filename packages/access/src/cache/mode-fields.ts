import type { CacheMode } from "@fairlead/http/cache";

/** What a mode tells the caches on the way. Fetch Standard section 4.6, "HTTP-network-or-cache fetch", steps 8.16 and 8.17. */
export function modeFields(mode: CacheMode): readonly (readonly [name: string, value: string])[] {
  switch (mode) {
    case "no-cache":
      return NO_CACHE;
    case "no-store":
    case "reload":
      return RELOAD;
    case "default":
    case "force-cache":
    case "only-if-cached":
      return NONE;
  }
}

const NO_CACHE = [["cache-control", "max-age=0"]] as const;
const RELOAD = [
  ["pragma", "no-cache"],
  ["cache-control", "no-cache"],
] as const;
const NONE = [] as const;
