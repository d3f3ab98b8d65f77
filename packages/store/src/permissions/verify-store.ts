import { verifyDirectory, type PlaceOptions } from "./directory.ts";
import { verifyPrivateFile } from "./private-file.ts";
import { currentUser } from "./refusal.ts";
import { mendStore } from "./repair.ts";

/**
 * Makes sure, while a store is in use, that its directory and those of its files that exist are still closed to others:
 * before a secret is written, and after, where files have come into being. Costs some microseconds.
 *
 * @param suffixes of the names of files that stand beside the store's, as `-wal`.
 * @throws StoreError STORE_IS_LINK, STORE_NOT_A_FILE, STORE_FOREIGN_OWNER or STORE_PERMISSIONS; and what the system says.
 */
export function verifyStore(file: string, suffixes: readonly string[], place: PlaceOptions = {}): void {
  const { user = currentUser, onMended } = place;
  try {
    verifyAll(file, suffixes, user);
  } catch (error) {
    if (onMended === undefined || user === undefined) throw error;
    mendStore(file, user, onMended);
    verifyAll(file, suffixes, user);
  }
}

function verifyAll(file: string, suffixes: readonly string[], user: number | undefined): void {
  verifyDirectory(file, { user });
  verifyPrivateFile(file, user);
  for (const suffix of suffixes) verifyPrivateFile(file + suffix, user);
}
