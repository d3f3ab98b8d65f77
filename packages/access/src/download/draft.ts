import { FileError } from "@fairlead/core";
import { createHash } from "node:crypto";
import { lstat, mkdir, open, readdir, readFile, realpath, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isSystemError, namingFile } from "../file-error.ts";
import { isOwnerAlive, OWNER_PATTERN, thisOwner } from "./draft-owner.ts";
import { formatDraftRecord, parseDraftRecord, type DraftRecord } from "./protocol/draft-record.ts";

/** Bytes of a file's name that are part of its draft's; a longer one is hashed. */
const NAME_LIMIT_BYTES = 180;
/** Bytes of a record that are read: thousands of pieces. */
const RECORD_LIMIT_BYTES = 256 * 1024;

/**
 * A file on its way: its bytes go to a draft beside it, which takes the place of what was there once it is whole. Drafts
 * are in a folder of their own that is named after the file and the process that writes, so that one process at a time
 * writes to a file, and what a process leaves that is killed can be told from what is under way.
 *
 * What is no regular file, such as `/dev/null` or a pipe, is written directly.
 */
export class Draft {
  /** Of the file that is meant. */
  readonly path: string;
  readonly handle: FileHandle;
  /** Whether bytes can be taken back, and written anywhere. */
  readonly isSeekable: boolean;
  /** What an earlier process knew of what is there; `undefined` for a draft that begins. */
  readonly record: DraftRecord | undefined;
  readonly #place: DraftPlace | undefined;
  #isOpen = true;

  /** Use {@link openDraft}. */
  constructor(path: string, handle: FileHandle, place: DraftPlace | undefined, record: DraftRecord | undefined) {
    this.path = path;
    this.handle = handle;
    this.isSeekable = place !== undefined;
    this.record = record;
    this.#place = place;
  }

  /** Bytes that are there. */
  async size(): Promise<number> {
    return (await namingFile(this.path, "write", () => this.handle.stat())).size;
  }

  /** Writes all of it, for what is at hand. */
  async write(bytes: Uint8Array): Promise<void> {
    await namingFile(this.path, "write", () => this.handle.writeFile(bytes));
  }

  /** Takes all bytes back. */
  async clear(): Promise<void> {
    await namingFile(this.path, "write", () => this.handle.truncate(0));
  }

  /** Keeps what another process needs to go on; bytes that the record tells of are on the disk before it is. */
  async writeRecord(record: DraftRecord): Promise<void> {
    const place = this.#place;
    if (place === undefined) return;
    await namingFile(this.path, "write", async () => {
      if (record.held !== undefined) await this.handle.datasync();
      await writeFile(place.newRecord, formatDraftRecord(record), { mode: 0o600 });
      await rename(place.newRecord, place.record);
    });
  }

  /** Puts the file in its place. */
  async commit(): Promise<void> {
    const place = this.#place;
    await namingFile(this.path, "write", async () => {
      if (place !== undefined) await this.handle.datasync();
      await this.#close();
      if (place === undefined) return;
      await rename(place.content, place.target);
      await removeFolder(place.folder);
    });
  }

  /** Leaves it to the next call that resumes. Harmless after anything else. */
  async keep(): Promise<void> {
    if (!this.#isOpen) return;
    await this.#close();
    const place = this.#place;
    if (place === undefined) return;
    await removeFolder(place.kept);
    try {
      await rename(place.folder, place.kept);
    } catch (error) {
      // Something else has the name, which is left alone.
      await removeFolder(place.folder);
      throw error;
    }
  }

  /** Removes it. Harmless after anything else. */
  async discard(): Promise<void> {
    if (!this.#isOpen) return;
    await this.#close();
    if (this.#place !== undefined) await removeFolder(this.#place.folder);
  }

  async #close(): Promise<void> {
    this.#isOpen = false;
    await this.handle.close();
  }
}

/** Where the parts of a draft are. */
interface DraftPlace {
  /** The file that is meant, no link. */
  readonly target: string;
  /** Of this process; nobody else may look into it. */
  readonly folder: string;
  /** What the folder is called that is left for another. */
  readonly kept: string;
  readonly content: string;
  readonly record: string;
  readonly newRecord: string;
}

/**
 * Opens a draft for `path`. A link is followed, and permissions of a file that is replaced are kept.
 *
 * @param options.resumes whether to go on with what an earlier process left; false by default.
 * @param options.mode what the file has in any case; by default that of what is there, or of any new file.
 * @throws FileError; FILE_IN_USE when another writes to the file.
 */
export async function openDraft(
  path: string,
  { resumes = false, mode }: { readonly resumes?: boolean; readonly mode?: number } = {},
): Promise<Draft> {
  return namingFile(path, "write", async () => {
    const existing = await stat(path).catch(absent);
    if (existing?.isDirectory() === true) throw new FileError("FILE_NOT_REGULAR", { peer: path, operation: "write" });
    if (existing?.isFile() === false) return new Draft(path, await open(path, "w"), undefined, undefined);
    const place = placeFor(existing === undefined ? path : await realpath(path), await thisOwner());
    await takeFolder(path, place);
    try {
      const left = await takeOver(path, place, resumes);
      const handle = await openContent(place, mode ?? existing?.mode, left);
      return new Draft(path, handle, place, left);
    } catch (error) {
      await removeFolder(place.folder);
      throw error;
    }
  });
}

function placeFor(target: string, owner: string): DraftPlace {
  const prefix = join(dirname(target), draftPrefix(target));
  const folder = `${prefix}${owner}.part`;
  return {
    target,
    folder,
    kept: `${prefix}part`,
    content: join(folder, "content"),
    record: join(folder, "record"),
    newRecord: join(folder, "record.new"),
  };
}

/** What the names of all drafts of a file begin with. */
function draftPrefix(target: string): string {
  const name = basename(target);
  const isLong = Buffer.byteLength(name) > NAME_LIMIT_BYTES;
  return `.${isLong ? createHash("sha256").update(name).digest("hex") : name}.`;
}

async function takeFolder(path: string, { folder }: DraftPlace): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (cause) {
    throw isSystemError(cause, "EEXIST") ? inUse(path) : cause;
  }
}

/**
 * Looks at what others left, once this process's own folder can be seen by them: of two that begin at the same moment none
 * goes on rather than both.
 *
 * @returns what is known of the draft that is gone on with.
 */
async function takeOver(path: string, place: DraftPlace, resumes: boolean): Promise<DraftRecord | undefined> {
  const directory = dirname(place.target);
  const prefix = draftPrefix(place.target);
  const left: string[] = [];
  for (const name of await readdir(directory)) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(directory, name);
    const [, owner] = OWNED.exec(name.slice(prefix.length)) ?? [];
    if ((folder !== place.kept && owner === undefined) || folder === place.folder || !(await isOurs(folder))) continue;
    if (owner === undefined) left.unshift(folder);
    else if (await isOwnerAlive(owner, await silenceOf(folder))) throw inUse(path);
    else left.push(folder);
  }
  let record: DraftRecord | undefined;
  for (const folder of left) {
    if (resumes && record === undefined) record = await moveDraft(folder, place);
    await removeFolder(folder);
  }
  return record;
}

const OWNED = new RegExp(`^(${OWNER_PATTERN})\\.part$`);

async function moveDraft(from: string, place: DraftPlace): Promise<DraftRecord | undefined> {
  const [content, record] = [join(from, "content"), join(from, "record")];
  // A folder that is this user's may still come out of somebody's archive: what is written to a link is written elsewhere.
  if (!(await isPlain(content)) || !(await isPlain(record, RECORD_LIMIT_BYTES))) return undefined;
  const known = parseDraftRecord(await readFile(record, "utf8"));
  if (known === undefined) return undefined;
  try {
    await rename(content, place.content);
    await rename(record, place.record);
    return known;
  } catch (error) {
    absent(error);
    return undefined;
  }
}

/** Whether it is a file that has this name alone. */
async function isPlain(path: string, limitBytes = Number.POSITIVE_INFINITY): Promise<boolean> {
  const found = await lstat(path).catch(absent);
  return found?.isFile() === true && found.nlink === 1 && found.size <= limitBytes;
}

/** Whether a folder is this user's, and nobody else may write to it: where all may make files, they may be traps. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(absent);
  if (found?.isDirectory() !== true) return false;
  // Windows has neither: what may be written to by others is said by the folder above.
  return process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o077) === 0);
}

/** How long nothing was written to a draft. */
async function silenceOf(folder: string): Promise<number> {
  const { mtimeMs } = (await stat(join(folder, "content")).catch(absent)) ?? (await stat(folder));
  return Date.now() - mtimeMs;
}

async function openContent(
  { content }: DraftPlace,
  mode: number | undefined,
  left: DraftRecord | undefined,
): Promise<FileHandle> {
  const handle = await open(content, left === undefined ? "wx+" : "r+", 0o666);
  if (mode !== undefined) await handle.chmod(mode & 0o777);
  return handle;
}

/** Removes a draft and its folder, which stays when there is anything else in it: that is nobody's draft. */
async function removeFolder(folder: string): Promise<void> {
  for (const name of ["content", "record", "record.new"]) {
    await rm(join(folder, name), { force: true }).catch((error: unknown) => {
      if (!isSystemError(error, "ERR_FS_EISDIR")) throw error;
    });
  }
  await rmdir(folder).catch((error: unknown) => {
    if (!isSystemError(error, "ENOENT") && !isSystemError(error, "ENOTEMPTY")) throw error;
  });
}

function inUse(path: string): FileError {
  return new FileError("FILE_IN_USE", { peer: path, operation: "write" });
}

function absent(error: unknown): undefined {
  if (isSystemError(error, "ENOENT")) return undefined;
  throw error;
}
