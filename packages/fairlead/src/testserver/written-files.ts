import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileError } from "../file-error.ts";

/** Files that belong to a running command: whole when they appear, and gone when it ends. */
export class WrittenFiles implements AsyncDisposable {
  readonly #directories: string[] = [];
  readonly #written = new Map<string, string>();

  /** A path in a directory of our own. */
  async temporary(name: string): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), "fairlead-"));
    this.#directories.push(directory);
    return join(directory, name);
  }

  /** @throws FileError */
  async write(path: string, write: (path: string) => Promise<unknown>): Promise<void> {
    try {
      await write(path);
      this.#written.set(path, await readFile(path, "utf8"));
    } catch (cause) {
      throw new FileError(`write ${path}`, cause);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [path, text] of this.#written) {
      // Another command may have written its own there since.
      if ((await readFile(path, "utf8").catch(() => undefined)) === text) await rm(path, { force: true });
    }
    await Promise.all(this.#directories.map((path) => rm(path, { force: true, recursive: true })));
  }
}
