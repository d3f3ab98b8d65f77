import { mkdtemp, rmdir, stat } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/** Where downloads go that are tried out. Disposing of it removes a temporary one that is empty. */
export interface DownloadsFolder extends AsyncDisposable {
  readonly path: string;
}

/** The user's folder for downloads; a new one among temporary files where there is none. */
export async function openDownloadsFolder(): Promise<DownloadsFolder> {
  const usual = join(homedir(), "Downloads");
  const there = await stat(usual).catch(() => undefined);
  if (there?.isDirectory() === true) return { path: usual, [Symbol.asyncDispose]: () => Promise.resolve() };
  const path = await mkdtemp(join(tmpdir(), "fairlead-downloads-"));
  // One with something in it stays, which is what it is for.
  return { path, [Symbol.asyncDispose]: () => rmdir(path).catch(() => undefined) };
}
