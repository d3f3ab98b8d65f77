import { randomUUID } from "node:crypto";
import { open, realpath, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { FileError } from "../file-error.ts";

/**
 * A file that appears under its name when it is whole: bytes go to a draft beside it, which then takes the place of
 * what was there. What is no regular file, such as `/dev/null` or a pipe, is written directly.
 */
export class ReplacementFile implements AsyncDisposable {
  readonly #path: string;
  readonly #draft: string | undefined;
  readonly #handle: FileHandle;
  #open = true;

  /** Use {@link openReplacementFile}. */
  constructor(path: string, draft: string | undefined, handle: FileHandle) {
    this.#path = path;
    this.#draft = draft;
    this.#handle = handle;
  }

  /** @throws FileError */
  async write(bytes: Uint8Array): Promise<void> {
    await naming(this.#path, async () => {
      for (let at = 0; at < bytes.length; ) at += (await this.#handle.write(bytes, at)).bytesWritten;
    });
  }

  /** Puts the file in its place. @throws FileError */
  async commit(): Promise<void> {
    await naming(this.#path, async () => {
      if (this.#draft !== undefined) await this.#handle.datasync();
      await this.#close();
      if (this.#draft !== undefined) await rename(this.#draft, this.#path);
    });
  }

  /** Removes what is not committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#open) return;
    await this.#close();
    if (this.#draft !== undefined) await rm(this.#draft, { force: true });
  }

  async #close(): Promise<void> {
    this.#open = false;
    await this.#handle.close();
  }
}

/**
 * Opens a draft for `path`. A link is followed, and permissions of a file that is replaced are kept.
 *
 * @param mode what the file has in any case; `undefined` leaves that to what is there, and to the process.
 * @throws FileError
 */
export async function openReplacementFile(path: string, mode?: number): Promise<ReplacementFile> {
  return naming(path, async () => {
    const existing = await stat(path).catch(absent);
    if (existing?.isDirectory() === true) throw new FileError(`write ${path}`, "it is a directory");
    if (existing !== undefined && !existing.isFile())
      return new ReplacementFile(path, undefined, await open(path, "w"));
    const target = existing === undefined ? path : await realpath(path);
    const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}.part`);
    // Nobody may open the draft before it has the permissions of what it replaces.
    const handle = await open(draft, "wx", existing === undefined ? (mode ?? 0o666) : 0o600);
    if (existing !== undefined) await handle.chmod(mode ?? existing.mode & 0o777);
    return new ReplacementFile(target, draft, handle);
  });
}

async function naming<Result>(path: string, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (cause) {
    throw cause instanceof FileError ? cause : new FileError(`write ${path}`, cause);
  }
}

function absent(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
