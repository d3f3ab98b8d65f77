import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";

/** How long an operation waits for other processes, each of which needs milliseconds. */
export const busyMilliseconds = 5_000;

/** Opens a connection. The file has to exist, so that SQLite never creates one with a mode of its own. */
export function connect(file: string): DatabaseSync {
  const location = pathToFileURL(file);
  location.search = "mode=rw";
  return new DatabaseSync(location, { timeout: busyMilliseconds });
}
