import type { NetworkAccessManager } from "@fairlead/access";
import { openDraft } from "@fairlead/access/draft";
import { packageVersion } from "../version.ts";

/** An archive of all that a manager does, on its way into a file. */
export interface Archive extends AsyncDisposable {
  /** Puts the file in its place. @throws FileError */
  write(): Promise<void>;
}

/**
 * Begins to record, and opens the file: where that cannot be, nothing is requested.
 *
 * @throws FileError
 */
export async function openArchive(manager: NetworkAccessManager, path: string): Promise<Archive> {
  const recording = await manager.recordHar({ creator: { name: "fairlead", version: packageVersion() } });
  // What is redacted is what is known to be secret.
  const file = await openDraft(path, { mode: 0o600 });
  return {
    write: async () => {
      await file.write(Buffer.from(`${JSON.stringify(recording, undefined, 2)}\n`));
      await file.commit();
    },
    [Symbol.asyncDispose]: () => file.discard(),
  };
}
