import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Where the certificate of the authority goes beside a manifest: `run/network.json` has `run/network.ca.pem`. */
export function caFileBeside(manifestFile: string): string {
  return join(dirname(manifestFile), `${basename(manifestFile, ".json")}.ca.pem`);
}

/** Writes a manifest as JSON that only its owner can read. */
export async function writeManifestFile(file: string, manifest: object): Promise<void> {
  await writePrivateFile(file, `${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * Writes a whole file or nothing, with mode 0600 whatever the umask: who waits for it to appear never reads a part of
 * it, and what lay there before, a link included, is replaced and not written through.
 */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  const draft = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  try {
    const handle = await open(draft, "wx", 0o600);
    try {
      await handle.chmod(0o600);
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
