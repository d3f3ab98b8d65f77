import type { OpenStoreOptions, Store, StoreWarning } from "../contract.ts";
import { prepareDirectory } from "../permissions.ts";
import { openRecordStore } from "../open-record-store.ts";
import { mendedWarnings, warn } from "../store-warning.ts";
import { FileBackend } from "./backend.ts";
import { readStoreFile } from "./store-file.ts";

/**
 * Opens a store in one JSON file that a person can read and edit; the first write creates it.
 *
 * @throws StoreError STORE_PERMISSIONS, STORE_FOREIGN_OWNER, STORE_IS_LINK, STORE_NOT_A_FILE, STORE_CORRUPT,
 * STORE_NEWER or STORE_OPEN_FAILED.
 */
export async function openFileStore(path: string, options: OpenStoreOptions = {}): Promise<Store> {
  const url = `file:${path}`;
  const place = { onMended: mendedWarnings(options, url) };
  const file = prepareDirectory(path, place);
  const found = await readStoreFile(file);
  const onWarning = (warning: StoreWarning): void => warn(options, url, warning);
  if (found.isEmpty) {
    const message = "the file is empty, as no store leaves it: if it held records, they are lost";
    onWarning({ type: "record-dropped", collection: undefined, message, cause: undefined });
  }
  return openRecordStore(url, new FileBackend(file, found, { place, onWarning }), options);
}
