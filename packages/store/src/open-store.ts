import type { OpenStoreOptions, Store } from "./contract.ts";
import { isRedisUrl, parseStoreUrl } from "./store-url.ts";

/**
 * Opens the store that a URL names, creating it where there is none; the caller closes it.
 *
 * - `memory:` forgets everything when it is closed.
 * - `file:PATH` is one JSON file that a person can read and edit.
 * - `sqlite:PATH` is a database that several processes can share.
 * - `redis://HOST` is an engine that many machines can share; also `rediss://` (TLS), `redis+unix:///PATH`,
 *   `redis+cluster://` and `redis+sentinel://`.
 *
 * Paths are taken as they are, relative ones from the working directory; `file:///a%20b` is read as a file URL.
 *
 * @throws StoreError STORE_URL_INVALID, STORE_PERMISSIONS, STORE_FOREIGN_OWNER, STORE_IS_LINK, STORE_NOT_A_FILE,
 * STORE_CORRUPT, STORE_NEWER, STORE_UNREACHABLE, STORE_OPEN_FAILED; STORE_KEY_REQUIRED, STORE_KEY_INVALID,
 * STORE_KEY_UNAVAILABLE or STORE_KEY_WRONG.
 *
 * @example
 * await using store = await openStore("sqlite:/var/lib/app/fairlead.db");
 * const hosts = store.collection("hosts", { maxEntries: 10_000, secret: false });
 * hosts.set("a.example", new TextEncoder().encode("{}"), { expiresAt: Date.now() + 86_400_000 });
 */
export async function openStore(url: string, options: OpenStoreOptions = {}): Promise<Store> {
  if (isRedisUrl(url)) {
    const { openRedisStore } = await import("./redis/index.ts");
    return openRedisStore(url, options);
  }
  const location = parseStoreUrl(url);
  switch (location.type) {
    case "memory": {
      const { openMemoryStore } = await import("./memory/index.ts");
      return openMemoryStore(options);
    }
    case "file": {
      const { openFileStore } = await import("./file/index.ts");
      return openFileStore(location.path, options);
    }
    case "sqlite": {
      const { openSqliteStore } = await import("./sqlite/index.ts");
      return openSqliteStore(location.path, options);
    }
  }
}
